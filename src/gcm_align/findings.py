"""What a gate acts on: rules, findings, and the exit code that follows from them.

A finding is about a text at a place. Its fingerprint is made of the rule, the document's
path and the words (or the action) that it is about, never of a page or a line, so that
re-flowed text, another hyphenation or a moved page leave it as it is.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gcm_align.errors import EXIT_CLEAN, EXIT_GATE_FAILED, EXIT_INTERNAL, EXIT_UNASSESSED

FINGERPRINT_DIGITS = 16  # 64 bits: two of a million findings share one once in 30 million runs
INTERNAL = "InternalError"  # the error's name where a fault of ours stopped an assessment


class Severity(StrEnum):
    """How much a finding weighs; a rule that is off finds nothing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    OFF = "off"


WEIGHT = {Severity.OFF: 0, Severity.NOTE: 1, Severity.WARNING: 2, Severity.ERROR: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of finding, with what it means and what to do."""

    id: str
    severity: Severity  # unless the configuration says otherwise
    title: str
    help: str


RULES = (
    Rule(
        id="new-contradiction",
        severity=Severity.ERROR,
        title="A clause orders the opposite of an action",
        help="A clause that the baseline does not hold is flagged C2: it orders the opposite of "
        "one or more actions. A reworded clause counts as new. Change the clause, or accept it "
        "with `gcm-align baseline write`, or suppress the finding in the baseline with a reason.",
    ),
    Rule(
        id="new-tension",
        severity=Severity.WARNING,
        title="A clause narrows an action",
        help="A clause that the baseline does not hold is flagged C1: it narrows an action and "
        "may be lawful. Read it beside the action; accept it with `gcm-align baseline write`.",
    ),
    Rule(
        id="lost-action",
        severity=Severity.ERROR,
        title="An action that was addressed no longer is",
        help="The baseline holds a firm clause (level addressed or operationalised) for the "
        "action; the document now reaches partial at most, or is gone. A verdict that needs "
        "review counts where addressed is as good as ruled out, and never where pages are unread. "
        "Restore the clause, or accept the loss with `gcm-align baseline write`.",
    ),
    Rule(
        id="weakened-action",
        severity=Severity.WARNING,
        title="An action is carried more weakly than before",
        help="The level fell against the baseline without an addressed action being lost: "
        "operationalised to addressed, partial to mentioned or gap, or a verdict that now needs "
        "review.",
    ),
    Rule(
        id="required-action",
        severity=Severity.ERROR,
        title="A required action or objective is missing",
        help="The configuration requires the action, or one action of the objective, at a level "
        "that the text does not reach. Not found in the text: the Compact's actions are a menu, "
        "and the requirement is your own.",
    ),
    Rule(
        id="breadth-floor",
        severity=Severity.ERROR,
        title="Breadth is under the floor",
        help="The share of actions at partial or better (mean over the objectives) is under "
        "`min-breadth` even where every verdict that needs review is counted as suggested.",
    ),
    Rule(
        id="depth-floor",
        severity=Severity.ERROR,
        title="Depth is under the floor",
        help="The share of actions at addressed or better (mean over the objectives) is under "
        "`min-depth` even where every verdict that needs review is counted as suggested.",
    ),
    Rule(
        id="unread-document",
        severity=Severity.ERROR,
        title="A document could not be assessed",
        help="The file could not be read, no page gave text, its language is not read, or the "
        "time budget ended first. Nothing is claimed of it, least of all a gap. As an error it "
        "gives exit code 3 unless --allow-unassessed is given.",
    ),
    Rule(
        id="poorly-read",
        severity=Severity.WARNING,
        title="A part of a document could not be read",
        help="The share of pages read is under `min-share-read`. Silence is not claimed of what "
        "was not read. Give a file with a text layer.",
    ),
    Rule(
        id="review-share",
        severity=Severity.WARNING,
        title="Too many verdicts need review",
        help="The share of counted actions that need review is over `max-review-share`. An "
        "analyst should read the nearest clauses before the figures are used.",
    ),
    Rule(
        id="suspect-review",
        severity=Severity.WARNING,
        title="A reviewed clause has changed",
        help="A reviewer decided on words that the document no longer holds as evidence for the "
        "action. Review again, and write the new digest, date and reason.",
    ),
    Rule(
        id="expired-suppression",
        severity=Severity.WARNING,
        title="A suppression has expired",
        help="The date of a suppression in the baseline has passed, so its finding counts again. "
        "Mend the text, or renew the suppression with a fresh reason.",
    ),
)
RULE_BY_ID = {rule.id: rule for rule in RULES}
UNREAD = "unread-document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a document; 0 where the source has no pages or lines to name."""

    page: int = 0
    line: int = 0
    end_line: int = 0
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a rule found."""

    rule_id: str
    severity: Severity
    message: str  # one sentence or two, without the place
    document: str  # path from the root, with slashes; "" where it is about all documents
    fingerprint: str
    place: Place = Place()
    actions: tuple[str, ...] = ()
    quote: str = ""  # the words of the text, verbatim
    before: str = ""  # the words that the baseline holds
    error: str = ""  # name of the error that stopped the assessment
    suppressed: str = ""  # the reason of a suppression in force
    suppressed_until: str = ""  # its last day, ISO 8601


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentOutcome:
    """One document of a check: what was found in it, in numbers."""

    path: str
    assessed: bool
    language: str = ""
    pages: int = 0
    pages_read: int = 0
    levels: tuple[int, ...] = ()  # counted actions decided at level 0 to 4
    needs_review: int = 0
    tension: int = 0
    contradiction: int = 0
    gained: int = 0  # actions at a higher level than in the baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The whole result of a check, as every format prints it."""

    package: str
    made_with: Mapping[str, str]  # catalogue, model and the digest of all that decides a verdict
    rules: Mapping[str, Severity]  # severity of every rule in this check
    fail_on: Severity
    allow_unassessed: bool
    baseline: str  # path from the root; "" where there is none
    documents: tuple[DocumentOutcome, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()  # what the reader must know of the run itself
    prefix: str = ""  # path from the repository to the root; "" where they are the same

    def active(self) -> tuple[Finding, ...]:
        """Return the findings that no suppression covers."""
        return tuple(item for item in self.findings if not item.suppressed)

    def fails(self, finding: Finding) -> bool:
        """Say whether a finding fails a gate; an unread document has an exit code of its own."""
        return (
            not finding.suppressed
            and finding.rule_id != UNREAD
            and WEIGHT[finding.severity] >= WEIGHT[self.fail_on]
        )

    def blocks(self, finding: Finding) -> bool:
        """Say whether a finding gives exit code 3: a document that nothing is known of."""
        return (
            finding.rule_id == UNREAD
            and not finding.suppressed
            and not self.allow_unassessed
            and finding.severity == Severity.ERROR
        )

    def where(self, document: str) -> str:
        """Return a document's path from the top of the repository."""
        return f"{self.prefix}/{document}" if self.prefix else document


def exit_code(result: CheckResult) -> int:
    """
    Return the exit code of a check.

    An internal fault (4) comes before a failed gate (1), and that before a document that
    could not be assessed (3): who lets 3 pass must still be stopped by a gate.
    """
    if any(item.error == INTERNAL for item in result.active()):
        return EXIT_INTERNAL
    if any(result.fails(item) for item in result.findings):
        return EXIT_GATE_FAILED
    if any(result.blocks(item) for item in result.findings):
        return EXIT_UNASSESSED
    return EXIT_CLEAN


def sort_key(finding: Finding) -> tuple[str, int, int, str, str]:
    """Order findings by document and place, so that equal runs print the same."""
    place = finding.place
    return (finding.document, place.page, place.line, finding.rule_id, finding.fingerprint)


def normalised(text: str) -> str:
    """Return what two layouts of the same words share: letters and digits, in lower case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LMN")


def digest_of(text: str) -> str:
    """Return the digest of a text's words, whatever their spacing, hyphens and pages."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()[:FINGERPRINT_DIGITS]


def fingerprint(rule_id: str, document: str, *subject: str) -> str:
    """Return the fingerprint of a finding: the rule, the document and what it is about."""
    # The separator stands in no part, so that no two subjects run together.
    joined = "\0".join((rule_id, document, *subject))
    return hashlib.sha256(joined.encode("utf-8", "surrogateescape")).hexdigest()[
        :FINGERPRINT_DIGITS
    ]
