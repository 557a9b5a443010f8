"""The fixed words of a comparison, in one place, as wording.py has those of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gcm_align.comparing.changes import Cause, Kind
from gcm_align.comparing.documents import Conflict, Together
from gcm_align.comparing.sources import Mismatch, Party, Source
from gcm_align.gaps import page_words
from gcm_align.reporting import review_wording
from gcm_align.reporting.unread import page_list
from gcm_align.translating import gettext as _
from gcm_align.types import Contradiction, Level, Report, ReviewMark

MODES = ("drafts", "documents", "countries")
TITLES = {
    "drafts": "Two drafts of one text",
    "documents": "Documents read together",
    "countries": "Countries side by side",
}
KIND_WHEN = {
    Kind.NEW_CONTRADICTION: "A clause of the new draft orders the opposite of the action (C2); "
    "in the old draft none was flagged so.",
    Kind.NEW_TENSION: "A clause of the new draft narrows the action (C1) and may be lawful; "
    "in the old draft none was flagged so.",
    Kind.LOST: "Carried by the old draft (partial or better), not by the new one.",
    Kind.WEAKENED: "At a lower level than before, without being lost.",
    Kind.GAINED: "Carried by the new draft (partial or better), not by the old one.",
    Kind.STRENGTHENED: "At a higher level than before, without being new.",
    Kind.RESOLVED_CONTRADICTION: "The old draft held a clause that ordered the opposite "
    "(C2); in the new one no clause is flagged so.",
    Kind.RESOLVED_TENSION: "The old draft held a clause that narrowed the action (C1); "
    "in the new one no clause is flagged so.",
    Kind.REWORDED: "The same level; the clause no longer stands in its old words.",
    Kind.UNTOLD: "The verdict needs review in one draft or both, pages were not read, the same "
    "clauses stand at two levels that compete, or a reviewer found the action not applicable in "
    "one draft: neither gain nor loss is claimed. The suggested levels are where a reviewer would "
    "start.",
}
UNCHANGED_WHEN = (
    "Decided in both drafts with the same level, and the clause still stands. Text that only "
    "moved, took another number or was laid out anew is no change."
)
UNTOLD_WHY = {
    Cause.REVIEW: "needs review",
    Cause.UNREAD: "pages of a draft were not read",
    Cause.NOT_APPLICABLE: "a reviewer found it not applicable in one draft",
    Cause.SAME_CLAUSES: "the same clauses, at levels that compete",
}
DRAFT_LEAD = (
    "What the new draft gained, lost, weakened or strengthened, action by action, with both quotes."
)
DRAFT_METHOD = (
    (
        "Levels are compared action by action. Lost and gained are about carrying an action, "
        "from partial on; `gcm-align check` reports as lost-action every fall from addressed to "
        "partial or less."
    ),
    (
        "Clauses are the same where their letters and digits are. Layout, hyphens, pages, a "
        "clause's own number and its place in the text never count as a change."
    ),
    (
        "Words are marked where both quotes are wordings of one clause: [-removed-] and "
        "[+added+]. Otherwise another clause is shown, unmarked, with what it is to the action."
    ),
    (
        "Reports are compared, not files: of each draft the clauses that its report quotes are "
        "known, up to five an action. A clause that stands unquoted is not seen."
    ),
    "One edit can change several actions, since a clause can speak to several.",
    "What needs review, or may stand on a page that was not read, is neither gained nor lost.",
)
DOCUMENT_LEAD = (
    "What the documents say together: the best level of each action with the document that "
    "carries it, and where one document narrows or opposes what another carries."
)
DOCUMENT_METHOD = (
    (
        "The best level of an action is the highest that is decided in any document. “May rise” "
        "names documents that need review and are suggested higher."
    ),
    (
        "Where no document is decided above gap and one needs review, no gap is claimed: the "
        "action needs review."
    ),
    (
        "Incoherent: one document carries the action at partial or better, and another holds a "
        "clause flagged C1 or C2 on it. Possibly incoherent: the same, where the carrying level "
        "needs review. Which text prevails is a question of law, and none is answered here."
    ),
)
COUNTRY_LEAD = (
    "Countries stand in the order given and are not ranked: each column says what the texts "
    "supplied for it say, and nothing on practice or on texts not supplied."
)
COUNTRY_METHOD = (
    (
        "Countries are not ranked. They stand in the order given; texts of other kinds, lengths "
        "and numbers cannot be weighed against each other."
    ),
    *DOCUMENT_METHOD[:2],
)
METHODS = {
    "drafts": DRAFT_METHOD,
    "documents": DOCUMENT_METHOD,
    "countries": COUNTRY_METHOD,
}
TWICE = {
    "drafts": "One action can stand in two groups: a flag and a level.",
    "documents": "The levels and what needs review add up; incoherence stands beside them.",
}
SILENT = {
    "documents": "Not found in any of the documents (gap):",
    "countries": "Not found in the documents of any of the countries (gap):",
}
FLAGS = (Contradiction.CONTRADICTION, Contradiction.TENSION)
SAME_WORDS = "The clause stands in both drafts in the same words."
NO_CLAUSE = "No such clause among those that the report quotes."
NO_GAP = "what it does not say here is no gap."
# Words that the results hold in English, as data; said in the reader's language.
WORDS_OF_RESULTS = (
    *("new contradiction", "new tension", "lost", "weakened", "gained", "strengthened"),
    *("resolved contradiction", "resolved tension", "reworded", "cannot be told", "unchanged"),
    *("incoherent", "possibly incoherent", "needs review, suggested"),
    *("carries the action", "speaks to the action, undecided", "nearest, does not carry it"),
    *("counter-provision", "closest wording in this draft"),
)
SIDES = ("before", "after")
MADE_BY = {
    "package": "versions of gcm-align",
    "schema": "schema versions",
    "encoder": "models",
    "calibrator": "calibrators",
    "settings": "settings",
}


def verdict_words(source: Source, action: str) -> str:
    """Return a document's verdict on an action, and who gave it where a reviewer did."""
    item = source.assessments[action]
    level = item.level if item.applicable else None
    told = level_words(level, item.suggested, applicable=item.applicable)
    return told + review_note(source.reviews.get(action))


def review_note(mark: ReviewMark | None) -> str:
    """Return in brackets who gave a level and what the machine says; empty without a review."""
    if mark is None:
        return ""
    what = _(review_wording.DECISION_WORDS[mark.decision])
    if mark.level is not None:
        what += f" {review_wording.level_words(mark.level)}"
    machine = review_wording.level_words(mark.machine_level)
    told = _("reviewer {reviewer}: {what}; machine: {machine}").format(
        reviewer=mark.reviewer, what=what, machine=machine
    )
    return f" [{told}]"


def reviews_words(row: Together) -> str:
    """Return the verdicts of an action that reviewers gave, each with its document."""
    return "; ".join(
        f"{source.label}{review_note(source.reviews[row.action.id])}"
        for source, _item in row.verdicts
        if row.action.id in source.reviews
    )


def reviewed_lines(parties: Sequence[Party]) -> list[str]:
    """Return for each document with reviews how many of its verdicts are a reviewer's."""
    return [
        _("{document}: {count} verdicts were given by a reviewer ({names}).").format(
            document=source.label,
            count=len(source.reviews),
            names=", ".join(sorted({mark.reviewer for mark in source.reviews.values()})),
        )
        + " "
        + _("The machine's level stands beside each.")
        for party in parties
        for source in party.sources
        if source.reviews
    ]


def level_words(level: Level | None, suggested: Level, *, applicable: bool = True) -> str:
    """Return a level by number and name, or that it needs review with the suggestion."""
    if not applicable:
        return _("not applicable")
    if level is None:
        return _("needs review (suggested: {number} {name})").format(
            number=int(suggested), name=_(suggested.label)
        )
    return f"{int(level)} {_(level.label)}"


def open_words(row: Together, *, short: bool = False) -> str:
    """
    Return the documents in which review may lift an action, with their suggestions.

    Args:
        row: The action over documents.
        short: Whether the name of the report is left out, where it stands above already.
    """
    return "; ".join(
        _("{document} (suggested: {number} {name})").format(
            document=source.document.name if short else source.label,
            number=int(level),
            name=_(level.label),
        )
        for source, level in row.open
    )


def conflict_words(conflict: Conflict) -> str:
    """Return a disagreement of two documents in one sentence, with both quotes."""
    level = conflict.level.label if conflict.level is not None else "needs review, suggested"
    carried = (
        f" “{conflict.clause.quote}”, {page_words(conflict.clause)}" if conflict.clause else ""
    )
    carried = review_note(conflict.review) + carried
    counter = (
        f" “{conflict.counter.quote}”, {page_words(conflict.counter)}" if conflict.counter else ""
    )
    return _(
        "{carries} carries it ({level}){carried}; {against} holds a clause flagged {flag}{counter}"
    ).format(
        carries=conflict.carries.label,
        level=_(level),
        carried=carried,
        against=conflict.against.label,
        flag=conflict.flag.value,
        counter=counter,
    )


def flag_words(row: Together) -> str:
    """Return the flags of an action with the documents that hold them, C2 first."""
    return "; ".join(
        f"{flag.value} {source.label}"
        for flag in FLAGS
        for source, item in row.verdicts
        if item.contradiction == flag
    )


def warnings(mismatches: Sequence[Mismatch], reports: Mapping[str, Report]) -> list[str]:
    """Return what the reader must know before the figures: other instruments, unread text."""
    found = [mismatch_words(item) for item in mismatches]
    for label, report in reports.items():
        found += [
            (
                _("{label}: {path} was read up to page {page} only: {silence}")
                if item.page
                else _("{label}: {path} could not be read: {silence}")
            ).format(label=label, path=item.path, page=item.page, silence=_(NO_GAP))
            for item in report.skipped
        ]
        found += [
            (
                _("{label}, pages {pages} gave no text: silence is not claimed of them.")
                if document.name == label
                else _(
                    "{label}: {document}, pages {pages} gave no text: silence is not claimed of "
                    "them."
                )
            ).format(
                label=label,
                document=document.name,
                pages=page_list(document.quality.pages_unread),
            )
            for document in report.documents
            if document.quality.pages_unread
        ]
    return found


def mismatch_words(mismatch: Mismatch) -> str:
    """Return the warning on reports that were not made with the same instrument."""
    values = " / ".join(mismatch.values)
    return _(
        "The reports were made with other {what} ({values}): a difference may be the instrument's "
        "and not the text's. Analyse all files again with one version."
    ).format(what=_(MADE_BY[mismatch.what]), values=values)
