"""What a gate keeps of an assessment: small, plain, and free of layout.

The one module of this package that knows the records of a report: where a verdict gains a
field that rules should see, it is here that it enters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gcm_align.figures import MEASURES, Tally, is_counted, tally
from gcm_align.findings import Place, digest_of
from gcm_align.types import Assessment, Contradiction, Level

if TYPE_CHECKING:
    from gcm_align.catalogue import Action, Framework
    from gcm_align.checking.lines import SourceLines
    from gcm_align.types import DocumentSummary, Evidence

ADDRESSED, PARTIAL = int(Level.ADDRESSED), int(Level.PARTIAL)
LEVEL_NAMES = tuple(level.label for level in Level)
TENSION, CONTRADICTION = Contradiction.TENSION.value, Contradiction.CONTRADICTION.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A clause of a text: its words, the digest of the whole clause, and where it stands."""

    digest: str
    quote: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict on one action in one document; level None needs review."""

    action: str
    level: int | None
    suggested: int
    flag: str  # "", C1 or C2
    reason: str
    evidence: tuple[Words, ...] = ()
    counter: tuple[Words, ...] = ()
    nearest: Words | None = None
    reviewed: bool = False
    addressed: float = 1.0  # probability of addressed or more; 1 where it is not known

    def digests(self) -> frozenset[str]:
        """Return the digests of every clause that the verdict shows."""
        nearest = () if self.nearest is None else (self.nearest,)
        return frozenset(words.digest for words in (*self.evidence, *self.counter, *nearest))

    def best(self) -> Words | None:
        """Return the clause to show first: evidence, else the nearest."""
        return self.evidence[0] if self.evidence else self.nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVerdicts:
    """All that rules ask of one document."""

    language: str
    pages: int
    pages_read: int
    share_read: float
    verdicts: tuple[Verdict, ...]
    stopped_at: int = 0  # the page at which reading was stopped, else 0


def condense(
    summary: DocumentSummary, assessments: Sequence[Assessment], lines: SourceLines
) -> DocumentVerdicts:
    """Keep of one document's assessments what rules and formats need."""
    quality = summary.quality
    return DocumentVerdicts(
        language=summary.language,
        pages=quality.pages,
        pages_read=quality.pages_read,
        share_read=quality.share_read,
        verdicts=tuple(_verdict(item, lines) for item in assessments),
        stopped_at=quality.stopped_at,
    )


def _verdict(item: Assessment, lines: SourceLines) -> Verdict:
    return Verdict(
        action=item.action,
        level=None if item.level is None else int(item.level),
        suggested=int(item.suggested),
        flag=item.contradiction.value,
        reason=item.reason,
        evidence=tuple(_words(e, lines) for e in item.evidence),
        counter=tuple(_words(e, lines) for e in item.counter_evidence),
        nearest=None if item.nearest is None else _words(item.nearest, lines),
        addressed=_addressed(item.probabilities),
    )


def _addressed(chances: Mapping[str, float]) -> float:
    """Return the probability of addressed or more."""
    if not chances:
        return 1.0
    return round(sum(chances.get(name, 0.0) for name in LEVEL_NAMES[ADDRESSED:]), 4)


def _words(evidence: Evidence, lines: SourceLines) -> Words:
    line, end_line = lines.find(evidence.quote, evidence.section)
    # The quote is cut by page; the context is the whole clause, so that a page may move.
    return Words(
        digest=digest_of(evidence.context),
        quote=evidence.quote,
        place=Place(
            page=evidence.page if evidence.paged else 0,
            line=line,
            end_line=end_line,
            section=evidence.section,
        ),
    )


def measures(verdicts: Sequence[Verdict], framework: Framework) -> dict[str, tuple[float, float]]:
    """
    Return breadth, depth and delivery of a set of verdicts, one an action.

    Returns:
        By name: the least and the most that review may leave, as the mean over the
        objectives, each weighing the same.
    """
    pairs = [(_assessment(v), framework.action(v.action)) for v in verdicts]
    scopes = [
        tally([pair for pair in pairs if pair[1].objective == objective.number])
        for objective in framework.objectives
    ]
    scopes = [scope for scope in scopes if scope.n]
    size = len(scopes) or 1
    return {
        name: (
            sum(scope.shares[name].lower for scope in scopes) / size,
            sum(scope.shares[name].upper for scope in scopes) / size,
        )
        for name in MEASURES
    }


def counts(verdicts: Sequence[Verdict], framework: Framework) -> Tally:
    """Return the counts of a document's verdicts."""
    return tally([(_assessment(v), framework.action(v.action)) for v in verdicts])


def highest(documents: Sequence[DocumentVerdicts]) -> tuple[Verdict, ...]:
    """Return for each action the verdict of the document that carries it furthest."""
    best: dict[str, Verdict] = {}
    for document in documents:
        for verdict in document.verdicts:
            held = best.get(verdict.action)
            if held is None or _rank(verdict) > _rank(held):
                best[verdict.action] = verdict
    return tuple(best.values())


def counted(verdict: Verdict, action: Action) -> bool:
    """Say whether a verdict belongs in a denominator."""
    return is_counted(_assessment(verdict), action)


def _rank(verdict: Verdict) -> tuple[int, int]:
    """Order verdicts by what they carry: one decided before one suggested at the same level."""
    if verdict.level is not None:
        return (verdict.level, 1)
    return (verdict.suggested, 0)


def _assessment(verdict: Verdict) -> Assessment:
    """Return the record that the figures of a report are made from, so that both agree."""
    return Assessment(
        document_id="",
        action=verdict.action,
        level=None if verdict.level is None else Level(verdict.level),
        suggested=Level(verdict.suggested),
        probability=0.0,
        contradiction=Contradiction(verdict.flag),
        status="reviewed" if verdict.reviewed else "machine",
        reason=verdict.reason,
        evidence=(),
        counter_evidence=(),
        nearest=None,
        elements_found=(),
        delivery={},
    )


def to_plain(document: DocumentVerdicts) -> dict[str, Any]:
    """Return a document's verdicts as plain values; each clause stands once."""
    table: dict[Words, int] = {}

    def number(words: Words) -> int:
        return table.setdefault(words, len(table))

    rows = [
        [
            *(v.action, v.level, v.suggested, v.flag, v.reason),
            [number(words) for words in v.evidence],
            [number(words) for words in v.counter],
            None if v.nearest is None else number(v.nearest),
            v.addressed,
        ]
        for v in document.verdicts
    ]
    return {
        "language": document.language,
        "pages": document.pages,
        "pages_read": document.pages_read,
        "share_read": document.share_read,
        "stopped_at": document.stopped_at,
        "clauses": [
            [w.digest, w.quote, w.place.page, w.place.line, w.place.end_line, list(w.place.section)]
            for w in table
        ],
        "verdicts": rows,
    }


def from_plain(data: dict[str, Any]) -> DocumentVerdicts:
    """
    Return the verdicts that :func:`to_plain` wrote.

    Raises:
        KeyError, TypeError, ValueError, IndexError: The data is not of that shape.
    """
    clauses = [
        Words(
            digest=digest,
            quote=quote,
            place=Place(page=page, line=line, end_line=end_line, section=tuple(section)),
        )
        for digest, quote, page, line, end_line, section in data["clauses"]
    ]
    return DocumentVerdicts(
        language=data["language"],
        pages=data["pages"],
        pages_read=data["pages_read"],
        share_read=data["share_read"],
        stopped_at=data["stopped_at"],
        verdicts=tuple(
            Verdict(
                action=action,
                level=level,
                suggested=suggested,
                flag=flag,
                reason=reason,
                evidence=tuple(clauses[i] for i in evidence),
                counter=tuple(clauses[i] for i in counter),
                nearest=None if nearest is None else clauses[nearest],
                addressed=addressed,
            )
            for action, level, suggested, flag, reason, evidence, counter, nearest, addressed in (
                data["verdicts"]
            )
        ),
    )
