from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from format_factory import CLAUSE, archive, p, word
from typer.testing import CliRunner

from gcm_align.cli import app
from gcm_align.engine import Engine
from gcm_align.pipeline import align
from gcm_align.reading import collected
from gcm_align.settings import Settings

PNG = b"\x89PNG\r\n\x1a\n"
PAGE = f"<html><p>{CLAUSE}</p></html>"


def test_a_folder_gives_its_documents_in_order(tmp_path: Path) -> None:
    """Documents by content in the order of their paths; the rest is listed, links are not read."""
    (tmp_path / "laws" / ".git").mkdir(parents=True)
    (tmp_path / "laws" / ".git" / "a.txt").write_text(CLAUSE)
    for name, data in {
        "b.txt": CLAUSE.encode(), "a.dat": b"%PDF-1.7", "c.docx": word(p(CLAUSE)),
        "x.json": b"{}", "z.png": PNG, "pack.bin": archive({"in/d.txt": CLAUSE}),
    }.items():  # fmt: skip
        (tmp_path / "laws" / name).write_bytes(data)
    (tmp_path / "laws" / "link.txt").symlink_to(tmp_path / "laws" / "b.txt")
    with collected([tmp_path / "laws"], Settings()) as found:
        assert [own.name for own in found.sources] == [
            "laws/a.dat", "laws/b.txt", "laws/c.docx", "laws/pack.bin/in/d.txt",
        ]  # fmt: skip
        assert found.others == ["laws/link.txt", "laws/x.json", "laws/z.png"]
        assert found.skipped == []


def test_no_member_leaves_the_folder(tmp_path: Path) -> None:
    """Paths in an archive become no paths; the temporary folder goes with the context."""
    names = ["../../up.txt", "/etc/abs.txt", "C:\\win.txt", "in/ok.txt"]
    (tmp_path / "a.zip").write_bytes(archive(dict.fromkeys(names, CLAUSE)))
    with collected([tmp_path / "a.zip"], Settings()) as found:
        places = [own.path.resolve() for own in found.sources]
        room = places[0].parent.parent
        assert len(places) == 4
        assert all(place.is_relative_to(room) and place.is_file() for place in places)
        assert [own.name for own in found.sources][:1] == ["a.zip/up.txt"]
    assert not room.exists()
    assert [own.name for own in tmp_path.iterdir()] == ["a.zip"]


def _link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        member = zipfile.ZipInfo("link.txt")
        member.create_system, member.external_attr = 3, 0o120777 << 16
        container.writestr(member, "/etc/passwd")
        container.writestr("z.txt", CLAUSE)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (archive({"a.zip": archive({"b.txt": CLAUSE}), "z.txt": CLAUSE}), "UnsupportedFormatError"),
        (archive({"a.txt": bytes(30_000_000), "z.txt": CLAUSE}), "LimitExceededError"),
        (_link(), "UnsupportedFormatError"),
    ],
    ids=["nested", "bomb", "link"],
)
def test_a_bad_member_is_told_and_stops_no_other(tmp_path: Path, data: bytes, error: str) -> None:
    """An archive in an archive, a bomb and a link are refused with a reason, one by one."""
    (tmp_path / "a.zip").write_bytes(data)
    with collected([tmp_path / "a.zip"], Settings()) as found:
        assert [own.name for own in found.sources] == ["a.zip/z.txt"]
        assert [own.error for own in found.skipped] == [error]


@pytest.mark.parametrize("limit", ["max_members", "max_bytes", "max_unpacked_bytes"])
def test_limits_hold(tmp_path: Path, limit: str) -> None:
    """Members, bytes of each and bytes of all are limited by settings."""
    (tmp_path / "a.zip").write_bytes(archive({f"{n}.txt": CLAUSE * 9 for n in range(4)}))
    value = {"max_members": 3, "max_bytes": 600, "max_unpacked_bytes": 700}[limit]
    settings = replace(Settings(), **{limit: value})
    with collected([tmp_path / "a.zip"], settings) as found:
        assert {own.error for own in found.skipped} == {"LimitExceededError"}
        assert len(found.sources) == {"max_unpacked_bytes": 1}.get(limit, 0)


def test_a_word_file_and_a_page_are_assessed_end_to_end(tmp_path: Path, engine: Engine) -> None:
    """A Word file and a web page of one archive get verdicts whose quotes stand in the files."""
    clause = "No employer shall retain the passport of a migrant worker; whoever does so is fined."
    page = f"<html><body><h1>Act</h1><p>{clause}</p></body></html>"
    (tmp_path / "a.zip").write_bytes(
        archive({"a.docx": word(p(clause)), "b.html": page, "c.pdf": "%PDF-1.7 x"})
    )
    with collected([tmp_path / "a.zip"], engine.settings) as found:
        result = align(found.sources, engine=engine).with_skipped(found.skipped)
    names = [own.name for own in result.report.documents]
    assert names == ["a.zip/a.docx", "a.zip/b.html"]
    for name in names:
        own = [a for a in result.report.assessments if a.document_id == name and a.action == "6.h"]
        assert own[0].evidence[0].quote == clause
        assert own[0].evidence[0].verified
    page_column = result.evidence["page"]
    assert page_column.isna().all()


def test_the_command_takes_folders(tmp_path: Path, cache_dir: Path) -> None:
    """Analyse reads a folder, names what is no document, and ends with 3 for a broken one."""
    (tmp_path / "laws").mkdir()
    (tmp_path / "laws" / "a.html").write_text(PAGE)
    (tmp_path / "laws" / "b.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "laws" / "z.png").write_bytes(PNG)
    command = ["analyse", str(tmp_path / "laws"), "-o", str(tmp_path / "out"), "-q"]
    done = CliRunner().invoke(app, [*command, "--cache-dir", str(cache_dir)])
    assert done.exit_code == 3
    assert "Not read, no documents by their content: 1 (laws/z.png)" in done.output
    assert (tmp_path / "out" / "matrix.csv").read_text().count("laws/a.html") > 100
