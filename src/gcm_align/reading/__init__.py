"""Files to documents of the formats in ``sniffing.READ``, told apart by their content."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gcm_align.reading.collecting import Collection, Source, collected
    from gcm_align.reading.reader import read_document
    from gcm_align.reading.sandbox import read_apart

__all__ = ["Collection", "Source", "collected", "read_apart", "read_document"]

# Loaded when first used: the command line asks here for the names of the formats alone.
_HOMES = {
    "Collection": "collecting",
    "Source": "collecting",
    "collected": "collecting",
    "read_apart": "sandbox",
    "read_document": "reader",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
