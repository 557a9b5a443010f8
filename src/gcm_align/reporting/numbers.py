"""Numbers as readers see them, in one place: shares, ranges, decimals.

The style is that of the language spoken. Files for programs (JSON, CSV, Parquet)
never come here: their numbers are plain in every language.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gcm_align.coverage import DIGITS as SAVED_DIGITS
from gcm_align.reporting.marks import is_range, whole_percent
from gcm_align.translating import ENGLISH, language

if TYPE_CHECKING:
    from gcm_align.figures import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberStyle:
    """How a language writes numbers."""

    decimal: str
    percent: str  # after the number
    to: str  # between the ends of a range


# French and Spanish stand here before their words do: CLDR 46, standard number patterns.
STYLES = {
    ENGLISH: NumberStyle(decimal=".", percent="\u00a0%", to="\u2013"),
    "fr": NumberStyle(decimal=",", percent="\u202f%", to="\u2013"),
    "es": NumberStyle(decimal=",", percent="\u00a0%", to="\u2013"),
}


def spoken_style() -> NumberStyle:
    """Return how the language spoken writes numbers; as English where it is not listed."""
    return STYLES.get(language().partition("-")[0], STYLES[ENGLISH])


def terminal_style() -> NumberStyle:
    """Return the same with plain keyboard signs, to be copied and searched."""
    return replace(spoken_style(), percent=" %", to="-")


def decimal(value: float, digits: int = 2, style: NumberStyle | None = None) -> str:
    """
    Return a number with a fixed count of decimals.

    It is rounded first as a saved report rounds it: read again, it prints the same.
    """
    return f"{round(value, SAVED_DIGITS):.{digits}f}".replace(
        ".", (style or spoken_style()).decimal
    )


def percent(share: float, style: NumberStyle | None = None) -> str:
    """Return a share in [0, 1] as a whole percentage: ``51 %``."""
    return f"{whole_percent(share)}{(style or spoken_style()).percent}"


def share_words(share: Share, style: NumberStyle | None = None) -> str:
    """Return a share, with both ends where review leaves a range: ``51-60 %``."""
    style = style or spoken_style()
    if not is_range(share):
        return percent(share.lower, style)
    return f"{whole_percent(share.lower)}{style.to}{percent(share.upper, style)}"


def count_range(reached: tuple[int, int], style: NumberStyle | None = None) -> str:
    """Return the least and the most of a count: ``4`` or ``4-9``."""
    least, most = reached
    style = style or spoken_style()
    return str(least) if least == most else f"{least}{style.to}{most}"
