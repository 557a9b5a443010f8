from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import factories
import pytest

from gcm_align.engine import Engine
from gcm_align.errors import (
    CorruptFileError,
    EmptyFileError,
    EncryptedFileError,
    LimitExceededError,
    MissingFileError,
    NotAFileError,
    NoTextError,
    ReadingError,
    UnreadableFileError,
    UnsupportedFormatError,
)
from gcm_align.pipeline import align
from gcm_align.reading import read_document
from gcm_align.settings import Settings


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def no_pages(path: Path) -> Path:
    return written(path, b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF")


def folder(path: Path) -> Path:
    path.mkdir()
    return path


CASES: list[tuple[str, Callable[[Path], Path], type[ReadingError]]] = [
    ("missing.pdf", lambda path: path, MissingFileError),
    ("folder.pdf", folder, NotAFileError),
    ("empty.pdf", lambda path: written(path, b""), EmptyFileError),
    ("locked.pdf", lambda path: factories.encrypted(path, password="x"), EncryptedFileError),  # noqa: S106
    ("cut.pdf", factories.truncated, CorruptFileError),
    ("no-pages.pdf", no_pages, CorruptFileError),
    ("word.pdf", lambda path: written(path, b"PK\x03\x04" + b"\x00" * 99), CorruptFileError),
    ("picture.pdf", lambda path: written(path, b"\x89PNG\r\n" * 9), UnsupportedFormatError),
    ("letter.txt", lambda path: written(path, b"{\\rtf1 Law}"), UnsupportedFormatError),
    ("binary.txt", lambda path: written(path, bytes(range(32)) * 9), UnsupportedFormatError),
    ("blanks.txt", lambda path: written(path, b" \n\n\t\n"), NoTextError),
]


@pytest.mark.parametrize(("name", "make", "error"), CASES, ids=[case[0] for case in CASES])
def test_each_fault_is_an_error_of_the_tree(
    tmp_path: Path, name: str, make: Callable[[Path], Path], error: type[ReadingError]
) -> None:
    """Each fault has its own error, which names the file and says what to do."""
    path = make(tmp_path / name)
    with pytest.raises(ReadingError) as caught:
        read_document(path, settings=Settings())
    assert type(caught.value) is error
    assert caught.value.exit_code == 3
    assert name in str(caught.value)
    assert caught.value.expected
    assert caught.value.hint


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_without_permission(tmp_path: Path) -> None:
    """A file that the user may not read is told from a missing one."""
    path = factories.policy(tmp_path / "secret.pdf")
    path.chmod(0)
    with pytest.raises(UnreadableFileError):
        read_document(path, settings=Settings())


def test_an_input_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the operating system refuses is an error of the tree, with its reason."""

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = factories.policy(tmp_path / "secret.pdf")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(UnreadableFileError, match="Permission denied"):
        read_document(path, settings=Settings())


def test_limits(tmp_path: Path) -> None:
    """A file beyond the limits of the settings is refused before it is read."""
    path = factories.policy(tmp_path / "policy.pdf")
    with pytest.raises(LimitExceededError, match="3 pages"):
        read_document(path, settings=Settings(max_pages=2))
    with pytest.raises(LimitExceededError, match="bytes"):
        read_document(path, settings=Settings(max_bytes=100))


def test_a_page_of_too_many_characters_is_read_without_layout(tmp_path: Path) -> None:
    """The limit of one page costs its layout, not its text, and is reported."""
    path = factories.policy(tmp_path / "policy.pdf")
    document = read_document(path, settings=Settings(max_page_chars=10))
    assert "Labour inspectors" in document.text
    assert len(document.quality.warnings) == 3


def test_an_owner_password_does_not_stop_reading(tmp_path: Path) -> None:
    """A PDF that opens without a password is read, whatever it forbids."""
    path = factories.encrypted(tmp_path / "owned.pdf", password="")
    assert read_document(path, settings=Settings()).text == factories.PROSE


def test_a_wrong_extension_does_not_matter(tmp_path: Path) -> None:
    """Content decides: a PDF named .txt is a PDF, a text named .pdf is text."""
    pdf = factories.policy(tmp_path / "policy.txt")
    text = written(tmp_path / "notes.pdf", factories.PROSE.encode())
    assert read_document(pdf, settings=Settings()).media_type == "application/pdf"
    assert read_document(text, settings=Settings()).media_type == "text/plain"


def test_a_broken_page_does_not_lose_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page whose layout fails keeps its text, with a warning that names it."""
    from gcm_align.reading import pdf

    whole = pdf._upright_layout

    def fail(page: object, number: int) -> object:
        if number == 2:
            raise ValueError("a font without widths")
        return whole(page, number)  # type: ignore[arg-type]

    monkeypatch.setattr(pdf, "_upright_layout", fail)
    document = read_document(factories.policy(tmp_path / "policy.pdf"), settings=Settings())
    assert document.quality.pages_read == 3
    assert "whatever the papers" in document.text
    assert document.quality.warnings[0].startswith("Page 2")


def test_the_others_still_finish(tmp_path: Path, engine: Engine) -> None:
    """In a run over several files the unreadable ones are listed and the rest is assessed."""
    good = factories.policy(tmp_path / "policy.pdf")
    bad = [tmp_path / "missing.pdf", factories.truncated(tmp_path / "cut.pdf")]
    report = align([bad[0], good, bad[1]], engine=engine).report
    assert [d.name for d in report.documents] == ["policy.pdf"]
    assert [s.error for s in report.skipped] == ["MissingFileError", "CorruptFileError"]
