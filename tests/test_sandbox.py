from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import IO

import factories
import pytest

from gcm_align.checking.verdicts import DocumentVerdicts, from_plain, to_plain
from gcm_align.engine import Engine
from gcm_align.errors import (
    EncryptedFileError,
    LimitExceededError,
    MissingFileError,
    ReaderStoppedError,
    ReadingError,
)
from gcm_align.pipeline import align
from gcm_align.reading import process, read_apart, read_document
from gcm_align.reading.sandbox import texts_apart
from gcm_align.reading.transfer import from_values, to_values
from gcm_align.reading.verify import page_texts
from gcm_align.settings import Settings
from gcm_align.types import Block, BlockKind, Box, Document, Level, Quality, Span

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

import hostile_pages  # noqa: E402
import hostile_pdf  # noqa: E402
import make_hostile_corpus  # noqa: E402
import run_hostile_corpus  # noqa: E402

POSIX = pytest.mark.skipif(os.name != "posix", reason="the limits are those of POSIX systems")
LIMITED = Settings(max_page_seconds=2, max_read_seconds=20)


def slow_page(path: Path) -> Path:
    """Write a PDF whose first page draws a million times and whose second is sound."""
    shown = b"BT /F1 9 Tf " + b"(a) Tj " * 1_000_000 + b"ET"
    sound = hostile_pdf.stream(hostile_pdf.writing("The State shall open twelve service centres."))
    path.write_bytes(hostile_pdf.build(hostile_pdf.parts([hostile_pdf.flate(shown), sound])))
    return path


def speaking(code: str) -> Callable[[IO[bytes]], subprocess.Popen[bytes]]:
    """Return a stand-in for the reading process that runs some lines of Python instead."""

    def start(said: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", f"import json, os, signal, sys, time\n{code}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,
        )

    return start


@pytest.mark.parametrize(
    "make", [factories.policy, factories.table_over_pages, factories.with_silent_pages]
)
def test_apart_is_the_same_document(make: Callable[[Path], Path], tmp_path: Path) -> None:
    """A document read in a process of its own is equal to one read here, field by field."""
    path = make(tmp_path / "policy.pdf")
    told: list[tuple[int, int]] = []
    apart = read_apart(
        path, settings=Settings(), progress=lambda done, total: told.append((done, total))
    )
    assert apart == read_document(path, settings=Settings())
    assert told == [(n, apart.quality.pages) for n in range(1, apart.quality.pages + 1)]


def test_a_document_survives_the_passage() -> None:
    """Values pass through JSON and back without loss, odd characters and labels included."""
    document = read_sample()
    values = json.loads(json.dumps(to_values(document)))
    assert from_values(values) == document


def read_sample() -> Document:
    """Return a document with boxes, columns, labels, and text that is hard to write down."""
    text = "Tab\tand \u2029 and \U0001f30d and \x00"
    return Document(
        id="a", name="b", sha256="c", language="fr", text=text, media_type="text/plain", title="T",
        blocks=(
            Block(
                page=2, start=0, end=len(text), kind=BlockKind.TABLE_ROW, level=1, lead_in="x",
                boxes=(Box(page=2, x0=1 / 3, top=-0.1, x1=1e9, bottom=2.5),),
                section=("1", "1.1"), spans=(Span(page=2, start=0, end=3),), columns=("", "Year"),
            ),
        ),
        quality=Quality(pages=3, pages_read=1, pages_blank=(1,), pages_unread=(3,),
                        method="OCR", warnings=("w",), stopped_at=3),
        page_labels={1: "i", 2: "\u00e9"},
    )  # fmt: skip


def test_the_second_reader_apart_is_the_same(tmp_path: Path) -> None:
    """Quotes are verified against the same texts as the second reader gives in this process."""
    path = factories.policy(tmp_path / "policy.pdf")
    document = read_apart(path, settings=Settings())
    with (
        texts_apart(path, document, Settings()) as apart,
        page_texts(path, document, Settings()) as here,
    ):
        assert [apart.page(n) for n in (1, 2, 3)] == [here.page(n) for n in (1, 2, 3)]
        assert apart.contains(1, "Labour inspectors will visit")
        assert not apart.contains(2, "Labour inspectors will visit")
        assert apart.unverified(document) == ()


def test_a_death_of_the_second_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the second reader dies, quotes of the pages before can still be verified."""
    document = read_document(factories.policy(tmp_path / "policy.pdf"), settings=Settings())
    code = (
        "task = json.loads(sys.stdin.readline())\n"
        "if task['pages'] == 1:\n"
        "    print(json.dumps({'texts': ['one', '', '']}))\n"
        "else:\n"
        "    print(json.dumps({'page': 2}))\n"
    )
    monkeypatch.setattr(process, "_start", speaking(code))
    with texts_apart(tmp_path / "policy.pdf", document, Settings()) as texts:
        assert [texts.page(n) for n in (1, 2, 3)] == ["one", "", ""]
    monkeypatch.setattr(process, "_start", speaking("sys.exit(1)"))
    with texts_apart(tmp_path / "policy.pdf", document, Settings()) as texts:
        assert not texts.contains(1, "Labour")


def test_the_gate_knows_of_a_stop() -> None:
    """What `gcm-align check` keeps of a document says where its reading was stopped."""
    made = DocumentVerdicts(
        language="en", pages=3, pages_read=1, share_read=1 / 3, verdicts=(), stopped_at=2
    )
    assert from_plain(json.loads(json.dumps(to_plain(made)))) == made


def test_errors_cross_the_processes(tmp_path: Path) -> None:
    """An error of the tree arrives as the same class with the same message."""
    cases = [
        (tmp_path / "missing.pdf", MissingFileError),
        (factories.encrypted(tmp_path / "locked.pdf", password="x"), EncryptedFileError),  # noqa: S106
    ]
    for path, error in cases:
        with pytest.raises(error) as apart:
            read_apart(path, settings=Settings())
        with pytest.raises(error) as here:
            read_document(path, settings=Settings())
        assert str(apart.value) == str(here.value)


@POSIX
def test_a_native_abort_stays_in_the_child(tmp_path: Path) -> None:
    """A page on which PDFium aborts ends the document there; the pages before it are kept."""
    path = tmp_path / "bomb.pdf"
    path.write_bytes(hostile_pages.page_bomb(1 << 28))
    document = read_apart(path, settings=replace(LIMITED, max_read_memory=400_000_000))
    quality = document.quality
    assert (quality.pages, quality.pages_read, quality.stopped_at) == (3, 1, 2)
    assert quality.pages_unread == (2, 3)
    assert quality.pages_blank == ()
    assert quality.warnings[0].startswith("Reading was stopped at page 2")
    assert document.text.startswith("The Ministry shall open")


@POSIX
def test_a_slow_page_costs_its_layout_alone(tmp_path: Path) -> None:
    """A page that takes too long is read without its layout, and the next as ever."""
    path = slow_page(tmp_path / "slow.pdf")
    document = read_apart(path, settings=LIMITED)
    assert "page 1 was read without its layout: its layout took more" in (
        document.quality.warnings[0].lower()
    )
    assert document.quality.pages_read == 2
    assert "twelve service centres" in document.text


@POSIX
def test_an_endless_search_costs_the_layout_alone(tmp_path: Path) -> None:
    """Objects that refer to each other hold pdfminer for ever; PDFium's text is kept."""
    path = tmp_path / "object-loop-information.pdf"
    path.write_bytes(dict(hostile_pdf.KINDS["references"]())[path.name])
    document = read_apart(path, settings=LIMITED)
    assert document.quality.pages_read == 3
    assert "Page 1 was read without its layout" in document.quality.warnings[0]


@POSIX
def test_a_death_on_the_file_s_own_lists_costs_those_alone(tmp_path: Path) -> None:
    """PDFium dies on labels that loop; the pages are read again without them, and all kept."""
    path = tmp_path / "labels-loop.pdf"
    trees = dict(hostile_pdf.KINDS["trees"]())
    path.write_bytes(trees[path.name])
    document = read_apart(path, settings=Settings())
    assert document.quality.pages_read == 3
    assert document.quality.stopped_at == 0
    assert document.quality.warnings[0].startswith("The file's outline, page labels and title")


def test_a_child_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence beyond the page's seconds ends the process, and the error names the page."""
    code = "print(json.dumps({'page': 1}), flush=True)\ntime.sleep(600)"
    monkeypatch.setattr(process, "_start", speaking(code))
    monkeypatch.setattr(process, "_PATIENCE", 2)
    start = time.monotonic()
    with pytest.raises(ReaderStoppedError, match="page 1: it took more than 2 seconds") as caught:
        read_apart(tmp_path / "a.pdf", settings=Settings(max_page_seconds=1))
    assert caught.value.page == 1
    assert time.monotonic() - start < 15


def test_a_child_that_chatters_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signs of life do not lengthen the seconds of a document."""
    code = "while True:\n print(json.dumps({'page': 1}), flush=True)\n time.sleep(0.05)"
    monkeypatch.setattr(process, "_start", speaking(code))
    with pytest.raises(ReaderStoppedError, match="2 seconds in all"):
        read_apart(tmp_path / "a.pdf", settings=Settings(max_read_seconds=2))


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
        ("sys.exit(3)", "code 3"),
        ("print('{\"document\": {'); sys.exit(0)", "code 0"),
        ("print(json.dumps({'broke': 'Traceback', 'why': 'KeyError'}))", "failed with KeyError"),
    ],
)
@POSIX
def test_each_death_has_its_words(
    code: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the process ends, it is an error of the tree that says how."""
    monkeypatch.setattr(process, "_start", speaking(code))
    with pytest.raises(ReaderStoppedError, match=why):
        read_apart(tmp_path / "a.pdf", settings=Settings())


def child(task: dict[str, object]) -> subprocess.Popen[bytes]:
    """Start a real reading process with a task."""
    started = subprocess.Popen(
        [sys.executable, "-P", "-m", "gcm_align.reading.child"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert started.stdin is not None
    started.stdin.write(json.dumps(task).encode() + b"\n")
    started.stdin.flush()
    return started


@POSIX
def test_a_child_does_not_outlive_its_parent(tmp_path: Path) -> None:
    """When the parent's end of the pipe closes, a child in the midst of a page ends at once."""
    path = slow_page(tmp_path / "slow.pdf")
    task = {"path": str(path), "settings": Settings().as_dict(), "want": "document", "pages": 0,
            "lists": True}  # fmt: skip
    started = child(task)
    assert started.stdin is not None
    assert started.stdout is not None
    assert json.loads(started.stdout.readline()) == {"page": 1}
    started.stdin.close()
    assert started.wait(10) != 0
    started.stdout.close()


REFUSALS = (
    "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)",
    "import socket; socket.getaddrinfo('localhost', 80)",
    "import pickle; pickle.loads(b'cos\\nsystem\\n(S\"true\"\\ntR.')",
    "import os; os.system('true')",
    "import subprocess; subprocess.run(['/bin/true'])",
    "import os; os.fork()",
)


@pytest.mark.parametrize("code", REFUSALS)
@POSIX
def test_nothing_is_executed_or_fetched(code: str) -> None:
    """The network, other programs and pickled classes are refused while a document is read."""
    lines = (
        "import sys\nfrom gcm_align.reading.child import refuse\n"
        f"sys.addaudithook(refuse)\ntry:\n    {code}\n"
        "except PermissionError as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert "is refused while a document is read" in done.stdout


@POSIX
def test_memory_is_limited() -> None:
    """A process that limits itself cannot take more memory than the setting."""
    lines = (
        "from gcm_align.reading.child import limit_resources\n"
        "from gcm_align.settings import Settings\n"
        "limit_resources(Settings(max_read_memory=500_000_000))\n"
        "bytearray(100_000_000)\n"
        "try:\n    bytearray(600_000_000)\nexcept MemoryError:\n    print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ("refused" if sys.platform == "linux" else done.stdout.strip())


def test_character_maps_come_from_the_package_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a variable nor the working folder makes the reader load a character map."""
    marker = tmp_path / "executed"
    pickled = b"cos\nsystem\n(S'touch " + str(marker).encode() + b"'\ntR."
    codes = {str(code): code for code in range(256)}
    for folder in (tmp_path, tmp_path / "maps"):
        folder.mkdir(exist_ok=True)
        (folder / "evil.pickle.gz").write_bytes(gzip.compress(pickled))
        (folder / "evil.json.gz").write_bytes(
            gzip.compress(json.dumps({"CODE2CID": codes, "IS_VERTICAL": False}).encode())
        )
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /evil /DescendantFonts [<< /Type "
        b"/Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering "
        b"(Identity) /Supplement 0 >> >>] /ToUnicode 4 0 R >>"
    )
    meaning = hostile_pdf.stream(b"1 beginbfrange <00> <FF> <0000> endbfrange")
    path = tmp_path / "policy.pdf"
    path.write_bytes(hostile_pdf.build(hostile_pdf.parts(fonts=font, extra={4: meaning})))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CMAP_PATH", str(tmp_path / "maps"))
    loaded = "from pdfminer.cmapdb import CMapDB; print(len(CMapDB.get_cmap('evil').code2cid))"
    here = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert here.stdout.strip() == "256"  # the variable does work where nothing is done about it
    apart = read_apart(path, settings=Settings())
    monkeypatch.delenv("CMAP_PATH")
    assert apart == read_apart(path, settings=Settings())
    assert not marker.exists()


def test_too_much_text_is_refused(tmp_path: Path) -> None:
    """A file whose text exceeds the limit is refused, whatever its size in bytes."""
    path = factories.policy(tmp_path / "policy.pdf")
    with pytest.raises(LimitExceededError, match="max_chars"):
        read_apart(path, settings=Settings(max_chars=100))


@POSIX
def test_what_was_not_read_is_no_gap(tmp_path: Path, engine: Engine) -> None:
    """A document whose reading was stopped is assessed, listed as skipped, and shows no gap."""
    path = tmp_path / "bomb.pdf"
    path.write_bytes(hostile_pages.page_bomb(1 << 28))
    limited = replace(engine, settings=replace(LIMITED, max_read_memory=400_000_000))
    report = align([path], engine=limited).report
    assert [(s.error, s.page) for s in report.skipped] == [("ReaderStoppedError", 2)]
    assert report.documents[0].quality.pages_unread == (2, 3)
    assert not [a for a in report.assessments if a.level is Level.GAP]


SAMPLED = [
    (kind, at) for kind in make_hostile_corpus.KINDS for at in (1, -2) if kind not in {"bombs"}
]  # the whole of it: scripts/run_hostile_corpus.py


def test_a_sample_of_the_corpus(tmp_path: Path) -> None:
    """Hostile files of each kind end in time as an error of the tree or a sound document."""
    paths = []
    for kind, at in SAMPLED:
        name, data = list(make_hostile_corpus.KINDS[kind]())[at]
        paths.append(tmp_path / f"{kind}-{name}")
        paths[-1].write_bytes(data)
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda path: run_hostile_corpus.run_one(path, LIMITED), paths))
    assert [r for r in results if r.fault] == []
    assert len({r.outcome for r in results}) >= 3


def test_the_corpus_is_large_and_always_the_same(tmp_path: Path) -> None:
    """Without the bombs the corpus has more than 200 files, equal in two runs, no name twice."""
    kinds = [kind for kind in make_hostile_corpus.KINDS if kind not in {"bombs", "containers"}]
    first, second = (list(make_hostile_corpus.hostile_files(kinds)) for _ in range(2))
    assert first == second
    assert len({(kind, name) for kind, name, _ in first}) == len(first) >= 200


def test_a_contradiction_in_a_document_is_seen(tmp_path: Path) -> None:
    """The judge of the corpus run does find pages that are not accounted for."""
    document = read_document(factories.policy(tmp_path / "p.pdf"), settings=Settings())
    assert run_hostile_corpus.contradiction(document) == ""
    short = replace(document, quality=replace(document.quality, pages_read=2))
    assert "2 pages are accounted for of 3" in run_hostile_corpus.contradiction(short)
    swapped = replace(document, blocks=document.blocks[::-1])
    assert "does not follow" in run_hostile_corpus.contradiction(swapped)
    odd = replace(document, text=document.text[:-1] + "\ud800")
    assert "cannot be written" in run_hostile_corpus.contradiction(odd)


def test_every_error_can_cross() -> None:
    """Each reading error that the child may raise is rebuilt by name from its four parts."""
    for kind in ReadingError.__subclasses__():
        if kind is ReaderStoppedError:
            continue  # raised by the parent alone
        fault = {"type": kind.__name__, "what": "w", "value": "v", "expected": "e", "hint": "h"}
        assert type(process._fault(fault)) is kind
