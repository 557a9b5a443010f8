"""gcm-align: what a policy or law says about each action of the Global Compact for Migration."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gcm_align.alignment import Alignment
    from gcm_align.catalogue import Framework, load_catalogue
    from gcm_align.clauses import match
    from gcm_align.engine import Engine, load_engine
    from gcm_align.errors import GcmAlignError
    from gcm_align.pipeline import align
    from gcm_align.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "Alignment",
    "Engine",
    "Framework",
    "GcmAlignError",
    "Settings",
    "__version__",
    "align",
    "load_catalogue",
    "load_engine",
    "match",
]

# Loaded when first used, so that importing the package stays light.
_HOMES = {
    "Alignment": "gcm_align.alignment",
    "Engine": "gcm_align.engine",
    "Framework": "gcm_align.catalogue",
    "GcmAlignError": "gcm_align.errors",
    "Settings": "gcm_align.settings",
    "align": "gcm_align.pipeline",
    "load_catalogue": "gcm_align.catalogue",
    "load_engine": "gcm_align.engine",
    "match": "gcm_align.clauses",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
