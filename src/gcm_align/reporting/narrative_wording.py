"""The fixed words of the narrative report and of its figures: English, in one place.

Beside ``wording.py``, which holds what every report says. Words in braces are filled in.
"""

from __future__ import annotations

from gcm_align.figures import MAX_REVIEW_SHARE
from gcm_align.reporting.numbers import percent
from gcm_align.translating import gettext as _

TITLE_MANY = "{count} documents"
SUBTITLE = (
    "What the text says, clause and page, on each of the {actions} actions under {objectives} "
    "objectives"
)
BANNER = "Calibration: {status}. {note}"
CONTENTS = "Contents"
PAGE_OF = "Page {page} of {pages}"
RUNNING_HEAD = "{framework}: {title}"
FACTS = {
    "date": "Read on",
    "documents": "Documents",
    "pages": "Pages",
    "version": "Made with",
    "schema": "Schema",
}
MADE_WITH = "gcm-align {package}"

HEADINGS = {
    "messages": "Key messages",
    "documents": "Documents",
    "overview": "Overview",
    "contradictions": "Contradictions and tensions",
    "objectives": "Objective by objective",
    "principles": "Guiding principles",
    "method": "Method and limits",
    "levels": "Levels",
    "verdicts": "How the verdicts are made",
    "limits": "Limits",
    "unread": "Pages and files that were not read",
    "annex": "Annex: the {count} actions",
    "manifest": "Manifest of the run",
    "key_figures": "Key figures",
    "figures_of": "Figures by objective: {label}",
    "counter": "Counter-provisions",
    "found": "Clauses found",
    "gaps": "Gaps, with their nearest clause",
}
COLUMNS = {
    "document": "Document",
    "title": "Title",
    "language": "Language",
    "pages": "Pages",
    "read": "Read",
    "passages": "Passages",
    "objective": "Objective",
    "action": "Action",
    "level": "Level",
    "clause": "Clause",
    "principle": "Principle",
    "review": "NR",
    "not_counted": "–",  # noqa: RUF001
    "tension": "C1",
    "contradiction": "C2",
    "n": "n",
    "gaps": "Gaps",
    "file": "File",
    "what": "What",
    "why": "Why",
    "name": "Name",
    "value": "Value",
}
MEASURES_SHORT = {"breadth": "Breadth", "depth": "Depth", "delivery": "Delivery"}
NO_HEADLINE = "no headline"
ALL_ACTIONS = "All actions"
ALL_OBJECTIVES = "Headline, mean over {count} objectives"
KEY_NOTE = (
    "Breadth: partial or better; depth: addressed or better; delivery: operationalised. The "
    "headline is the mean over the {count} objectives, each weighing the same; below it, each "
    "action weighs the same, of n. A range is what review may still change; there is no headline "
    "where over {limit} needs review. Documents stand in the order given and are not ranked."
)
MESSAGE_C2 = "▲ C2 {action} "
MESSAGE_C2_WHY = "{text}: the text orders the opposite."
NO_C2 = "No contradiction (C2) was flagged."
STRONGEST = "The text goes furthest on {objectives}."
NO_STRENGTH = "No objective has an action at partial or better."
SILENT = "No action is at partial or better, even after review, on {objectives}."
SILENT_ALL = "No action reaches it even after review."
UNREAD_PAGES = "{count} of {pages} pages gave no text ({where}): nothing is claimed about them."
SKIPPED = "Files that were not read: {paths}."
READ_WITH_THIS = "Read with this in mind"
SHARE_READ_NOTE = "Read: pages with text over pages that have anything to read."
LEVELS_NOTE = (
    "Counts of actions: 0 gap, 1 mentioned, 2 partial, 3 addressed, 4 operationalised, NR needs "
    "review, – not counted or not applicable. n is the denominator of the shares; "  # noqa: RUF001
    "– stands outside it."  # noqa: RUF001
)
COUNTER_NOTE = (
    "A counter-provision is shown beside the level and never offset by a supportive clause "
    "elsewhere."
)
NO_FLAG = (
    "No clause was flagged. The machine knows common counter-provisions only: silence here is no "
    "proof that there is none."
)
NO_QUOTE = "No quote was kept."
FLAG_TITLE = {"C1": "△ C1 tension", "C2": "▲ C2 contradiction"}
FLAG_SIGN = {"C1": "△", "C2": "▲"}
SUPPORTIVE = "Level from the supportive clauses of the same text: {sign} {name}."
CHAPTER_LINE = "{reached} of {n} at partial or better"
CHAPTER_REVIEW = "; {count} to be reviewed"
CHAPTER_FLAGS = "; {c2} C2, {c1} C1"
ROUND_TABLE = "Round table {number}: {theme}"
SUGGESTED = "{sign} {name}; suggested {level} {level_name}"
QUOTED = "“{quote}”"
PLACE_SECTION = "{place}, {section}"
NO_CLAUSE_KEPT = "No passage is shown."
GAPS_NOTE = (
    "Not found in the text. A gap is a finding about the documents supplied, not about a State or "
    "its practice."
)
EVERYWHERE_ONE = "the document"
EVERYWHERE_MANY = "the {count} documents"
PRINCIPLE_FOUND = "{name} ({passages} passages): “{quote}”, {place}"
UNREAD_NOTE = "What could not be read is not a gap: it needs a reader, or a better copy."
ALL_READ = "Every page of every file was read."
ANNEX_NOTE = "One column a document: {keys}. ● 2? is needs review with level 2 suggested."
KEY = "D{number}"
KEY_OF = "{key} {label}"
MANIFEST_NOTE = "What made this report, enough to make it again. Source of the catalogue: {source}"
EVIDENCE_NOTE = (
    "Every passage shown as evidence, with its section and its score, stands in the workbook "
    "(matrix.xlsx) and in report.html."
)

PICTURES = {
    "levels": "Levels of the actions by objective: {label}",
    "heatmap": "Actions at partial or better, by objective and document",
    "round_tables": "Levels of the actions by round table",
    "measures": "Breadth, depth and delivery over all actions",
}
ALT_BAR = "{name}: {words}"
ALT_LEVELS = "Stacked bars of levels. {bars}."
ALT_HEATMAP = "A grid of counts, of n in brackets. {rows}."
ALT_MEASURES = "Shares with the range that review leaves. {rows}."
AXIS_SHARE = "share of the actions, %"
HEATMAP_NOTE = "count at partial or better of n · ●: to be reviewed · ▲: contradictions"
REVIEW_RANGE = "left open by review"


def key_note(objectives: int) -> str:
    """Return how the key figures are to be read."""
    return _(KEY_NOTE).format(count=objectives, limit=percent(MAX_REVIEW_SHARE))
