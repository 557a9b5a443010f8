"""``report.pdf``: the narrative report, tagged, with bookmarks, the same bytes each time.

The one importer of typst. The words travel as JSON and are text to the template, never
markup; fonts come with typst and matplotlib, so that every machine prints the same.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from gcm_align.reporting.docx_text import clean, timestamp
from gcm_align.reporting.palette import DARK, HEAD, INK, LINE, PANEL, RED, RED_PANEL, SOFT, TINTS
from gcm_align.reporting.story import Part, Picture, Story, Table

LOOK = {
    "ink": INK,
    "soft": SOFT,
    "line": LINE,
    "dark": DARK,
    "head": HEAD,
    "red": RED,
    "panel": PANEL,
    "red-panel": RED_PANEL,
    "tints": TINTS,
}


def pdf_of(story: Story) -> bytes:
    """
    Print a story as a tagged PDF with title, language and outline.

    It is PDF/UA-1 (ISO 14289) where the fonts hold every letter of the documents, as they
    do for Latin, Greek, Cyrillic and Arabic; elsewhere it does not claim to be.
    """
    import typst

    with tempfile.TemporaryDirectory(prefix="gcm-align-") as folder:
        root = Path(folder)
        _lay_out(story, root)
        options: dict[str, Any] = {
            "root": root,
            "font_paths": [_fonts()],
            "ignore_system_fonts": True,
            "timestamp": timestamp(story.date).replace(tzinfo=dt.UTC),
        }
        try:
            pdf = typst.compile(root / "report.typ", pdf_standards=["ua-1"], **options)
        except typst.TypstError:  # a letter that no font has
            pdf = typst.compile(root / "report.typ", **options)
    assert isinstance(pdf, bytes)
    return pdf


def _lay_out(story: Story, root: Path) -> None:
    """Write what the template reads: the story as JSON, the pictures as SVG."""
    parts = [_part(part) for part in story.parts]
    data = asdict(replace(story, parts=())) | {"look": LOOK, "parts": parts}
    data["language"] = story.language.partition("-")[0]  # typst takes the region elsewhere
    text = json.dumps(_printable(data), ensure_ascii=False)
    (root / "story.json").write_text(text, encoding="utf-8")
    for part in story.parts:
        if isinstance(part, Picture):
            (root / f"{part.name}.svg").write_bytes(part.svg)
    template = files("gcm_align.reporting") / "templates" / "report.typ"
    (root / "report.typ").write_bytes(template.read_bytes())


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Picture):
        return {"kind": "picture", "name": part.name, "caption": part.caption, "alt": part.alt}
    values = asdict(part) | {"kind": type(part).__name__.lower()}
    if isinstance(part, Table):
        values["numbers"] = sorted(part.numbers)
    return values


def _printable(value: Any) -> Any:
    """Return the same data with every text fit to be printed."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(item) for item in value]
    return value


def _fonts() -> Path:
    """Return the folder with the DejaVu fonts that matplotlib brings."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"
