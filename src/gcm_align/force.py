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
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from gcm_align.delivery import Cell, find_delivery
from gcm_align.lexicons import load_lexicon, pattern
from gcm_align.moods import Mood, find_moods
from gcm_align.types import BlockKind, Clause, Cue, Force

_RANK = {
    Force.DUTY: 6,
    Force.RIGHT: 5,
    Force.UNDERTAKING: 4,
    Force.MEASURE: 3,
    Force.POWER: 2,
    Force.WEAK: 1,
    Force.MENTION: 0,
}
_BOUNDARY = re.compile(r"(?<=[.;!?])(?<!\bNo\.)(?<!\bArt\.)(?<!\bArts\.)(?<!\bpara\.)\s+(?=[A-Z(“\"‘'•-])|\n{2,}")
_CELL_BOUNDARY = re.compile(r"\s*(?:\||\n|\t|(?<= )/(?= )|(?<=[.;:!?])\s+(?=[A-Z(]))\s*")
_NEEDLESS = ("ner",)  # costs half the time; delivery facts come from word lists
_BATCH = 128


class _Lead(NamedTuple):
    force: Force
    subject: str
    negated: bool
    words: str


def parse(texts: Sequence[str], nlp: Language) -> list[Doc]:
    """Tag and parse texts in batches, without the named-entity model."""
    idle = [name for name in _NEEDLESS if name in nlp.pipe_names]
    return list(nlp.pipe(texts, batch_size=_BATCH, disable=idle))


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
    out = []
    for at, doc in enumerate(docs):
        kind = kinds[at] if kinds else BlockKind.PARAGRAPH
        lead_in = lead_ins[at] if lead_ins else ""
        out.append(_read(doc, kind, lead_in, cells[at] if cells else ()))
    return tuple(out)


def _read(doc: Doc, kind: BlockKind, lead_in: str, cells: Sequence[Cell]) -> Clause:
    moods = [mood for part in _parts(doc, kind) for mood in _read_part(part, kind, lead_in)]
    lead = _read_lead_in(lead_in, kind) if lead_in else None
    if lead and not any(_finite(mood) for mood in moods):
        moods = [_as_mood(doc, lead)]
    elif not moods and kind is BlockKind.TABLE_ROW and _is_verbless(doc):
        moods = [Mood(Force.MEASURE, 0, 0, "")]
    best = max(moods, key=lambda m: (_RANK[m.force], -m.start), default=None)
    delivery = find_delivery(doc.text, kind, cells)
    if best is None or best.force is Force.MENTION:
        return Clause(force=Force.MENTION, delivery=delivery, state_acts=not _others(doc.text))
    vague = _vague_word(doc, best)
    cues = [_cue("force", doc.text, m.start, m.end) for m in moods if m.force is best.force and m.end > m.start]
    if vague:
        cues.append(_cue("general", doc.text, *vague))
    return Clause(
        force=best.force,
        cues=tuple(dict.fromkeys(cues)),
        delivery=delivery,
        negated=best.negated,
        restrictive=best.negated and bool(_MIGRANT.search(best.subject)),
        state_acts=_state_acts(doc.text, best),
        general=vague is not None,
    )


_MIGRANT = re.compile(r"\b(?:migrants?|foreign\w*|aliens?|non-?(?:citizens?|nationals?)|immigrants?|expatriates?|domestic workers?)\b", re.I)


def _cue(kind: str, text: str, start: int, end: int) -> Cue:
    return Cue(kind=kind, start=start, end=end, text=text[start:end])


def _parts(doc: Doc, kind: BlockKind) -> Iterator[Span]:
    """Yield the sentences of a passage, or the cells of a row."""
    boundary = _CELL_BOUNDARY if kind is BlockKind.TABLE_ROW else _BOUNDARY
    last = 0
    cuts = [(hit.start(), hit.end()) for hit in boundary.finditer(doc.text)]
    for start, end in [*cuts, (len(doc.text), len(doc.text))]:
        span = doc.char_span(last, start, alignment_mode="expand") if start > last else None
        if span is not None and span.text.strip():
            yield span
        last = end


# --- one sentence or cell ------------------------------------------------------------------


def _read_part(part: Span, kind: BlockKind, lead_in: str) -> list[Mood]:
    if _is_recital(part):
        return []
    moods = find_moods(part)
    if moods:
        return moods
    start = _content_start(part.text)
    programmed = _programmed(part.text[start:], kind)
    if programmed and not _is_aim(part.text):
        offset = part.start_char + start
        return [Mood(Force.MEASURE, offset, offset + len(programmed), "")]
    return []


def _is_recital(part: Span) -> bool:
    text = part.text[_content_start(part.text) :]
    words = pattern("force", "recital")
    opening = words.match(text)
    if opening and (text.lower().startswith("whereas") or opening[0].lower().endswith(("ing", "ed", "ful", "aware", "us"))):
        root = part.root
        modal = any(t.dep_ == "aux" and t.tag_ == "MD" for t in root.children)
        subject = any(t.dep_ in {"nsubj", "nsubjpass"} for t in root.children)
        own = modal and subject and not text.lower().startswith("whereas")
        return not own or part.root.i < part.start + 4
    main = re.match(r"(?:the |this |we\b|all )?(?:[\w-]+ ){0,5}?(?:(?:also|further|fully|strongly) )?", text, re.I)
    hit = words.search(text, 0, (main.end() if main else 0) + 60)
    return bool(
        hit
        and part.root.text == hit[0].split()[0]
        and not re.search(r"\b(?:and|;)\s+(?:it |they )?(?:will|shall|undertakes?|commits?)\b", text)
    )


def _content_start(text: str) -> int:
    """Skip a bullet, a number or a label such as "Activity 3.2:"."""
    at = 0
    for _ in range(2):
        for name in ("label", "numbering"):
            hit = re.compile(pattern("force", name).pattern, re.I).match(text, at)
            if hit:
                at = hit.end()
        while at < len(text) and text[at] in " \t•-–—*▪●○·:.)":
            at += 1
    return at if at < len(text) else 0


_IMPERATIVES = re.compile(r"(?:(?:to|re-?|jointly|further|fully|gradually|progressively|actively|continue to|continue)\s+)?([A-Za-z]+(?:-[a-z]+)?)")


def _programmed(text: str, kind: BlockKind) -> str:
    """Return the opening words of a programmed activity, or nothing."""
    hit = _IMPERATIVES.match(text)
    verbs = frozenset(load_lexicon("force")["lists"]["imperative"])
    if hit:
        word = hit[1].lower()
        infinitive = text.lower().startswith("to ")
        follow = text[hit.end() : hit.end() + 12]
        if word in verbs and not re.match(r"\s*(?:of|is|are|was|has|have|s\b|,? by the)\b", follow):
            if infinitive and kind is BlockKind.PARAGRAPH:
                return ""
            return hit[0]
        if word.endswith("ing") and _stem_in(word, verbs) and re.match(r"\s+\w", follow):
            return hit[0]
    nominal = pattern("force", "nominal").match(text)
    if nominal and not re.search(r"\b(?:is|are|was|were|has|have|remains?|shows?)\b", text):
        return nominal[0]
    done = re.match(r"(?:\d[\d,]*|all|new|national|\w+) (?:[\w-]+ ){0,4}?(?:trained|established|adopted|opened|signed|installed|developed|created|conducted|revised|published|ratified|launched|reached|equipped|registered|drafted|enacted|in place|operational)\b", text, re.I)
    return done[0] if done and kind is not BlockKind.PARAGRAPH else ""


def _stem_in(gerund: str, verbs: frozenset[str]) -> bool:
    stem = gerund.removesuffix("ing")
    return stem in verbs or stem + "e" in verbs or (len(stem) > 2 and stem[-1] == stem[-2] and stem[:-1] in verbs)


def _is_aim(text: str) -> bool:
    return bool(pattern("force", "aim").match(text.strip()))


def _is_verbless(doc: Doc) -> bool:
    """A row without a finite verb and without a problem is a programmed measure."""
    first = next(iter(_parts(doc, BlockKind.TABLE_ROW)), None)
    if first is None or pattern("force", "problem").match(first.text.strip()) or _is_aim(first.text):
        return False
    finite = any(t.tag_ in {"VBD", "VBZ", "VBP", "MD"} and t.dep_ in {"ROOT", "aux"} for t in first)
    return not finite and sum(t.is_alpha for t in first) >= 3


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
        return _Lead(force, re.split(r"\b(?:shall|will|may|must|should|are|is|has|have)\b", last)[0], "not" in words or last.lower().startswith("no "), words)
    if kind is BlockKind.TABLE_ROW:
        return None
    if pattern("force", "lead_problem").search(last) or pattern("force", "lead_aim").search(last):
        return _Lead(Force.MENTION, "", False, "")
    return None


def _lead_rules(last: str) -> Iterator[tuple[str, Force]]:
    if pattern("force", "weak_alone").search(last) or pattern("force", "weak_qualifiers").search(last):
        yield last, Force.WEAK
    person = pattern("force", "person").search(last) and not pattern("force", "authority").search(last)
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


def _others(text: str) -> bool:
    """Say whether a sentence opens with an actor who is not the State."""
    return bool(re.match(r"(?:the |local |national |international |many |several |some |various |two |most )*", text, re.I)) and _leads(text)


def _leads(text: str) -> bool:
    hit = pattern("force", "non_state").search(text[:90])
    return bool(hit) and not pattern("force", "state_actor").search(text[: hit.start()] if hit else "")


def _state_acts(text: str, best: Mood) -> bool:
    if best.force not in (Force.UNDERTAKING, Force.MEASURE):
        return True  # a rule binds whoever it names
    if not best.subject:
        return True
    others = pattern("force", "non_state").search(best.subject)
    agent = re.search(r"\bby (?:the )?(?:\w+ ){0,3}?", text[best.end :])
    if others and not _state_beside(best.subject):
        return False
    if agent:
        by = text[best.end + agent.start() :][:60]
        hit = re.match(r"by (?:the |local |international |several |two )*", by)
        if hit and pattern("force", "non_state").match(by, hit.end()):
            return _state_beside(best.subject) and False
    return True


def _state_beside(subject: str) -> bool:
    rest = pattern("force", "non_state").sub("", subject)
    return bool(re.search(r"\b(?:minist\w+|government|state|department|authority|council|bureau|police)\b", rest, re.I))


def _vague_word(doc: Doc, best: Mood) -> tuple[int, int] | None:
    """Return the span of a vague verb that stands without a named means, or None."""
    if best.force not in (Force.UNDERTAKING, Force.MEASURE, Force.DUTY, Force.WEAK):
        return None
    text = doc.text
    measure = best.force is Force.MEASURE or best.end == 0
    at = best.start if measure else best.end
    if best.end == 0:
        at = _content_start(text)
    opening = re.compile(r"\s*(?:(?:also|continue to|further|actively|not|be|to|jointly|work to|\w+ly)\s+)*").match(text, at)
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
    verbs = frozenset(load_lexicon("force")["lists"]["imperative"])
    for hit in re.finditer(r"(?:,| and|;) (\w+)", rest):
        word = hit[1].lower()
        if word in verbs and not pattern("force", "vague").fullmatch(word):
            return True
    return False
