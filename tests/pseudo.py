"""A made translation: every message of gcm_align.pot within marks, as a real catalogue."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

POT = Path(__file__).resolve().parents[1] / "data" / "locale" / "gcm_align.pot"
OPEN, CLOSE = "⟦", "⟧"


def pseudo_folder(folder: Path) -> Path:
    """Write the catalogue of the language ``xx`` under a folder; return the folder."""
    with POT.open("rb") as file:
        source = read_po(file)
    made = Catalog(locale="en")
    for message in source:
        if not message.id:
            continue
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        marked = tuple(f"{OPEN}{text}{CLOSE}" for text in texts)
        made.add(
            message.id,
            marked if isinstance(message.id, tuple) else marked[0],
            context=message.context,
        )
    path = folder / "xx" / "LC_MESSAGES" / "gcm_align.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, made)
    return folder
