"""When the machine abstains: an unread language, unread pages, levels that compete."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gcm_align.calibration import LEVELS, risk, wrong_for
from gcm_align.settings import Settings
from gcm_align.types import Document, Level

READABLE_LANGUAGES = frozenset({"en", "und"})  # what the default encoder was trained on


def review_reason(
    document: Document, level: Level, chances: npt.NDArray[np.float64], settings: Settings
) -> str:
    """
    Say why a person must look, or nothing.

    Args:
        document: Its language and pages decide whether anything can be claimed.
        level: The level that would be given.
        chances: Probability of each of :data:`gcm_align.calibration.LEVELS`. Shape: (4,).
        settings: The risk that is borne, and the share of pages that silence needs.
    """
    if reason := unread_language(document):
        return reason
    if level is Level.GAP and (reason := too_little_read(document, settings)):
        return reason
    if risk(chances, level) < settings.most_risk:
        return ""
    return _doubt(level, chances)


def unread_language(document: Document) -> str:
    """Say that the model does not read the document's language, or nothing."""
    if document.language in READABLE_LANGUAGES:
        return ""
    return (
        f"The text is in a language that this model does not read ({document.language}); "
        "nothing can be claimed."
    )


def too_little_read(document: Document, settings: Settings) -> str:
    """Say that silence cannot be claimed of a document, or nothing."""
    quality = document.quality
    if quality.share_read >= settings.gap_min_share_read:
        return ""
    return (
        f"Only {quality.pages_read} of {quality.pages} pages could be read; "
        "silence in the rest cannot be claimed."
    )


def _doubt(level: Level, chances: npt.NDArray[np.float64]) -> str:
    """Name the likeliest levels on the two sides of the doubt, with their probabilities."""
    wrong = wrong_for(level)
    here = LEVELS[int(np.argmax(np.where(wrong, -1, chances)))]
    other = LEVELS[int(np.argmax(np.where(wrong, chances, -1)))]
    first, second = sorted((here, other))
    return (
        f"{first.label.capitalize()} ({100 * chances[first]:.0f} %) and {second.label} "
        f"({100 * chances[second]:.0f} %) compete; the passages must be read."
    )
