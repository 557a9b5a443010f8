"""Characters of a page to lines of words, in the order a person reads them."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from gcm_align.reading.layout import Line
from gcm_align.reading.numbering import DASHES, is_bullet

Char = dict[str, Any]  # pdfplumber's record of one glyph

# A gap of four letter heights is a column or a tab, not a blank of justified text.
_GAP_SIZES = 4.0
_GLUED = 0.1  # letter sizes: a blank is 0.2 wide or more
_BOLD = ("bold", "black", "heavy", "demi", "semibold")


def make_lines(words: list[Char], page: int, *, one_column: bool = False) -> list[Line]:
    """
    Gather words, in the order of the content stream, into lines.

    Args:
        words: pdfplumber words with their ``chars``; each char carries ``order``.
        page: 1-based number of the page.
        one_column: Never cut a line at a wide gap, as inside a table cell.
    """
    lines: list[list[Char]] = []
    for word in words:
        if lines and _same_line(lines[-1], word, one_column=one_column):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [line for line in (_line(group, page) for group in lines) if line.text]


def _same_line(line: list[Char], word: Char, *, one_column: bool) -> bool:
    last = line[-1]
    if not last["upright"] or not word["upright"]:
        return False
    height = max(word["bottom"] - word["top"], last["bottom"] - last["top"])
    middle = (word["top"] + word["bottom"]) / 2
    base = max(line, key=lambda w: w["bottom"] - w["top"])
    if not base["top"] - 0.25 * height <= middle <= base["bottom"] + 0.25 * height:
        return False
    gap = word["x0"] - last["x1"]
    if gap < -0.5 * height:
        return False
    marker_only = len(line) == 1 and len(last["text"]) <= 6
    return one_column or marker_only or gap <= _GAP_SIZES * height or "..." in word["text"]


def _line(words: list[Char], page: int) -> Line:
    bullet = False
    if is_bullet(words[0]["text"]) or (len(words) > 1 and _is_dash(words)):
        bullet, words = True, words[1:]
    texts = _closed_up([_word_text(word) for word in words], words)
    chars = [char for word in words for char in word["chars"]]
    if not chars:
        return Line(page=page, text="", x0=0, top=0, x1=0, bottom=0)
    text = " ".join(filter(None, texts))
    if text and text[0] in "•\uf0b7":
        bullet, text = True, text[1:].lstrip()
    return Line(
        page=page,
        text=text,
        x0=min(w["x0"] for w in words),
        top=min(w["top"] for w in words),
        x1=max(w["x1"] for w in words),
        bottom=max(w["bottom"] for w in words),
        size=_main_size(chars),
        bold=_is_bold(chars),
        bullet=bullet,
        order=chars[0]["order"],
        first_width=words[0]["x1"] - words[0]["x0"],
    )


def _closed_up(texts: list[str], words: list[Char]) -> list[str]:
    """Close up letter-spaced headings: "P A R T  O N E" becomes two words."""
    for at in range(len(words) - 1, 0, -1):
        if _is_drop_cap(words[at - 1], words[at]):
            texts = [*texts[: at - 1], texts[at - 1] + texts[at], *texts[at + 1 :]]
            words = [*words[: at - 1], *words[at:]]
    single = sum(len(text) == 1 for text in texts)
    if len(texts) < 5 or single < 0.8 * len(texts):
        return texts
    gaps = [b["x0"] - a["x1"] for a, b in pairwise(words)]
    usual = sorted(gaps)[len(gaps) // 2]
    closed = texts[:1]
    for gap, text in zip(gaps, texts[1:], strict=True):
        if gap <= 1.5 * usual:
            closed[-1] += text
        else:
            closed.append(text)
    return closed


def _is_drop_cap(first: Char, second: Char) -> bool:
    """Say whether a large initial belongs to the word after it: no blank parts the two."""
    size, after = first["chars"][0]["size"], second["chars"][0]["size"]
    if not (first["text"].isalpha() and len(first["text"]) == 1 and second["text"][:1].isalpha()):
        return False
    glued = second["x0"] - first["x1"] < _GLUED * size
    return bool(
        (second["text"][:1].islower() and size > 1.5 * after) or (glued and size > 1.1 * after)
    )


def _is_dash(words: list[Char]) -> bool:
    first, second = words[0], words[1]
    # A dash or the letter o is a bullet only when the text stands well apart from it.
    gap = second["x0"] - first["x1"]
    return first["text"] in DASHES and gap > 0.45 * (first["bottom"] - first["top"])


def _word_text(word: Char) -> str:
    """Return the word with a blank before a raised note mark, and without stray glyphs."""
    chars = [c for c in word["chars"] if not _is_stray(c["text"])]
    text = ""
    if not chars:
        return text
    size = max(c["size"] for c in chars)
    bottom = max(c["bottom"] for c in chars if c["size"] >= 0.9 * size)
    raised_before = True
    for char in chars:
        raised = (
            char["size"] < 0.8 * size
            and char["bottom"] < bottom - 0.1 * size
            and (char["text"].isdigit() or char["text"] in "*†‡")
        )
        mark_starts = raised and not raised_before and not text[-1:].isdigit()
        if mark_starts or (raised_before and not raised and text and char["text"].isalpha()):
            text += " "
        raised_before = raised
        text += _LIGATURES.get(char["text"], char["text"])
    return text.replace("\u00ad", "-").strip()


_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}


def _is_stray(text: str) -> bool:
    return text.startswith("(cid:") or "\ue000" <= text[:1] <= "\uf8ff" or text < " "


def _main_size(chars: list[Char]) -> float:
    sizes = Counter(round(c["size"] * 2) / 2 for c in chars)
    return float(max(sizes, key=lambda size: (sizes[size], size)))


def _is_bold(chars: list[Char]) -> bool:
    inked = [c for c in chars if not c["text"].isspace()]
    bold = sum(any(word in str(c["fontname"]).lower() for word in _BOLD) for c in inked)
    return bold > 0.9 * len(inked) > 0
