"""The words of workbooks: sheets, headings, and cells that hold words of ours.

Headings come from the names of columns, which stay English in CSV and Parquet. A sheet's name
has 31 characters at most and none of ``[]:*?/`` or a backslash, in any language.
"""

from __future__ import annotations

import pandas as pd

from gcm_align.translating import gettext as _

MAX_SHEET = 31  # Excel's limit of a sheet's name
MAX_TITLE, MAX_MESSAGE = 32, 255  # and of what is said beside a cell

SHEETS = {
    "figures": "Key figures",
    "matrix": "Matrix",
    "evidence": "Evidence",
    "gaps": "Gaps",
    "contradictions": "Contradictions",
    "principles": "Principles",
    "unread": "Unread & skipped",
    "manifest": "Manifest",
    "comparison": "Comparison",
    "incoherence": "Incoherence",
    "method": "Method",
}
TITLE = "What the text says on the actions"
BOOK_TITLE = "Alignment matrix"
TAKE_ONE = "Take one of: {values}."
NOTE_HINT = ("Note", "Anything worth keeping.")
REASON_HINT = ("Reason", "Why. Required for NA.")
CUT = " [cut]"

# What heading() makes of the columns' names.
WORDS_OF_COLUMNS = (
    *("Document", "Action", "Paragraph", "Objective", "Action text", "Level", "Level name"),
    *("Contradiction", "Quote", "Page", "Section", "Elements found", "Elements missing", "Body"),
    *("Time", "Resources", "Indicator", "Sanction", "Confidence", "Probability", "Reason"),
    *("Status", "Reviewer level", "Review reason", "Note", "Reviewer", "Nearest quote"),
    *("Nearest page", "Counter quote", "Counter page", "Counter section", "Suggested level"),
    *("Evidence count", "Applicability", "Applicability reason", "Counted", "Machine level"),
    *("Reviewed at", "Review state", "Evidence digest", "Row check", "Entry check", "Rank"),
    *("Score", "Page label", "Force", "Force words", "Context", "Verified", "Counter"),
    *("Nearest section", "Nearest covers", "Nearest lacks", "Sectors", "Carried by"),
    *("Narrative", "Principle", "Present", "Passages", "Words", "Scope", "N", "Gap"),
    *("Mentioned", "Partial", "Addressed", "Operationalised", "Needs review", "Not counted"),
    *("Tension", "Breadth lower", "Breadth upper", "Depth lower", "Depth upper"),
    *("Delivery lower", "Delivery upper", "File", "What", "Pages", "Why", "Name", "Value"),
    *("Report", "Country", "Figure", "Actions", "Change", "May rise", "Coherence", "Conflicts"),
    *("Verdicts", "Flags", "Carries", "Against", "Same clause", "Same words", "Cause"),
    *("Before level", "Before level name", "Before suggested", "Before contradiction"),
    *("Before quote", "Before marked", "Before page", "Before section", "Before quote is"),
    *("After level", "After level name", "After suggested", "After contradiction"),
    *("After quote", "After marked", "After page", "After section", "After quote is"),
    *("Before machine level", "Before reviewer", "Before decision", "After machine level"),
    *("After reviewer", "After decision", "Reviews"),
)
# Words of cells that stand in no other module of words.
WORDS_OF_CELLS = (
    *("headline", "all actions", "headline, machine only", "all actions, machine only"),
    *("yes", "no", "counts", "warning", "method", "limit"),
)
OBJECTIVE, SCOPE = "objective ", "objective {number}"
# Columns that hold words of ours; what they hold in English is data of CSV and Parquet.
WORD_COLUMNS = {
    *("level_name", "confidence", "status", "applicability", "review_state", "force", "present"),
    *("scope", "figure", "change", "cause", "coherence", "carries", "what"),
}
WORD_ENDINGS = ("_level_name", "_quote_is", "_decision")


def sheet_name(name: str) -> str:
    """Return the name of a sheet by its key in SHEETS."""
    return _(SHEETS[name])[:MAX_SHEET]


def heading(column: str) -> str:
    """Return the heading of a column: ``nearest_page`` becomes ``Nearest page``."""
    return _(column.replace("_", " ").capitalize())


def spoken(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose words of ours are those of the language spoken."""
    said = {name: frame[name].map(_said) for name in map(str, frame) if _holds_words(name)}
    return frame.assign(**said) if said else frame


def _holds_words(column: str) -> bool:
    return column in WORD_COLUMNS or column.endswith(WORD_ENDINGS)


def _said(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.startswith(OBJECTIVE):
        return _(SCOPE).format(number=value.removeprefix(OBJECTIVE))
    return _(value)
