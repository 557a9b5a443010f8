"""Recognised words to lines with places and letter sizes, as the PDF reader makes them."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from gcm_align.reading.layout import Line
from gcm_align.reading.numbering import is_bullet
from gcm_align.reading.tesseract import Word

# Of the letter size, by typical text faces: letters with a stem, and below the line.
_X_HEIGHT, _STEM, _TAIL = 0.50, 0.72, 0.21
_TAILS = frozenset("gjpqyQçÇ,;()[]{}/|@")
_FLAT = frozenset("aceimnorsuvwxzgpqyç.,:;-–—~+=*•«»")  # noqa: RUF001 (as printed)
_BODY = 0.07  # relative: so much do measured heights of one size differ on a good scan
_LEAST_LINE = 0.4  # mean confidence: below it a line is a stain or a drawing
# What Tesseract makes of round and square bullets; text stands well apart from them.
_TAKEN_FOR_BULLETS = frozenset("e©¢«*°o»®")
# Rows of dots come out as rows of small letters, unsurely.
_DOTS_READ_AS = frozenset(".,:;cesrnauovtwmi0")
_LEADER = 8  # letters
_SURE = 0.7
_PAGE_NUMBER = re.compile(r"[\divxlc]{1,4}$", re.IGNORECASE)
_BULLET_GAP = 0.6  # letter sizes


def to_lines(words: list[Word], page: int, scale: float) -> tuple[list[Line], int]:
    """
    Gather recognised words into lines in Tesseract's reading order.

    Args:
        words: Of one page, in reading order.
        page: 1-based number of the page.
        scale: Pixels to a point.

    Returns:
        The lines, and how many were left out because they are too unsure.
    """
    lines: list[Line] = []
    left_out = 0
    for _, paragraph in groupby(words, key=lambda word: word.line[:2]):
        own = list(paragraph)
        size = median(_size(word) for word in own if _counts(word, own)) / scale
        for _, group in groupby(own, key=lambda word: word.line):
            line = list(group)
            if mean_confidence(line) < _LEAST_LINE:
                left_out += 1
            else:
                lines.append(_line(line, page, size, scale))
    return [line for line in lines if line.text], left_out


def without_leaders(words: list[Word]) -> list[Word]:
    """Turn dots that lead to a page number back into dots: they are read as odd letters."""
    mended: list[Word] = []
    for _, group in groupby(words, key=lambda word: word.line):
        line = list(group)
        leads = len(line) > 1 and _PAGE_NUMBER.match(line[-1].text)
        mended += [_dotted(w) if leads and w is not line[-1] else w for w in line]
    return mended


def _dotted(word: Word) -> Word:
    odd = sum(c in _DOTS_READ_AS for c in word.text)
    if word.confidence >= _SURE or len(word.text) < _LEADER or odd < 0.8 * len(word.text):
        return word
    return replace(word, text=".....", confidence=_SURE)


def mean_confidence(words: list[Word]) -> float:
    """Return the mean of the words' confidences, 0 where there is none."""
    return sum(word.confidence for word in words) / len(words) if words else 0.0


def settle_sizes(lines: list[Line]) -> None:
    """Give lines of nearly the commonest size that size, others whole points: all pages' lines."""
    weights: defaultdict[float, int] = defaultdict(int)
    for line in lines:
        weights[round(line.size * 2) / 2] += len(line.text)
    if not weights:
        return
    sizes = sorted(weights)
    # The weighted median: the commonest value alone hops about between neighbours.
    half, seen, body = sum(weights.values()) / 2, 0, sizes[-1]
    for size in sizes:
        seen += weights[size]
        if seen >= half:
            body = size
            break
    for line in lines:
        near = abs(line.size - body) <= _BODY * body
        line.size = body if near else float(max(1, round(line.size)))


def _counts(word: Word, all_words: list[Word]) -> bool:
    """Say whether a word tells the letter size: dashes and points do not, if there is else."""
    return any(c.isalnum() for c in word.text) or not any(
        c.isalnum() for other in all_words for c in other.text
    )


def _size(word: Word) -> float:
    """Return the letter size in pixels that a word's height stands for."""
    share = _X_HEIGHT if all(c in _FLAT for c in word.text) else _STEM
    share += _TAIL if any(c in _TAILS for c in word.text) else 0
    return (word.bottom - word.top) / share


def _line(words: list[Word], page: int, size: float, scale: float) -> Line:
    bullet = len(words) > 1 and _is_bullet(words, size * scale)
    order, confidence = words[0].order, round(mean_confidence(words), 4)
    if bullet:
        words = words[1:]
    # The line on which letters stand; tails would make its height depend on its letters.
    standing = [w.bottom for w in words if not any(c in _TAILS for c in w.text)]
    base = (median(standing) if standing else max(w.bottom for w in words)) / scale
    return Line(
        page=page,
        text=_text(words),
        x0=round(min(w.left for w in words) / scale, 2),
        top=round(base - (1 - _TAIL) * size, 2),
        x1=round(max(w.right for w in words) / scale, 2),
        bottom=round(base + _TAIL * size, 2),
        size=size,
        bullet=bullet,
        order=order,
        first_width=round((words[0].right - words[0].left) / scale, 2),
        confidence=confidence,
    )


def _text(words: list[Word]) -> str:
    """Join words; an upright stroke before a small letter is the English "I"."""
    texts = [word.text for word in words]
    for at, (text, after) in enumerate(pairwise(texts)):
        if text == "|" and after[:1].islower():
            texts[at] = "I"
    return " ".join(texts)


def _is_bullet(words: list[Word], size: float) -> bool:
    first, second = words[0], words[1]
    apart = second.left - first.right > _BULLET_GAP * size
    return is_bullet(first.text) or (apart and first.text in _TAKEN_FOR_BULLETS)
