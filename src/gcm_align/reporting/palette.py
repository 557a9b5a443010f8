"""The colours of figures, of the narrative report and of highlights.

Five ordered tints, pale to dark, that stay in order in grey; red is for contradictions
alone. Each pair is background and ink and passes WCAG AA (``tests/test_pictures.py``).
"""

from __future__ import annotations

from gcm_align.reporting.marks import NOT_APPLICABLE_KEY, NOT_COUNTED_KEY, REVIEW_KEY

TINTS = {
    "0": ("#F4F4F1", "#1B1F21"),
    "1": ("#D5E7EC", "#1B1F21"),
    "2": ("#A3CDD8", "#1B1F21"),
    "3": ("#5FA9BB", "#0B0F11"),
    "4": ("#0F5A6C", "#FFFFFF"),
    REVIEW_KEY: ("#FFFFFF", "#1B1F21"),
    NOT_COUNTED_KEY: ("#FFFFFF", "#4F595D"),
    NOT_APPLICABLE_KEY: ("#E4E1DA", "#1B1F21"),
    "C1": ("#FFFFFF", "#1B1F21"),
    "C2": ("#B3261E", "#FFFFFF"),
}
RED = TINTS["C2"][0]
DARK = TINTS["4"][0]
PAPER, LINE, SOFT, INK = "#FFFFFF", "#D5DAD8", "#4F595D", "#1B1F21"
HEAD = "#22343A"  # the head of a table, with white ink
PANEL, RED_PANEL = "#F6F7F5", "#FDF1F0"  # behind what must be seen
