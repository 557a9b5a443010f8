from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import scan_factory as made
from factories import Draw, make_pdf

from gcm_align.reading import pdf, read_apart, read_document, tesseract
from gcm_align.reading.glyphs import unmapped_share
from gcm_align.reading.layout import Line, PageLayout
from gcm_align.reading.recognised import settle_sizes, to_lines, without_leaders
from gcm_align.reading.running import running_lines
from gcm_align.reading.sandbox import texts_apart
from gcm_align.reading.tesseract import Word, parse_table, program
from gcm_align.reading.transfer import from_values, to_values
from gcm_align.settings import Settings
from gcm_align.types import BlockKind, Document

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import measure_ocr

TESSERACT = pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not here")
POSIX = pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
SETTINGS = Settings()


def stand_in(folder: Path, does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program named tesseract on the path that knows English and then does as told."""
    program = folder / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --list-langs ]; then printf "List (1):\\neng\\n"; exit 0; fi\n'
        f"/bin/cat > /dev/null\n{does}\n"
    )
    program.chmod(0o755)
    search_in(str(program.parent), monkeypatch)


def search_in(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for programs on a search path, and forget what was found on another."""
    monkeypatch.setenv("PATH", path)
    tesseract.program.cache_clear()
    tesseract.installed_languages.cache_clear()


def word(
    text: str, left: int, top: int, *, confidence: float = 0.9, row: int = 1, height: int = 36
) -> Word:
    return Word(
        text=text, left=left, top=top, right=left + 20 * len(text), bottom=top + height,
        confidence=confidence, line=(1, 1, row), order=left + 10_000 * row,
    )  # fmt: skip


def recognised(page: int, text: str, top: float) -> Line:
    return Line(
        page=page, text=text, x0=70, top=top, x1=300, bottom=top + 12, size=10, confidence=0.8
    )  # fmt: skip


@pytest.fixture(autouse=True)
def fresh_search() -> Iterator[None]:
    yield
    tesseract.program.cache_clear()
    tesseract.installed_languages.cache_clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scans")


@pytest.fixture(scope="module")
def picture(folder: Path) -> Draw:
    """A scanned page, as it is drawn."""
    return made.scanned(made.draw_text, folder)


@pytest.fixture(scope="module")
def mixed_path(folder: Path, picture: Draw) -> Path:
    """Born digital, scanned, scanned and empty, born digital, scanned with a stamp as text."""
    pages = [
        made.draw_digital,
        picture,
        made.scanned(made.draw_nothing, folder),
        made.draw_digital,
        made.stamped(picture, "Registry 117 / 2031"),
    ]
    return make_pdf(folder / "mixed.pdf", pages)


@pytest.fixture(scope="module")
def mixed(mixed_path: Path) -> Document:
    if not program():
        pytest.skip("Tesseract is not here")
    return read_apart(mixed_path, settings=SETTINGS)


def page_text(document: Document, page: int) -> str:
    return " ".join(document.block_text(b) for b in document.blocks if b.page == page)


def test_scanned_words_are_found(mixed: Document) -> None:
    """Of the words on a scan that is askew and noisy at least 97 in 100 are read."""
    drawn = measure_ocr.words_of(f"{made.TITLE} {made.FIRST} {made.SECOND}")
    for page in (2, 5):
        right, accuracy = measure_ocr.compare(
            measure_ocr.words_of(page_text(mixed, page).replace("Registry 117 / 2031", "")), drawn
        )
        assert right >= 0.97
        assert accuracy >= 0.97


def test_quality_tells_how_pages_were_read(mixed: Document) -> None:
    """Scanned pages are named, with a confidence; the empty sheet is blank, not unread."""
    quality = mixed.quality
    assert quality.pages_ocr == (2, 5)
    assert quality.pages_blank == (3,)
    assert quality.pages_unread == ()
    assert quality.share_read == 1.0
    assert quality.method == "text layer and OCR"
    assert quality.ocr_confidence is not None
    assert 0.8 < quality.ocr_confidence <= 1
    assert quality.to_install == ""


def test_confidence_is_kept_for_each_block(mixed: Document) -> None:
    """Blocks of scanned pages carry a confidence, blocks of others none."""
    for item in mixed.blocks:
        if item.page in mixed.quality.pages_ocr:
            assert item.confidence is not None
            assert 0.4 <= item.confidence <= 1
        else:
            assert item.confidence is None


def test_a_scan_has_structure_and_places(mixed: Document) -> None:
    """A large line is a heading, prose is whole paragraphs, and boxes lie where text stands."""
    blocks = [b for b in mixed.blocks if b.page == 2]
    assert [b.kind for b in blocks] == [BlockKind.HEADING, *[BlockKind.PARAGRAPH] * 2]
    assert mixed.block_text(blocks[1]).startswith("The Ministry shall")
    assert mixed.block_text(blocks[1]).endswith("they hold.")
    assert blocks[1].section == (mixed.block_text(blocks[0]),)
    (box,) = blocks[1].boxes
    assert box.x0 == pytest.approx(72, abs=6)
    assert box.top == pytest.approx(140, abs=8)


def test_pages_keep_their_order(mixed: Document) -> None:
    """Scanned pages stand between the born digital ones as in the file."""
    pages = [b.page for b in mixed.blocks]
    assert pages == sorted(pages)
    assert set(pages) == {1, 2, 4, 5}


def test_quotes_of_a_scan_are_verified(mixed: Document, mixed_path: Path) -> None:
    """Words of a scan are found again on their page, and others are not."""
    with texts_apart(mixed_path, mixed, SETTINGS) as pages:
        assert pages.unverified(mixed) == ()
        quote = mixed.block_text(next(b for b in mixed.blocks if b.page == 2))
        assert pages.contains(2, quote)
        assert not pages.contains(1, quote)
        assert not pages.contains(2, "The Ministry shall close twelve service centres")


def test_reading_a_scan_twice_is_the_same(mixed: Document, picture: Draw, tmp_path: Path) -> None:
    """A page gives the same words, places and confidences alone, and in another process.

    Alone its language is found by a trial.
    """
    alone = read_document(make_pdf(tmp_path / "alone.pdf", [picture]), settings=SETTINGS)
    assert alone.language == "en"
    assert (alone.quality.pages_ocr, alone.quality.method) == ((1,), "OCR")
    beside = [b for b in mixed.blocks if b.page == 2]
    assert [alone.block_text(b) for b in alone.blocks] == [mixed.block_text(b) for b in beside]
    assert [b.confidence for b in alone.blocks] == [b.confidence for b in beside]
    assert [b.boxes[0].top for b in alone.blocks] == [b.boxes[0].top for b in beside]


@POSIX
def test_without_tesseract_pages_are_unread(
    mixed_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Tesseract is absent and needed, scans are unread and the install line is given."""
    search_in(str(tmp_path), monkeypatch)
    quality = read_apart(mixed_path, settings=SETTINGS).quality
    assert quality.pages_unread == (2, 3, 5)
    assert quality.pages_read == 2
    for words in ("3 pages", "apt install tesseract-ocr", "brew install", "winget install"):
        assert words in quality.to_install


def test_a_born_digital_file_asks_for_nothing(tmp_path: Path) -> None:
    """Without a scanned page there is neither a warning nor a word of Tesseract."""
    path = make_pdf(tmp_path / "digital.pdf", [made.draw_digital])
    quality = read_document(path, settings=SETTINGS).quality
    assert (quality.pages_ocr, quality.ocr_confidence, quality.to_install) == ((), None, "")
    assert quality.method == "text layer"


@POSIX
@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("exec /bin/sleep 60", "took more than 1 seconds"),
        ("echo no memory >&2; exit 3", "ended with code 3 (no memory)"),
        ("exit 0", "no words were found"),
        (
            "printf '5\\t1\\t1\\t1\\t1\\t1\\t90\\t90\\t200\\t40\\t21\\tstain\\n'",
            "the confidence is 0.21",
        ),
    ],
)
def test_a_page_not_recognised_is_unread(
    does: str, said: str, picture: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that takes too long, fails, or is unsure is unread; the page after is read."""
    pages = [picture, made.draw_digital]
    path = make_pdf(tmp_path / "scan.pdf", pages)
    stand_in(tmp_path, does, monkeypatch)
    document = read_document(path, settings=Settings(max_ocr_seconds=1))
    assert document.quality.pages_unread == (1,)
    assert document.quality.pages_read == 1
    assert any(said in warning for warning in document.quality.warnings)
    assert page_text(document, 1) == ""
    assert page_text(document, 2) != ""


@POSIX
def test_pages_beyond_the_limit_are_unread(
    picture: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more pages are recognised than the setting allows; the rest is named as unread."""
    path = make_pdf(tmp_path / "scan.pdf", [picture, picture, picture])
    row = "5\\t1\\t1\\t1\\t1\\t1\\t90\\t90\\t400\\t40\\t91\\tRegistrar\\n"
    stand_in(tmp_path, f"printf '{row}'", monkeypatch)
    quality = read_document(path, settings=Settings(max_ocr_pages=1)).quality
    assert quality.pages_ocr == (1,)
    assert quality.pages_unread == (2, 3)
    assert any("max_ocr_pages" in warning for warning in quality.warnings)


@POSIX
def test_a_program_in_the_folder_of_the_documents_is_not_run(
    picture: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative entry of the search path, which may hold anyone's program, is passed over."""
    path = make_pdf(tmp_path / "scan.pdf", [picture])
    stand_in(tmp_path, "touch was-run", monkeypatch)
    monkeypatch.chdir(tmp_path)
    search_in(f"bin{os.pathsep}", monkeypatch)
    assert read_document(path, settings=SETTINGS).quality.to_install
    assert not (tmp_path / "was-run").exists()


def test_a_hostile_table_is_harmless() -> None:
    """Rows that are no words are left out; of a word only printable characters are kept."""
    good = "5\t1\t1\t1\t1\t1\t10\t20\t30\t12\t88.5\t"
    rows = [
        "level\tpage_num\tblock_num", good + "<b>\x1b[31mred\x00</b>\u202e", good + "\x07 \u200b",
        "5\t1\t1\t1\t1\t1\t10\t20\t30\t12\tnan\tnan", "5\t1\tx\t1\t1\t1\t10\t20\t30\t12\t90\tx",
        "5\t1\t1\t1\t1\t1\t10\t20\t-30\t12\t90\tback", "5\t1\t1\t1\t1\t1\t1\t2\t3\t4\t900\tsure",
        "4\t1\t1\t1\t1\t0\t10\t20\t30\t12\t-1\t", "\t" * 40, "",
    ]  # fmt: skip
    words = parse_table("\n".join(rows).encode() + b"\xff\xfe")
    assert [(w.text, w.confidence) for w in words] == [("<b>[31mred</b>", 0.885)]


@POSIX
def test_words_beside_the_page_are_left_out(
    picture: Draw, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word that is said to stand far outside of the picture is no word of the page."""
    path = make_pdf(tmp_path / "scan.pdf", [picture])
    row = "5\\t1\\t1\\t1\\t1\\t{}\\t{}\\t90\\t400\\t40\\t91\\t{}\\n"
    rows = row.format(1, 90, "Registrar") + row.format(2, 10**9, "elsewhere")
    stand_in(tmp_path, f"printf '{rows}'", monkeypatch)
    assert read_document(path, settings=SETTINGS).text == "Registrar"


def test_unsure_lines_are_left_out_and_counted() -> None:
    """A line that is most likely a stain is no text."""
    words = [word("Workers", 10, 10), word("are", 200, 10)]
    words += [word("~~x", 10, 80, confidence=0.2, row=2)]
    lines, left_out = to_lines(words, 3, 4.0)
    assert [line.text for line in lines] == ["Workers are"]
    assert left_out == 1


def test_letters_of_one_size_get_one_size() -> None:
    """Heights differ with the letters that a word has; the letter size does not."""
    words = [
        word("some", 10, 21, height=25), word("hinder", 300, 10, row=2),
        word("happy", 10, 10, row=3, height=46),
    ]  # fmt: skip
    lines = [to_lines([w], 1, 4.0)[0][0] for w in words]
    settle_sizes(lines)
    assert len({line.size for line in lines}) == 1


def test_leaders_of_a_contents_page_are_dots() -> None:
    """What dots were taken for becomes dots again; a sure word stays."""
    line = [word("Secretary", 10, 10), word("ccccseeseeecc", 300, 10, confidence=0.2)]
    dotted = without_leaders([*line, word("12", 800, 10)])
    assert [w.text for w in dotted] == ["Secretary", ".....", "12"]
    assert [w.text for w in without_leaders(line)] == ["Secretary", "ccccseeseeecc"]


def test_a_stroke_before_a_small_letter_is_a_pronoun() -> None:
    """Tesseract takes the English "I" for an upright stroke; as a rule of a table it stays."""
    text = to_lines([word("|", 10, 10), word("am", 60, 10), word("|", 300, 10)], 1, 4.0)[0][0].text
    assert text == "I am |"


def test_a_misread_foot_is_still_running_matter() -> None:
    """A foot that is recognised with other slips on each page is found on all of them."""
    feet = (
        "Registry of Labour Migration",
        "Reqistry of Labour Migratlon",
        "Registry o1 Labour Migration",
    )
    layouts = [
        PageLayout(number=page, width=600, height=800, lines=[recognised(page, foot, 760)])
        for page, foot in enumerate(feet, start=1)
    ]
    assert running_lines(layouts) == {id(layout.lines[0]) for layout in layouts}


def test_what_was_recognised_survives_the_passage(mixed: Document) -> None:
    """Confidences and recognised texts pass between processes without loss."""
    assert from_values(json.loads(json.dumps(to_values(mixed)))) == mixed
    assert set(mixed.ocr_texts) == {2, 5}


@TESSERACT
def test_a_layer_without_meaning_is_recognised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where most characters of a page have no known meaning, its picture is read instead."""
    path = make_pdf(tmp_path / "unmapped.pdf", [made.draw_digital, made.draw_text])
    shares = iter([0.0, 0.9])
    monkeypatch.setattr(pdf, "unmapped_share", lambda _chars, _drawn: next(shares))
    document = read_document(path, settings=SETTINGS)
    assert document.quality.pages_ocr == (2,)
    right, _ = measure_ocr.compare(
        measure_ocr.words_of(page_text(document, 2)),
        measure_ocr.words_of(f"{made.TITLE} {made.FIRST} {made.SECOND}"),
    )
    assert right >= 0.97


def test_characters_without_meaning_are_counted() -> None:
    """Dropped characters and those of private fonts count, as a share of all drawn."""
    chars = [{"text": c} for c in "ab\ue001\ufffd"]
    assert unmapped_share(chars, 8) == 0.75
    assert unmapped_share([], 0) == 0.0
