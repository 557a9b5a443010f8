"""What a passage undertakes: duty, right, measure, undertaking, weak, power, or a mention.

A passage takes the firmest force among its sentences, so that "No person shall recruit
without a licence; the Registrar may cancel it" is a duty. A list item without a verb of
its own takes the force of its lead-in. ``Clause.restrictive`` marks an order that takes
something from migrants ("foreign workers may not"); which action that contradicts is the
business of ``counter.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from gcm_align.delivery import Cell, find_delivery
from gcm_align.lexicons import pattern
from gcm_align.measures import action_verbs, content_start, find_measures, is_verbless
from gcm_align.moods import Mood, find_moods, head_is, subject_of
from gcm_align.tag_rules import LATER, finish
from gcm_align.types import BlockKind, Clause, Cue, Force

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

_RANK = {
    Force.DUTY: 6,
    Force.RIGHT: 5,
    Force.UNDERTAKING: 4,
    Force.MEASURE: 3,
    Force.POWER: 2,
    Force.WEAK: 1,
    Force.MENTION: 0,
}
_BOUNDARY = re.compile(
    r"(?<=[.;!?])(?<!\bNo\.)(?<!\bArt\.)(?<!\bArts\.)(?<!\bpara\.)\s+"
    r"(?=[A-Z(\u201c\"\u2018'\u2022-])|\n{2,}"
)
_CELL_BOUNDARY = re.compile(r"\s*(?:\||\n|\t|(?<= )/(?= )|(?<=[.;:!?])\s+(?=[A-Z(]))\s*")
_ROW = re.compile(r" / | \| |\t")
_ROW_BREAKS = 2  # a sentence may hold one "and / or"
_NEEDLESS = ("ner",)  # costs half the time; delivery facts come from word lists
_BATCH = 128


class _Lead(NamedTuple):
    force: Force
    subject: str
    negated: bool
    words: str


def parse(texts: Sequence[str], nlp: Language) -> list[Doc]:
    """Tag and parse texts in batches, a repeated one once, without the named-entity model."""
    idle = [name for name in (*_NEEDLESS, *LATER) if name in nlp.pipe_names]
    unique = list(dict.fromkeys(texts))
    docs = list(nlp.pipe(unique, batch_size=_BATCH, disable=idle))
    finish(docs, nlp)
    of = dict(zip(unique, docs, strict=True))
    return [of[text] for text in texts]


def read_clauses(
    texts: Sequence[str],
    nlp: Language,
    *,
    kinds: Sequence[BlockKind] = (),
    lead_ins: Sequence[str] = (),
    cells: Sequence[Sequence[Cell]] = (),
    docs: Sequence[Doc] | None = None,
) -> tuple[Clause, ...]:
    """
    Read what each passage undertakes.

    Args:
        texts: Passages in English. Length: n_texts.
        nlp: A spaCy pipeline with a parser.
        kinds: Kind of each passage; paragraphs where left out. Length: n_texts or 0.
        lead_ins: The sentence that a list item completes. Length: n_texts or 0.
        cells: Named cells of each table row, offsets in the passage. Length: n_texts or 0.
        docs: What parse() returned for the same texts, to parse once for several stages.

    Returns:
        One clause for each text, in order; offsets of cues are in the text.
    """
    docs = parse(texts, nlp) if docs is None else docs
    known: dict[tuple[str, BlockKind, str, tuple[Cell, ...]], Clause] = {}
    out = []
    for at, (text, doc) in enumerate(zip(texts, docs, strict=True)):
        kind = kinds[at] if kinds else BlockKind.PARAGRAPH
        lead_in = lead_ins[at] if lead_ins else ""
        key = (text, kind, lead_in, tuple(cells[at]) if cells else ())
        if key not in known:  # laws repeat themselves: "This section does not apply to ..."
            known[key] = _read(doc, *key)
        out.append(known[key])
    return tuple(out)


def _read(doc: Doc, text: str, kind: BlockKind, lead_in: str, cells: Sequence[Cell]) -> Clause:
    if kind is BlockKind.PARAGRAPH and len(_ROW.findall(text)) >= _ROW_BREAKS:
        kind = BlockKind.TABLE_ROW
    moods = [mood for part in _parts(doc, text, kind) for mood in _read_part(part, kind)]
    lead = _read_lead_in(lead_in, kind) if lead_in else None
    if lead and not any(_finite(mood) for mood in moods):
        moods = [_as_mood(doc, lead)]
    elif not moods and kind is BlockKind.TABLE_ROW and _opens_verbless(doc, text):
        moods = [Mood(Force.MEASURE, 0, 0, "")]
    best = max(moods, key=lambda m: (_RANK[m.force], -m.start), default=None)
    delivery = find_delivery(text, kind, cells)
    if best is None or best.force is Force.MENTION:
        return Clause(force=Force.MENTION, delivery=delivery, state_acts=not _leads(text))
    vague = _vague_word(text, best)
    cues = [
        _cue("force", text, m.start, m.end)
        for m in moods
        if m.force is best.force and m.end > m.start
    ]
    if vague:
        cues.append(_cue("general", text, *vague))
    return Clause(
        force=best.force,
        cues=tuple(dict.fromkeys(cues)),
        delivery=delivery,
        negated=best.negated,
        restrictive=best.negated and bool(_MIGRANT.search(best.subject)),
        state_acts=_state_acts(text, best),
        general=vague is not None,
    )


_MIGRANT = re.compile(
    r"\b(?:migrants?|foreign\w*|aliens?|non-?(?:citizens?|nationals?)|immigrants?|expatriates?"
    r"|domestic workers?)\b",
    re.I,
)


def _cue(kind: str, text: str, start: int, end: int) -> Cue:
    return Cue(kind=kind, start=start, end=end, text=text[start:end])


def _parts(doc: Doc, text: str, kind: BlockKind) -> Iterator[Span]:
    """Yield the sentences of a passage, or the cells of a row; spaCy builds doc.text each time."""
    boundary = _CELL_BOUNDARY if kind is BlockKind.TABLE_ROW else _BOUNDARY
    last = 0
    cuts = [(hit.start(), hit.end()) for hit in boundary.finditer(text)]
    for start, end in [*cuts, (len(text), len(text))]:
        span = doc.char_span(last, start, alignment_mode="expand") if start > last else None
        if span is not None and span.text.strip():
            yield span
        last = end


def _opens_verbless(doc: Doc, text: str) -> bool:
    first = next(_parts(doc, text, BlockKind.TABLE_ROW), None)
    return first is not None and is_verbless(first)


# --- one sentence or cell ------------------------------------------------------------------


def _read_part(part: Span, kind: BlockKind) -> list[Mood]:
    if _is_recital(part):
        return []
    return find_moods(part) or find_measures(part, kind)


def _is_recital(part: Span) -> bool:
    """Say whether a sentence recalls, notes or considers, and undertakes nothing itself."""
    text = part.text[content_start(part.text) :]
    words = pattern("force", "recital")
    opening = words.match(text)
    if opening and _OPENING.fullmatch(opening[0]):
        return not (_OWN_ORDER.search(text) or _acts_after(part))
    hit = words.search(text, 0, _RECITAL_REACH)
    verb = hit[0].split()[0] if hit else ""
    return bool(hit) and part.root.text == verb and not _ALSO_ORDERS.search(text)


def _acts_after(part: Span) -> bool:
    """Say whether the State acts in the main clause, after its reasons: "Aware ..., the"."""
    before = part.text[: part.root.idx - part.start_char]
    return "," in before and head_is("state_actor", subject_of(part.root, before))


_OPENING = re.compile(r"whereas|.*(?:ing|ed|ful|aware|us)\b.*|aware|conscious", re.I)
_OWN_ORDER = re.compile(r",[^,;]*\b(?:shall|will|must|undertakes?|obliges?)\b")
_ALSO_ORDERS = re.compile(r"\b(?:and|;)\s+(?:it |they )?(?:will|shall|undertakes?|commits?)\b")
_RECITAL_REACH = 90  # characters in which the main verb of a recital stands


# --- lead-ins ------------------------------------------------------------------------------


def _finite(mood: Mood) -> bool:
    """A mood with a subject of its own: not a bare activity, which a lead-in governs."""
    return bool(mood.subject)


def _as_mood(doc: Doc, lead: _Lead) -> Mood:
    return Mood(lead.force, 0, 0, lead.subject, lead.negated)


def _read_lead_in(lead_in: str, kind: BlockKind) -> _Lead | None:
    """Return the force that a lead-in gives to its items, or None where it gives none."""
    last = _BOUNDARY.split(lead_in.strip())[-1]
    for words, force in _lead_rules(last):
        return _Lead(
            force,
            re.split(r"\b(?:shall|will|may|must|should|are|is|has|have)\b", last)[0],
            "not" in words or last.lower().startswith("no "),
            words,
        )
    if kind is BlockKind.TABLE_ROW:
        return None
    if pattern("force", "lead_problem").search(last) or pattern("force", "lead_aim").search(last):
        return _Lead(Force.MENTION, "", False, "")
    return None


def _lead_rules(last: str) -> Iterator[tuple[str, Force]]:
    if pattern("force", "weak_alone").search(last) or pattern("force", "weak_qualifiers").search(
        last
    ):
        yield last, Force.WEAK
    person = pattern("force", "person").search(last) and not pattern("force", "authority").search(
        last
    )
    for words, force in (
        (r"\b(?:shall|must)\b(?: not)?", Force.DUTY),
        (r"\bmay not\b|\bprohibited\b|\bforbidden\b", Force.DUTY),
        (r"\b(?:is|are) (?:required|obliged) to\b", Force.DUTY),
        (r"\bentitled\b|\bha(?:s|ve) the (?:\w+ )?right|\bright to\b", Force.RIGHT),
        (r"\bmay\b", Force.RIGHT if person else Force.POWER),
        (r"\bwill\b|\bundertakes?\b|\bcommits?\b|\bplans? to\b", Force.UNDERTAKING),
    ):
        hit = re.search(words, last)
        if hit:
            weak = pattern("force", "weak_verbs").match(last[hit.end() :].strip())
            yield hit[0], Force.WEAK if weak else force


# --- who acts, and how firmly ----------------------------------------------------------------


def _leads(text: str) -> bool:
    """Say whether a sentence opens with an actor who is not the State."""
    hit = pattern("force", "non_state").search(text[:90])
    return hit is not None and not pattern("force", "state_actor").search(text[: hit.start()])


def _state_acts(text: str, best: Mood) -> bool:
    if best.force not in (Force.UNDERTAKING, Force.MEASURE) or not best.subject:
        return True  # a rule binds whoever it names
    non_state = pattern("force", "non_state")
    if non_state.search(best.subject) and not _state_beside(best.subject):
        return False
    agent = _AGENT.search(text, best.end)
    return not (agent and non_state.match(text, agent.end()))


_AGENT = re.compile(r"\bby (?:the |local |international |several |two )*")


def _state_beside(subject: str) -> bool:
    rest = pattern("force", "non_state").sub("", subject)
    return bool(_STATE.search(rest))


_STATE = re.compile(
    r"\b(?:minist\w+|government|state|department|authority|council|bureau|police)\b", re.I
)


_BEFORE_VERB = re.compile(
    r"\s*(?:(?:also|continue to|further|actively|not|be|to|jointly|work to|\w+ly)\s+)*"
)


def _vague_word(text: str, best: Mood) -> tuple[int, int] | None:
    """Return the span of a vague verb that stands without a named means, or None."""
    if best.force not in (Force.UNDERTAKING, Force.MEASURE, Force.DUTY, Force.WEAK):
        return None
    measure = best.force is Force.MEASURE or best.end == 0
    at = best.start if measure else best.end
    if best.end == 0:
        at = content_start(text)
    opening = _BEFORE_VERB.match(text, at)
    start = opening.end() if opening else at
    hit = pattern("force", "vague").match(text, start)
    if not hit:
        return None
    sentence_end = _BOUNDARY.search(text, hit.end())
    rest = text[hit.end() : sentence_end.start() if sentence_end else len(text)]
    if pattern("force", "means").search(rest) or _second_verb(rest):
        return None
    return hit.span()


def _second_verb(rest: str) -> bool:
    verbs = action_verbs()
    for hit in re.finditer(r"(?:,| and|;) (\w+)", rest):
        word = hit[1].lower()
        if word in verbs and not pattern("force", "vague").fullmatch(word):
            return True
    return False
