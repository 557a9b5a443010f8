"""A document to passages: about a clause or a table row each, with its place and context."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from gcm_align.types import LIVE_KINDS, Block, BlockKind, Document, Passage

if TYPE_CHECKING:
    from spacy.language import Language

    from gcm_align.settings import Settings

Range = tuple[int, int]  # half-open, in the text at hand

_STOPS = frozenset({".", "!", "?", "…", "。", "؟", "।"})
# Words whose full stop ends no sentence, in the languages of the documents seen.
_ABBREVIATION_LIST = (
    "art arts no nos n° nr sec secs sect para paras par pp p vol ch chap cap reg regs cl fig tab "
    "dr mr mrs ms prof hon h.e st e.g i.e viz cf al etc approx inc ltd co dept gov min "
    "inc núm num ley dec ord res op cit ibid ed eds rev ss sr sra lic ing m mme mm"
)
_ABBREVIATIONS = frozenset(_ABBREVIATION_LIST.split())
_OPENERS = "\"'“\u2018«([¿¡•"
_SHORT_WORDS = 8  # a sentence below it says little alone: "This is vital."
_STEM_WORDS = 40  # a longer stem is no stem but a paragraph
_ITEM = re.compile(
    r"(?<=[\s;:,—\u2013])(?=(?:\((?:[a-zA-Z]|[ivx]{1,5}|\d{1,2})\)|(?:[a-z]|[ivx]{2,5})\))\s*\S)"
)
_NUMBERED = re.compile(r"(?:(?<=^)|(?<=\s))(?=\d{1,2}(?:\.\d{1,2})*[.)]\s+[A-ZÀ-Ý])")


def cut_passages(document: Document, nlp: Language, settings: Settings) -> tuple[Passage, ...]:
    """
    Cut the live blocks of a document into passages.

    A paragraph is cut at sentence ends: short sentences join their neighbour, long ones are
    cut at semicolons and list marks. A table row stays whole unless it is very long. Every
    word of a live block lands in one passage, unless the block has no letters or fewer words
    than ``min_passage_words`` (two of its lead-in count): it can undertake nothing.

    Args:
        document: As read; only paragraphs, list items and table rows are live.
        nlp: Of the document's language; its tokenizer tells stops from abbreviations.
        settings: ``passage_words`` and ``min_passage_words`` are used.

    Returns:
        Passages in reading order; ``index`` is the place in the tuple.
    """
    passages: list[Passage] = []
    for block in document.blocks:
        if block.kind not in LIVE_KINDS:
            continue
        text = document.block_text(block)
        least = settings.min_passage_words - min(len(block.lead_in.split()), 2)
        if len(text.split()) < least or not any(c.isalpha() for c in text):
            continue
        for (start, end), stem in _whole(text, _ranges(text, block, nlp, settings), least):
            lead_in = f"{block.lead_in} {stem}".strip() if stem else block.lead_in
            span = (block.start + start, block.start + end)
            passages.append(_passage(document, block, span, len(passages), lead_in))
    return tuple(passages)


def _ranges(text: str, block: Block, nlp: Language, settings: Settings) -> list[tuple[Range, str]]:
    """Return the ranges of a block's passages, each with the stem that it completes."""
    longest = settings.passage_words
    if block.kind is BlockKind.TABLE_ROW:
        return _row_ranges(text, block, nlp, longest)
    ranges: list[tuple[Range, str]] = []
    for sentence in _merged(text, sentence_ranges(text, nlp), longest):
        ranges += _long_sentence(text, sentence, longest)
    return ranges


def _whole(text: str, ranges: list[tuple[Range, str]], least: int) -> list[tuple[Range, str]]:
    """Join a piece of fewer words than ``least`` to the one before it, the first to the next."""
    kept: list[tuple[Range, str]] = []
    for own, stem in ranges:
        short = kept and min(_words(text, own), _words(text, kept[-1][0])) < least
        if short:
            kept[-1] = ((kept[-1][0][0], own[1]), kept[-1][1])
        else:
            kept.append((own, stem))
    return kept


def _row_ranges(text: str, block: Block, nlp: Language, longest: int) -> list[tuple[Range, str]]:
    """Keep a row whole; part a cell that is a long list, or far too long for one clause."""
    if _words(text, (0, len(text))) <= 2 * longest:
        return [((0, len(text)), "")]
    cells = _cells(text, block)
    ranges: list[tuple[Range, str]] = []
    run: Range | None = None
    for start, end in cells:
        items = _split(text, (start, end), _NUMBERED)
        if len(items) < 2:
            items = _split(text, (start, end), _ITEM)
        if _words(text, (start, end)) <= longest or len(cells) == 1 == len(items):
            # Short cells (who, when) stay together.
            run = (run[0], end) if run is not None else (start, end)
            continue
        if run is not None:
            ranges.append((run, ""))
            run = None
        if len(items) < 2:
            items = _merged(text, _cell_sentences(text, (start, end), nlp), longest)
        ranges += [(item, "") for item in items]
    if run is not None:
        ranges.append((run, ""))
    return ranges


def _cells(text: str, block: Block) -> list[Range]:
    """Return the range of each cell; pieces of one cell on two pages make one."""
    ends = [i for i, c in enumerate(text) if c == "\n"]
    return [(a, b) for a, b in zip([0, *(e + 1 for e in ends)], [*ends, len(text)], strict=True)]


def _cell_sentences(text: str, cell: Range, nlp: Language) -> list[Range]:
    start, end = cell
    return [(start + a, start + b) for a, b in sentence_ranges(text[start:end], nlp)]


def sentence_ranges(text: str, nlp: Language) -> list[Range]:
    """
    Return the half-open ranges of the sentences of a text, white space trimmed.

    Laws and plans are better parted by their stops than by a parser: a stop ends a sentence
    unless an abbreviation, a number or a bracket says otherwise.
    """
    tokens = nlp.make_doc(text)
    ends: list[int] = []
    depth = 0
    for token in tokens:
        depth = max(0, depth + (token.text in "([") - (token.text in ")]"))
        if token.text not in _STOPS and not _glued_stop(token.text):
            continue
        end = token.idx + len(token.text)
        if depth == 0 and _ends_sentence(text, token.idx, end):
            ends.append(_past_closers(text, end))
    starts = [0, *ends]
    ranges = [_trimmed(text, a, b) for a, b in zip(starts, [*ends, len(text)], strict=True)]
    return [(a, b) for a, b in ranges if b > a]


def _glued_stop(word: str) -> bool:
    # A tokenizer without rules for the language leaves "loi." in one piece.
    return len(word) > 3 and word[-1] in _STOPS and "." not in word[:-1]


def _ends_sentence(text: str, at: int, end: int) -> bool:
    rest = text[_past_closers(text, end) :].lstrip()
    if not rest:
        return False
    if not text[end:].startswith((" ", "\n", '"', "”", "\u2019", ")", "'", "»")):
        return False
    before = text[:end].rstrip("".join(_STOPS)).split()
    last = before[-1].lstrip("([\"'“\u2018") if before else ""
    stop = text[end - 1]
    if stop == "." and (last.lower() in _ABBREVIATIONS or (len(last) == 1 and last.isupper())):
        return False
    if stop == "." and re.fullmatch(r"\(?\d+(?:\.\d+)*[A-Z]?|[ivx]+|[a-z]", last):
        # "3. The Minister": the number heads what follows, at the start or after a stop.
        earlier = before[-2] if len(before) > 1 else ""
        if not earlier or earlier[-1] in ".;:" or earlier.lower().rstrip(".") in _ABBREVIATIONS:
            return False
    first = rest.lstrip(_OPENERS)[:1]
    return not first or first.isupper() or first.isdigit() or not first.isascii() or stop != "."


def _past_closers(text: str, end: int) -> int:
    """Take closing quotes, and a note mark such as ``. 12 However``, into the sentence."""
    while end < len(text) and text[end] in "\"'”\u2019»)]":
        end += 1
    note = re.match(r"\s?\d{1,3}(?=\s+[A-ZÀ-Ý“\"])", text[end:])
    return end + note.end() if note else end


def _merged(text: str, ranges: list[Range], longest: int) -> list[Range]:
    """Join short sentences to the next one, the last to the one before."""
    merged: list[Range] = []
    for start, end in ranges:
        if merged and _words(text, merged[-1]) < _SHORT_WORDS:
            together = (merged[-1][0], end)
            if _words(text, together) <= longest:
                merged[-1] = together
                continue
        merged.append((start, end))
    if len(merged) > 1 and _words(text, merged[-1]) < _SHORT_WORDS:
        together = (merged[-2][0], merged[-1][1])
        if _words(text, together) <= longest:
            merged[-2:] = [together]
    return merged


def _long_sentence(text: str, sentence: Range, longest: int) -> list[tuple[Range, str]]:
    """Cut a sentence that is too long at its list marks, else at its semicolons."""
    if _words(text, sentence) <= longest:
        return [(sentence, "")]
    pieces = _split(text, sentence, _ITEM)
    if len(pieces) < 3:
        pieces = _split(text, sentence, re.compile(r"(?<=;)(?=\s)"))
    if len(pieces) < 2:
        return [(sentence, "")]
    first = text[pieces[0][0] : pieces[0][1]]
    stem = first.rsplit(":", 1)[0] + ":" if ":" in first else first
    if len(stem.split()) > _STEM_WORDS or not (":" in first or _ITEM.search(text)):
        stem = ""
    ranges: list[tuple[Range, str]] = []
    run = pieces[0]
    for piece in pieces[1:]:
        if _words(text, (run[0], piece[1])) <= longest // 2:
            run = (run[0], piece[1])
            continue
        ranges.append((run, stem if ranges else ""))
        run = piece
    return [*ranges, (run, stem if ranges else "")]


def _split(text: str, within: Range, pattern: re.Pattern[str]) -> list[Range]:
    start, end = within
    cuts = [start, *(m.start() for m in pattern.finditer(text, start, end)), end]
    ranges = [_trimmed(text, a, b) for a, b in pairwise(cuts)]
    return [(a, b) for a, b in ranges if b > a]


def _trimmed(text: str, start: int, end: int) -> Range:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _words(text: str, within: Range) -> int:
    return len(text[within[0] : within[1]].split())


def _passage(document: Document, block: Block, span: Range, index: int, lead_in: str) -> Passage:
    start, end = span
    inside = [(i, s) for i, s in enumerate(block.spans) if s.start < end and s.end > start]
    spans = tuple(
        type(s)(page=s.page, start=max(s.start, start), end=min(s.end, end)) for _, s in inside
    )
    placed = len(block.boxes) == len(block.spans)
    return Passage(
        document_id=document.id,
        index=index,
        start=start,
        end=end,
        text=document.text[start:end],
        kind=block.kind,
        pages=tuple(sorted({s.page for s in spans})) or (block.page,),
        spans=spans,
        columns=tuple(block.columns[i] for i, _ in inside) if block.columns else (),
        boxes=tuple(block.boxes[i] for i, _ in inside) if placed else block.boxes,
        section=block.section,
        lead_in=lead_in,
        confidence=block.confidence,
    )
