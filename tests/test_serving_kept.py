"""Comparisons that are kept, archives that are uploaded, texts without pages, vendored files."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from report_factory import full_report
from test_serving import HOSTILE, PASSWORD, TEXT, assessed, library, log_in, made_report, token

from gcm_align.reading import read_apart
from gcm_align.serving.accounts import Role
from gcm_align.serving.app import create_app
from gcm_align.serving.library import Library
from gcm_align.serving.texts import MOST_BLOCKS, Texts, pane
from gcm_align.serving.uploads import LIMITS, take
from gcm_align.serving.worker import work_once
from gcm_align.settings import Settings
from gcm_align.types import Evidence, Report


@pytest.fixture
def web(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(tmp_path / "web", hosts=["testserver"], worker=False, local_user="ana")
    with TestClient(app, follow_redirects=False) as made:
        yield made


def kept_comparison(web: TestClient, mode: str = "drafts", title: str = "") -> tuple[str, str]:
    """Compare two documents; return the comparison's link and the first document's digest."""
    one = assessed(web, "old.md")
    other = assessed(web, "new.md", TEXT + b"More.\n")
    data = {"form_token": token(web), "mode": mode, "document": [one, other], "title": title}
    answer = web.post("/comparisons", data=data)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"], one


@pytest.mark.parametrize("mode", ["drafts", "documents", "countries"])
def test_a_comparison_stays_under_its_link(web: TestClient, tmp_path: Path, mode: str) -> None:
    """It is listed with who made it, opens again after a restart, and comes in three forms."""
    link, one = kept_comparison(web, "documents" if mode == "countries" else mode, "Spring <draft>")
    if mode == "countries":
        library(web).describe(one, country="Sudland", status="draft")
        chosen = [entry.sha256 for entry in library(web).entries()]
        data = {"form_token": token(web), "mode": mode, "document": chosen,
                "title": "Spring <draft>"}  # fmt: skip
        link = web.post("/comparisons", data=data).headers["location"]
    start = web.get("/").text
    assert f'href="{link}">Spring &lt;draft&gt;</a>' in start
    assert "by ana" in start
    again = create_app(tmp_path / "web", hosts=["testserver"], worker=False)
    with TestClient(again) as later:
        text = later.get(link).text
        assert "Spring &lt;draft&gt;" in text
        assert text.count("<main") == 1
        for form in ("html", "xlsx", "csv"):
            answer = later.get(f"{link}/export/{form}")
            assert answer.status_code == 200
            assert len(answer.content) > 1000
        assert later.get(f"{link}/export/..%2Fkey").status_code == 404
        assert later.get("/comparisons/99").status_code == 404


def test_a_file_is_named_once_in_a_line(web: TestClient) -> None:
    """Where the report is called as its file is, no page says it twice."""
    link, _digest = kept_comparison(web)
    for address in (link, f"{link}/export/html"):
        text = web.get(address).text
        assert "old.md" in text
        assert "old.md: old.md" not in text
    kept = web.get(link).text
    (heading,) = re.findall("<h1>(.*)</h1>", kept)
    assert heading == "Two drafts of one text"


def test_a_comparison_says_when_a_run_was_redone(web: TestClient) -> None:
    """Another run of one document is told in list and page until somebody has seen it."""
    link, one = kept_comparison(web)
    assert "ssessed again since" not in web.get("/").text + web.get(link).text
    library(web).ask(one)
    assert "ssessed again since" not in web.get(link).text, "it has not ended"
    work_once(library(web), made_report)
    assert "assessed again since" in web.get("/").text
    assert "old.md. What you see below is of the newer run" in web.get(link).text
    web.post(f"{link}/renew", data={"form_token": token(web)})
    assert "ssessed again since" not in web.get("/").text + web.get(link).text


def test_what_a_file_says_of_itself_is_no_markup(web: TestClient) -> None:
    """A hostile title in a file's metadata is escaped where a comparison names it."""
    for content, name in ((TEXT, "old.md"), (TEXT + b"More.\n", "new.md")):
        library(web).add(content, name, country="", status="draft", user="ana")

    def titled(path: Path, progress: Callable[[str, int, int], None]) -> Report:
        report = made_report(path, progress)
        return replace(report, documents=(replace(report.documents[0], title=HOSTILE),))

    while work_once(library(web), titled):
        pass
    digests = [entry.sha256 for entry in library(web).entries()]
    data = {"form_token": token(web), "mode": "drafts", "document": digests}
    link = web.post("/comparisons", data=data).headers["location"]
    for address in (link, f"{link}/export/html"):
        text = web.get(address).text
        assert "&lt;script&gt;alert" in text
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_what_cannot_be_compared_is_not_kept(web: TestClient) -> None:
    """One draft alone, an unknown kind and a document that waits are refused with a reason."""
    one = assessed(web)
    waits = library(web).add(TEXT + b"x", "w.md", country="", status="draft", user="ana").sha256
    form = {"form_token": token(web)}
    for mode, chosen, why in (
        ("drafts", [one], "Nothing can be compared"), ("ranking", [one], "is unknown"),
        ("drafts", [one, waits], "not been assessed"),
    ):  # fmt: skip
        answer = web.post("/comparisons", data={**form, "mode": mode, "document": chosen})
        assert answer.status_code == 400
        assert why in answer.text
    assert web.app.state.comparisons.all() == []  # type: ignore[attr-defined]


def test_only_reviewers_keep_and_remove_comparisons(tmp_path: Path) -> None:
    """A reader opens and exports; keeping and removing are refused, and what is done is logged."""
    app = create_app(tmp_path / "web", login=True, hosts=["testserver"], worker=False)
    for name, role in (("ana", Role.REVIEWER), ("rita", Role.READER)):
        app.state.accounts.add_user(name, PASSWORD, role)
    with TestClient(app, follow_redirects=False) as writer:
        reader = TestClient(app, follow_redirects=False)
        assert (log_in(writer, "ana"), log_in(reader, "rita")) == (303, 303)
        link, one = kept_comparison(writer)
        assert reader.get(link).status_code == 200
        assert "Remove this comparison" not in reader.get(link).text
        form = {"form_token": token(reader)}
        assert reader.post(f"{link}/remove", data=form).status_code == 403
        assert reader.post("/comparisons", data={**form, "document": [one]}).status_code == 403
        assert writer.post(f"{link}/remove", data={}).status_code == 419
        assert writer.post(f"{link}/remove", data={"form_token": token(writer)}).status_code == 303
        assert writer.get(link).status_code == 404
        rows = app.state.library.database.rows("SELECT what FROM audit")
        assert {"compare drafts", "remove comparison"} <= {row["what"] for row in rows}


def test_programs_keep_comparisons_too(web: TestClient) -> None:
    """The interface for programs makes, lists, hands out and removes the same comparisons."""
    link, one = kept_comparison(web)
    accounts = web.app.state.accounts  # type: ignore[attr-defined]
    writer = {"authorization": f"Bearer {accounts.add_token('ana', Role.REVIEWER)}"}
    (listed,) = web.get("/api/comparisons").json()
    body = {"mode": "documents", "documents": listed["documents"], "title": "by a program"}
    assert web.post("/api/comparisons", json=body).status_code == 401
    made = web.post("/api/comparisons", json=body, headers=writer).json()
    assert (made["made_by"], made["redone"]) == ("ana", [])
    where = f"/api/comparisons/{made['id']}"
    assert b"action" in web.get(f"{where}/exports/csv").content
    assert "by a program" in web.get(f"/comparisons/{made['id']}").text
    unknown = {**body, "documents": ["0" * 64, one]}
    assert web.post("/api/comparisons", json=unknown, headers=writer).status_code == 404
    assert web.delete(where, headers=writer).json() == {"removed": True}
    assert web.get(where).status_code == 404
    assert web.get(link).status_code == 200


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_an_archive_becomes_its_documents(web: TestClient, tmp_path: Path) -> None:
    """Each member that is a document is queued; the others are named with the reason."""
    inner = packed({"x.md": TEXT})
    data = packed({
        "laws/act.md": TEXT, "laws/decree.txt": b"The Ministry shall register workers.\n" * 3,
        "photo.png": b"\x89PNG\r\n", "inner.zip": inner, "../../evil.md": TEXT + b"evil",
        "__MACOSX/._act.md": b"x",
    })  # fmt: skip
    form = {"form_token": token(web), "country": "Norland", "status": "in force"}
    answer = web.post("/upload", data=form, files=[("files", ("laws.zip", data))])
    assert answer.status_code == 400
    text = answer.text
    assert "is an archive itself" in text
    assert "photo.png" in text
    assert "no document that is read" in text
    assert "gcm-align-upload" not in text
    entries = library(web).entries()
    assert {e.name for e in entries} == {"act.md", "decree.txt", "evil.md"}
    assert {e.run.state for e in entries if e.run} == {"queued"}
    assert {(e.country, e.status) for e in entries} == {("Norland", "in force")}
    assert not list(tmp_path.rglob("evil.md"))[1:], "it lies in its own folder alone"
    assert {p.parent.parent.name for p in tmp_path.rglob("evil.md")} == {"files"}


def test_an_archive_that_begins_with_a_pdf_is_an_archive(tmp_path: Path) -> None:
    """A member that is stored, not packed, does not make the archive a PDF."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("law.pdf", b"%PDF-1.4\n%%EOF\n")
    made = Library(tmp_path / "web")
    taken = take(made, out.getvalue(), "a.zip", country="", status="draft", user="ana")
    assert [(e.name, e.media_type) for e in taken.entries] == [("law.pdf", "application/pdf")]


def test_a_bomb_is_refused_and_stops_nothing(tmp_path: Path) -> None:
    """What unpacks to far more, too many members and a broken archive are told in words."""
    made = Library(tmp_path / "web")
    small = replace(LIMITS, max_members=3, max_unpacked_bytes=20_000_000)

    def come(data: bytes, limits: Settings = small) -> tuple[list[str], str]:
        taken = take(made, data, "a.zip", country="", status="draft", user="ana", limits=limits)
        return [e.name for e in taken.entries], " ".join(why for _, why in taken.refused)

    names, why = come(packed({"act.md": TEXT, "bomb.txt": b"a " * 8_000_000}))
    assert names == ["act.md"]
    assert "unpacks to far more" in why
    assert str(tmp_path) not in why
    names, why = come(packed({f"{n}.md": TEXT for n in range(4)}))
    assert names == []
    assert "max_members" in why
    names, why = come(packed({"act.md": TEXT})[:-30])
    assert names == []
    assert why
    names, why = come(packed({}) + b"")
    assert (names, bool(why)) == ([], True)


def test_programs_upload_archives(web: TestClient) -> None:
    """Documents and refusals come as lists; an archive sent as one document is refused."""
    accounts = web.app.state.accounts  # type: ignore[attr-defined]
    writer = {"authorization": f"Bearer {accounts.add_token('ana', Role.REVIEWER)}"}
    sent = {"file": ("laws.zip", packed({"act.md": TEXT, "t.png": b"\x89PNG\r\n"}))}
    assert web.post("/api/archives", files=sent).status_code == 401
    answer = web.post("/api/archives", files=sent, headers=writer)
    assert answer.status_code == 201
    assert [d["name"] for d in answer.json()["documents"]] == ["act.md"]
    assert [r["name"] for r in answer.json()["refused"]] == ["laws.zip/t.png"]
    answer = web.post("/api/documents", files=sent, headers=writer)
    assert answer.status_code == 400
    assert "/api/archives" in answer.json()["detail"]


def quoted(text: str, words: str) -> Evidence:
    """A passage of a text, as the assessment would hold it."""
    found = next(e for a in full_report().assessments for e in a.evidence)
    start = text.index(words)
    return replace(found, quote=words, start=start, end=start + len(words))


def test_a_text_without_pages_stands_beside_its_evidence(tmp_path: Path) -> None:
    """The section around the passage is shown with it marked; another reading shows nothing."""
    path = tmp_path / "act.md"
    filler = "\n\n".join(f"Clause {n} shall be read with care." for n in range(60))
    path.write_text(
        "# Act\n\n## Part one\n\nBefore it.\n\nThe Ministry shall license agencies.\n\n"
        f"{filler}\n\n## Part two\n\nElsewhere.\n", encoding="utf-8",
    )  # fmt: skip
    document = read_apart(path, settings=Settings())
    evidence = quoted(document.text, "shall license agencies")
    (found,) = Texts(tmp_path / "texts").panes(path, [evidence])
    marked = [piece for piece in found.pieces if piece.marked]
    assert [piece.marked for piece in marked] == ["shall license agencies"]
    assert marked[0].before.endswith("The Ministry ")
    words = " ".join(piece.before + piece.marked + piece.after for piece in found.pieces)
    assert "Before it." in words
    assert "Elsewhere" not in words
    assert found.section[-1] == "Part one"
    assert found.cut_after
    assert len(found.pieces) <= 2 * MOST_BLOCKS + 1
    assert pane(document, replace(evidence, start=0, end=9)) is None


def test_the_text_beside_the_evidence_is_no_markup(web: TestClient) -> None:
    """Row and review show the passage marked in its section, and whatever it holds escaped."""
    content = f"# Act\n\n## Part one\n\nThe Ministry shall license {HOSTILE} agencies.\n".encode()
    work = {}

    def assess(path: Path, progress: object) -> object:
        document = read_apart(path, settings=Settings())
        evidence = quoted(document.text, "The Ministry shall license")
        report = made_report(path, print)
        item = next(a for a in report.assessments if a.evidence)
        work["action"] = item.action
        changed = replace(item, evidence=(evidence,), counter_evidence=(), nearest=None)
        items = [changed if a is item else a for a in report.assessments]
        return replace(report, assessments=tuple(items))

    library(web).add(content, "act.md", country="", status="draft", user="ana")
    work_once(library(web), assess)  # type: ignore[arg-type]
    sha256 = hashlib.sha256(content).hexdigest()
    for kind in ("actions", "review"):
        text = web.get(f"/documents/{sha256}/{kind}/{work['action']}").text
        assert "<mark>The Ministry shall license</mark>" in text
        assert "Part one" in text
        assert "<script>alert" not in text


def test_vendored_files_are_what_was_published() -> None:
    """Each file of others is whole, named with version and licence, and served by us."""
    folder = files("gcm_align.serving") / "static" / "vendor"
    listed = json.loads((folder / "vendored.json").read_text())
    scripts = {item.name for item in folder.iterdir() if item.name.endswith(".js")}
    assert scripts == set(listed)
    for name, told in listed.items():
        content = (folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == told["sha256"]
        assert told["licence"] == "0BSD"
        licence = (folder / told["licence_file"]).read_text()
        assert "Permission to use, copy, modify, and/or distribute" in licence
        assert re.fullmatch(r"\d+\.\d+\.\d+", told["version"])
    version = listed["htmx.min.js"]["version"]
    assert f'version:"{version}"' in (folder / "htmx.min.js").read_text()


def test_a_filter_asks_for_rows_alone(web: TestClient) -> None:
    """What htmx asks for is the rows and their number; without it the whole page comes."""
    sha256 = assessed(web)
    where = f"/documents/{sha256}?objective=13"
    assert "<main" in web.get(where).text
    text = web.get(where, headers={"hx-request": "true", "hx-target": "found"}).text
    assert "<main" not in text
    assert 'id="13.h"' in text
    assert 'hx-swap-oob="innerHTML">8 of 187' in text
