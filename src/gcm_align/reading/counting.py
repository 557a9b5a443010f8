"""The numbers that word processors and browsers count and do not store: 3., (b), iv."""

from __future__ import annotations

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999
_LONGEST_LETTERS = 8  # a hostile start value must not print a thousand letters


def counted(number: int, style: str) -> str:
    """
    Return a number in the style of a list.

    Args:
        number: 1 for the first item.
        style: ``1``, ``01``, ``a``, ``A``, ``i`` or ``I``, as HTML and OpenDocument write it.
    """
    if style == "01":
        return f"{number:02d}"
    if style in {"a", "A"} and number > 0:
        letters = _letters(number)
        return letters.upper() if style == "A" else letters
    if style in {"i", "I"} and 0 < number <= _LARGEST_ROMAN:
        roman = _roman(number)
        return roman.upper() if style == "I" else roman
    return str(number)


def _letters(number: int) -> str:
    """A to z, then aa, bb, cc, as Word and OpenDocument count."""
    letter = chr(ord("a") + (number - 1) % 26)
    return letter * min((number - 1) // 26 + 1, _LONGEST_LETTERS)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text += letters
            number -= value
    return text
