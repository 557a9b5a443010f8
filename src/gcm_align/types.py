"""Frozen records that pass between the stages, from file to report.

Pages are 1-based. Offsets are half-open character positions in ``Document.text``.
Boxes are in PDF points with the origin at the top left of the page as displayed.
``score`` and ``probability`` are different things everywhere: a score ranks, a
probability is published only after calibration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float32]


class BlockKind(StrEnum):
    """What a block of a document is; only live kinds can carry evidence."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    TABLE_HEADER = "table_header"
    NOTE = "note"
    CAPTION = "caption"
    CONTENTS = "contents"
    REFERENCE = "reference"  # bibliography, acronym list
    FOREWORD = "foreword"  # foreword, message, acknowledgements
    RUNNING = "running"  # running head or foot, page number


LIVE_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})


class Level(IntEnum):
    """How far a document carries an action; see the method in the README."""

    GAP = 0
    MENTIONED = 1
    PARTIAL = 2
    ADDRESSED = 3
    OPERATIONALISED = 4

    @property
    def label(self) -> str:
        """Lower-case name as printed in reports."""
        return self.name.lower()


class Contradiction(StrEnum):
    """Counter-provision flag, beside the level and never instead of it."""

    NONE = ""
    TENSION = "C1"
    CONTRADICTION = "C2"


class Decision(StrEnum):
    """What a reviewer decides on the machine's verdict."""

    ACCEPT = "accept"
    CHANGE = "change"
    NOT_APPLICABLE = "not_applicable"  # with a written reason
    DISPUTE = "dispute"  # the verdict is doubted; until settled the pair needs review
    NOTE = "note"  # words beside a verdict


class Force(StrEnum):
    """What a clause undertakes, by its wording alone."""

    DUTY = "duty"  # shall, must, is prohibited
    RIGHT = "right"  # is entitled, may (of a migrant)
    MEASURE = "measure"  # programmed activity: verbless table row, established body
    UNDERTAKING = "undertaking"  # will (in a plan)
    WEAK = "weak"  # should, encourage, endeavour
    POWER = "power"  # may (of an authority)
    MENTION = "mention"  # states a fact, a problem, a principle


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on one page, in points, origin at the top left."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open range of ``Document.text`` that lies on one page."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One unit of layout in reading order; ``document.text[start:end]`` is its text.

    ``spans`` cut the block by page and, in a table row, by cell: each is a contiguous
    run of characters on its page. ``columns`` names the column of each span of a row
    (empty string where the table has no header).
    """

    page: int
    start: int
    end: int
    kind: BlockKind
    boxes: tuple[Box, ...] = ()
    level: int = 0  # depth of a heading, 1 the highest; 0 for other kinds
    section: tuple[str, ...] = ()  # headings above, outermost first
    lead_in: str = ""  # the sentence that a list item completes, or a row's group
    spans: tuple[Span, ...] = ()
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How much of a file was read."""

    pages: int
    pages_read: int
    pages_blank: tuple[int, ...] = ()  # nothing drawn on the page
    pages_unread: tuple[int, ...] = ()  # something is drawn, no text came out
    method: str = "text"  # text layer, plain text, OCR
    warnings: tuple[str, ...] = ()
    stopped_at: int = 0  # the page at which reading was stopped; it and all after are unread

    @property
    def share_read(self) -> float:
        """Pages with text over pages that have anything to read, in [0, 1]."""
        readable = self.pages - len(self.pages_blank)
        return self.pages_read / readable if readable else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file as read: its text and the blocks that tile it."""

    id: str
    name: str
    sha256: str
    language: str  # ISO 639-1, "und" where it cannot be told
    text: str
    blocks: tuple[Block, ...]
    quality: Quality
    media_type: str
    title: str = ""
    page_labels: Mapping[int, str] = field(default_factory=dict)  # printed page numbers

    def block_text(self, block: Block) -> str:
        """Return the text of one of this document's blocks."""
        return self.text[block.start : block.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """About a clause or a table row; ``document.text[start:end]`` is ``text``."""

    document_id: str
    index: int
    start: int
    end: int
    text: str
    kind: BlockKind
    pages: tuple[int, ...]
    spans: tuple[Span, ...]
    columns: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    section: tuple[str, ...] = ()
    lead_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Words that show something: a modal, a body, a date. Offsets are in the passage."""

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What a passage undertakes, read from its wording."""

    force: Force
    cues: tuple[Cue, ...] = ()  # the words that decide the force
    delivery: tuple[Cue, ...] = ()  # kinds: body, time, resources, indicator, sanction
    negated: bool = False
    restrictive: bool = False  # orders something harmful to migrants, see force.py
    state_acts: bool = True
    general: bool = False  # a vague verb (promote, strengthen) without a named means

    @property
    def delivery_kinds(self) -> frozenset[str]:
        """The kinds of delivery fact present."""
        return frozenset(cue.kind for cue in self.delivery)


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterProvision:
    """An order against an action: which rule found it and on which words of the passage."""

    rule: str
    actions: tuple[str, ...]
    flag: Contradiction
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One passage against one action: the score and the parts it is made of."""

    passage: int  # Passage.index
    action: str
    score: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """
    Scores of passages against actions, with their parts.

    values: higher is nearer, on a log-odds scale. Shape: (n_passages, n_actions).
    parts: each part before weighting. Shape of each: (n_passages, n_actions).
    elements: similarity to each core element. Shape: (n_passages, n_elements).
    element_owner: number of the action of each core element. Shape: (n_elements,).
    """

    action_ids: tuple[str, ...]
    values: FloatArray
    parts: Mapping[str, FloatArray]
    elements: FloatArray
    element_owner: npt.NDArray[np.int64]

    def match(self, passage: int, action: int) -> Match:
        """Return one cell with its parts."""
        return Match(
            passage=passage,
            action=self.action_ids[action],
            score=round(float(self.values[passage, action]), 6),
            parts={name: round(float(p[passage, action]), 6) for name, p in self.parts.items()},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that is known of one document before its verdicts; lists run over passages."""

    document: Document
    passages: Sequence[Passage]
    clauses: Sequence[Clause]
    counters: Sequence[Sequence[CounterProvision]]
    scores: Scores
    scope: Sequence[bool] | None = None  # about the subject; None where that cannot be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A passage that speaks to an action, with the level it would carry alone."""

    rank: int
    level: Level
    score: float
    parts: Mapping[str, float]
    quote: str  # verbatim; contiguous on its page
    page: int
    page_label: str
    section: tuple[str, ...]
    context: str  # lead-in and the whole passage, for the reader
    start: int
    end: int
    force: Force
    force_words: tuple[str, ...]
    delivery: Mapping[str, str]  # kind -> words
    elements: tuple[int, ...]  # indices of core elements found
    boxes: tuple[Box, ...] = ()
    verified: bool = True  # the quote was found by a second reader on that page
    runners_up: tuple[RunnerUp, ...] = ()  # other actions that the passage is nearest to
    pages: tuple[int, ...] = ()  # of the whole passage, which may run over


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a document with their place, for what carries no level."""

    words: str  # the words that decided, as they stand in the quote
    quote: str  # verbatim; contiguous on its page
    page: int
    page_label: str
    section: tuple[str, ...]
    context: str
    start: int
    end: int
    boxes: tuple[Box, ...] = ()
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipleFinding:
    """A guiding principle in one document; it lifts no level."""

    document_id: str
    principle: str  # its key in the framework
    present: bool | None  # None where it cannot be told: not read, or in another language
    reason: str
    passages: int  # how many name it
    evidence: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerUp:
    """Another action that a passage also comes near to."""

    action: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The verdict on one action in one document."""

    document_id: str
    action: str
    level: Level | None  # None is NR, needs review
    suggested: Level  # the level that a reviewer would start from
    probability: float  # that the document is above gap
    contradiction: Contradiction
    status: str  # machine, reviewed, disputed
    reason: str  # one sentence: why this level
    evidence: tuple[Evidence, ...]
    counter_evidence: tuple[Evidence, ...]
    nearest: Evidence | None  # the closest clause of a gap
    elements_found: tuple[int, ...]
    delivery: Mapping[str, str]
    # Of gap, mentioned, partial, and addressed or more, by the level's name; they sum to 1.
    probabilities: Mapping[str, float] = field(default_factory=dict)
    applicable: bool = True  # False: a reviewer decided so, with a reason; in no denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMark:
    """A review as a report shows it; where it counts, the assessment holds its level."""

    document_id: str
    action: str
    decision: Decision
    level: Level | None
    reason: str
    note: str
    reviewer: str
    at: str  # ISO 8601, UTC
    counts: bool  # it decides the level; an earlier one, a note or a suspect one does not
    suspect: str  # why the decision must be looked at again; empty where it need not
    reviewed_level: Level | None  # the machine's when the reviewer looked
    quotes: tuple[str, ...]  # the words that the reviewer saw
    machine_level: Level | None  # the machine's in this run
    machine_suggested: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that could not be read, or not from ``page`` on: reported, never a gap."""

    path: str
    error: str
    message: str
    page: int = 0  # where reading was stopped; 0 where nothing was read or no page is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What made a report: enough to make it again."""

    package: str
    catalogue: Mapping[str, str]  # key, name, sha256
    encoder: Mapping[str, str]  # name, revision, sha256
    calibrator: Mapping[str, str]
    settings: Mapping[str, object]
    started: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """A document as a report names it: everything but its text."""

    id: str
    name: str
    sha256: str
    language: str
    title: str
    media_type: str
    quality: Quality
    passages: int
    text_sha256: str = ""  # of the text as read: the same words in another file are known again


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole result of a run, as written to ``report.json``."""

    schema_version: str
    run: Run
    documents: tuple[DocumentSummary, ...]
    assessments: tuple[Assessment, ...]
    skipped: tuple[Skipped, ...]
    principles: tuple[PrincipleFinding, ...] = ()
    reviews: tuple[ReviewMark, ...] = ()
