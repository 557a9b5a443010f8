"""The program Tesseract, as users install it: found, asked for its languages, given a picture.

It is started without a shell, its picture on standard input and its words as a table on
standard output, so that nothing of a document reaches a command line or the disk.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

INSTALL = (
    "install Tesseract (Debian, Ubuntu: sudo apt install tesseract-ocr; macOS: brew install "
    "tesseract tesseract-lang; Windows: winget install UB-Mannheim.TesseractOCR)"
)
_NAMES = ("tesseract.exe",) if os.name == "nt" else ("tesseract",)
# The installer for Windows does not put its folder on the search path.
_WINDOWS_FOLDERS = (r"C:\Program Files\Tesseract-OCR", r"C:\Program Files (x86)\Tesseract-OCR")
_LIST_SECONDS = 30
_WORD_LEVEL = "5"  # of the table: page 1, block 2, paragraph 3, line 4, word 5
_COLUMNS = 12
# ISO 639-1 to the names of Tesseract's data, for languages of the States' official texts.
_DATA = {
    "ar": "ara", "bn": "ben", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fa": "fas",
    "fr": "fra", "hi": "hin", "id": "ind", "it": "ita", "km": "khm", "ne": "nep", "nl": "nld",
    "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "si": "sin", "sq": "sqi", "sr": "srp",
    "sw": "swa", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "zh": "chi_sim",
}  # fmt: skip


class NotRecognisedError(Exception):
    """A picture gave no table of words; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page as grey pixels, rows from the top. Length of ``pixels``: width * height."""

    width: int
    height: int
    pixels: bytes
    dpi: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word in a picture, in pixels; ``confidence`` is in [0, 1]."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    line: tuple[int, int, int]  # numbers of its block, paragraph and line
    order: int  # in Tesseract's reading order


@cache
def program() -> str:
    """Return the path of Tesseract, empty where there is none on an absolute search path."""
    # A relative entry, or the current folder on Windows, may hold a program from outside.
    folders = [f for f in os.environ.get("PATH", "").split(os.pathsep) if Path(f).is_absolute()]
    if os.name == "nt":
        folders += _WINDOWS_FOLDERS
    for folder in folders:
        for name in _NAMES:
            found = shutil.which(str(Path(folder) / name))
            if found:
                return found
    return ""


@cache
def installed_languages() -> tuple[str, ...]:
    """Return the languages that Tesseract has data for, in alphabetical order."""
    try:
        said = _run(["--list-langs"], b"", _LIST_SECONDS).decode("utf-8", "replace")
    except NotRecognisedError:
        return ()
    names = {line.strip() for line in said.splitlines()[1:]}
    return tuple(sorted(names - {"", "osd", "equ"}))


def data_name(language: str) -> str:
    """Return Tesseract's name of a language (ISO 639-1), empty where none is known."""
    return _DATA.get(language, "")


def recognise(picture: Picture, languages: str, seconds: int) -> list[Word]:
    """
    Return the words of a picture in reading order; the same picture gives the same words.

    Args:
        picture: The page.
        languages: Names of Tesseract's data, joined by ``+``.
        seconds: Most time on the wall clock.

    Raises:
        NotRecognisedError: Tesseract failed or took too long.
    """
    head = b"P5\n%d %d\n255\n" % (picture.width, picture.height)
    options = ["stdin", "stdout", "-l", languages, "--dpi", str(round(picture.dpi))]
    # The option and not the file of options "tsv", which is looked for in the current folder.
    table = _run([*options, "-c", "tessedit_create_tsv=1"], head + picture.pixels, seconds)
    words = parse_table(table)
    return [
        word
        for word in words
        if word.left >= 0 and word.right <= picture.width
        and word.top >= 0 and word.bottom <= picture.height
    ]  # fmt: skip


def parse_table(table: bytes) -> list[Word]:
    """Return the words of Tesseract's table; rows that are none are left out."""
    words: list[Word] = []
    for row in table.decode("utf-8", "replace").split("\n"):
        cells = row.rstrip("\r").split("\t", _COLUMNS - 1)
        if len(cells) != _COLUMNS or cells[0] != _WORD_LEVEL:
            continue
        text = "".join(c for c in cells[-1] if c.isprintable()).strip()
        try:
            block, paragraph, line = (int(cell) for cell in cells[2:5])
            left, top, width, height = (int(cell) for cell in cells[6:10])
            confidence = float(cells[10]) / 100
        except ValueError:
            continue
        if text and 0 <= confidence <= 1 and width > 0 and height > 0:
            words.append(
                Word(
                    text=text,
                    left=left,
                    top=top,
                    right=left + width,
                    bottom=top + height,
                    confidence=confidence,
                    line=(block, paragraph, line),
                    order=len(words),
                )
            )
    return words


def _run(arguments: list[str], given: bytes, seconds: int) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 (no shell; our own options and a picture)
            [program(), *arguments],
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
            # Pages run side by side; threads within one page slow each other down.
            env=os.environ | {"OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        raise NotRecognisedError(f"it took more than {seconds} seconds") from None
    except OSError as error:
        raise NotRecognisedError(f"Tesseract could not be started ({error.strerror})") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[-200:]
        raise NotRecognisedError(f"Tesseract ended with code {done.returncode} ({said})")
    return done.stdout
