"""Word lists of ``data/lexicons``, compiled to patterns.

A lexicon is a JSON object: name -> list of regular expression fragments. A fragment may
name another list of the same file in angle brackets, ``<person>``, which stands for any
of its fragments; so a rule reads as a frame with slots, and a synonym is added once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gcm_align.errors import ArtifactError

_SLOT = re.compile(r"<([a-z_]+)>")


@cache
def load_lexicon(name: str) -> Mapping[str, Any]:
    """
    Read one JSON file of ``data/lexicons``, from a wheel or from the source tree.

    Raises:
        ArtifactError: The file is missing.
    """
    packaged = Path(str(files("gcm_align"))) / "data" / "lexicons" / f"{name}.json"
    source = Path(__file__).resolve().parents[2] / "data" / "lexicons" / f"{name}.json"
    for path in (packaged, source):
        if path.is_file():
            content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return content
    raise ArtifactError(
        "A word list is missing",
        value=str(source),
        expected="a JSON file that comes with the package",
        hint="Install gcm-align again.",
    )


def expand(fragment: str, lists: Mapping[str, list[str]]) -> str:
    """Replace every ``<slot>`` in a fragment by its alternatives, to any depth."""
    return _SLOT.sub(lambda m: alternatives(lists[m.group(1)], lists), fragment)


def alternatives(fragments: list[str], lists: Mapping[str, list[str]]) -> str:
    """Return one non-capturing group that matches any of the fragments."""
    return "(?:" + "|".join(expand(f, lists) for f in fragments) + ")"


@cache
def pattern(lexicon: str, name: str, *, case: bool = False) -> re.Pattern[str]:
    """
    Compile one list of a lexicon, bounded by non-word characters.

    Args:
        lexicon: File name without its suffix.
        name: Key of the list in the file's ``lists``.
        case: Tell upper from lower case.
    """
    lists: Mapping[str, list[str]] = load_lexicon(lexicon)["lists"]
    flags = re.NOFLAG if case else re.IGNORECASE
    return re.compile(rf"(?<!\w){alternatives(lists[name], lists)}(?!\w)", flags)
