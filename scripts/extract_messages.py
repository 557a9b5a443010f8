"""Write data/locale/gcm_align.pot: every message that a translation must hold.

Messages are the arguments of ``_()`` and its kin in the package and in its templates, and
every string of the wording modules, whose constants are translated where they are printed.
Lines are not noted, so that the file changes only when a message does.

    python scripts/extract_messages.py [--check]
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "gcm_align"
POT = ROOT / "data" / "locale" / "gcm_align.pot"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}
WORDING = ("wording", "strings")  # how the modules of constants are called
FIXED_DATE = dt.datetime(2018, 12, 19, tzinfo=dt.UTC)  # the endorsement; a day that stays

Message = tuple[str, str | tuple[str, ...], str | None]  # place, message or its forms, context


def main() -> int:
    """Write the file, or say whether it is the one that would be written."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if out of date")
    wanted = pot_bytes()
    if parser.parse_args().check:
        return int(not POT.is_file() or POT.read_bytes() != wanted)
    POT.parent.mkdir(parents=True, exist_ok=True)
    POT.write_bytes(wanted)
    return 0


def pot_bytes() -> bytes:
    """Return the file; the same sources give the same bytes."""
    catalog = Catalog(project="gcm-align", charset="utf-8", creation_date=FIXED_DATE)
    catalog.header_comment = "# Messages of gcm-align. Written by scripts/extract_messages.py."
    for place, message, context in messages():
        catalog.add(message, locations=[(place, 0)], context=context)
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, sort_output=True, include_lineno=False)
    # Another version of the library writes the same messages.
    lines = buffer.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(b'"Generated-By'))


def messages() -> Iterator[Message]:
    """Yield each message with its place, in the order of the files' names."""
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in {".py", ".j2"}:
            continue
        place = path.relative_to(ROOT).as_posix()
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        with path.open("rb") as file:
            for _line, found, _comments, context in extract(
                method, file, keywords=KEYWORDS, options=OPTIONS
            ):
                if found:
                    yield place, found, context
        if path.suffix == ".py" and path.stem.endswith(WORDING):
            for text in constants(path):
                yield place, text, None


def constants(path: Path) -> Iterator[str]:
    """Yield the strings that a module's constants hold; keys of tables are no words."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            yield from _strings(node.value)


def _strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if any(letter.isalpha() for letter in node.value):
            yield node.value
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _strings(value)
    elif isinstance(node, ast.Starred):
        yield from _strings(node.value)
    elif isinstance(node, (ast.Tuple, ast.List)):
        for value in node.elts:
            yield from _strings(value)


if __name__ == "__main__":
    raise SystemExit(main())
