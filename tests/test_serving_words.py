"""Every word of ours on every page of the web application can be translated."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pseudo import CLOSE, OPEN, pseudo_folder
from report_factory import full_report
from test_serving import PASSWORD, TEXT, library, log_in, made_report, token, upload
from test_spoken_words import data_of, left_over, lone_words, page_text, unmarked
from typer.testing import CliRunner

from gcm_align.cli import app as command
from gcm_align.errors import ArtifactError
from gcm_align.serving.accounts import Role
from gcm_align.serving.app import create_app
from gcm_align.serving.order import sectors_of
from gcm_align.serving.worker import work_once
from gcm_align.types import Report, Skipped

# Names: of the product, and of people and places made here.
OWN = {"gcm", "align", "ana", "ben", "rita", "Norland"}


@pytest.fixture(scope="module")
def locale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo_folder(tmp_path_factory.mktemp("locale"))


@pytest.fixture
def spoken(tmp_path: Path, locale: Path) -> Iterator[TestClient]:
    """A server for a team, in the made language, with two documents, reviewed by two."""
    app = create_app(tmp_path / "web", login=True, hosts=["testserver"], worker=False,
                     language="xx", locale=locale)  # fmt: skip
    for name, role in (("ana", Role.REVIEWER), ("ben", Role.REVIEWER), ("rita", Role.READER)):
        app.state.accounts.add_user(name, PASSWORD, role)
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


def wrong(client: TestClient, page: str, code: int = 200) -> set[str]:
    """Return the words of a page that stand outside the marks."""
    answer = client.get(page)
    assert answer.status_code == code, page
    return wrong_words(client, answer.text)


def wrong_words(client: TestClient, text: str) -> set[str]:
    assert 'lang="xx"' in text
    sectors = {word for name in sectors_of(library(client).framework) for word in name.split("_")}
    sentences, words = _data()
    return left_over(page_text(text), sentences) - words - OWN - sectors


@cache
def _data() -> tuple[list[str], set[str]]:
    """Return the sentences and the lone words of the catalogue and of the reports made here."""
    report = full_report(("act.md",))
    return data_of(report, full_report(("new.md",))), lone_words(report)


def test_every_page_speaks_the_language(spoken: TestClient) -> None:
    """No page, of documents, reviews, comparisons, login or faults, holds a word outside."""
    assert wrong(spoken, "/login") == set()
    data = {"form_token": token(spoken, "/login"), "name": "ana", "password": "wrong"}
    assert wrong_words(spoken, spoken.post("/login", data=data).text) == set()
    assert log_in(spoken, "ana") == 303
    for page in ("/", "/heatmap"):
        assert wrong(spoken, page) == set(), page
    assert upload(spoken, ("act.md", TEXT), ("new.md", TEXT + b"More.\n")) == 303
    entry, other = library(spoken).entries()
    where = f"/documents/{entry.sha256}"
    for page in ("/", where):  # while they wait
        assert wrong(spoken, page) == set(), page
    while work_once(library(spoken), made_report):
        pass
    ben = TestClient(spoken.app, follow_redirects=False)
    assert log_in(ben, "ben") == 303
    for client, levels in ((spoken, "012"), (ben, "013")):
        for action, level in zip(("1.a", "1.b", "1.c"), levels, strict=True):
            sent = {"form_token": token(client, where), "decision": level, "note": "1"}
            assert client.post(f"{where}/review/{action}", data=sent).status_code == 303
    digests = [entry.sha256, other.sha256]
    for mode in ("drafts", "documents"):
        chosen = {"form_token": token(spoken), "mode": mode, "document": digests}
        assert spoken.post("/comparisons", data=chosen).status_code == 303
    library(spoken).ask(entry.sha256)
    while work_once(library(spoken), made_report):
        pass
    for page in ("/", "/heatmap", where, f"{where}?text=zzzz", f"{where}/review/1.c",
                 "/comparisons/1", "/comparisons/2"):  # fmt: skip
        assert wrong(spoken, page) == set(), page
    for action in [action.id for action in library(spoken).framework.actions][::13]:
        for kind in ("actions", "review"):
            assert wrong(spoken, f"{where}/{kind}/{action}") == set(), (kind, action)
    assert wrong(spoken, "/nothing", 404) == set()


def test_what_a_reader_is_shown_and_refused_is_spoken(spoken: TestClient) -> None:
    """A reader's workspace, a form without its reason, a refused file and faults are too."""
    assert log_in(spoken, "ana") == 303
    assert upload(spoken, ("act.md", TEXT)) == 303
    while work_once(library(spoken), made_report):
        pass
    (entry,) = library(spoken).entries()
    where = f"/documents/{entry.sha256}/review/2.a"
    sent = {"form_token": token(spoken, where), "decision": "not_applicable"}
    for page, data in (
        (where, sent),
        (where, {**sent, "decision": "note"}),
        (where, {**sent, "decision": "none"}),
        (where, {"decision": "1"}),
        ("/upload", {**sent, "status": "draft"}),
        ("/comparisons", {**sent, "mode": "none"}),
    ):
        answer = spoken.post(page, data=data)
        assert answer.status_code >= 400
        # What is named is data: the value of a field, the kinds that there are.
        assert wrong_words(spoken, answer.text) - {"documents", "drafts", "countries"} == set()
    reader = TestClient(spoken.app, follow_redirects=False)
    assert log_in(reader, "rita") == 303
    assert wrong(reader, "/") == set()
    assert wrong(reader, where, 403) == set()


def test_all_decided_is_said_in_the_language(spoken: TestClient) -> None:
    """The end of the queue too, with how many verdicts were looked at."""
    assert log_in(spoken, "ana") == 303
    assert upload(spoken, ("act.md", TEXT)) == 303

    def short(path: Path, progress: Callable[[str, int, int], None]) -> Report:
        report = made_report(path, progress)
        return replace(report, assessments=report.assessments[:1])

    while work_once(library(spoken), short):
        pass
    (entry,) = library(spoken).entries()
    where = f"/documents/{entry.sha256}/review"
    answer = spoken.get(where)
    while answer.status_code == 303:
        here = answer.headers["location"].partition("?")[0]
        sent = {"form_token": token(spoken, here), "decision": "1"}
        spoken.post(here, data=sent)
        answer = spoken.get(where)
    assert wrong(spoken, where) == set()
    assert f"{OPEN}All " in answer.text


def test_progress_and_failures_are_spoken(spoken: TestClient) -> None:
    """Stages told while one waits, and what a failed run left behind."""
    assert log_in(spoken, "ana") == 303
    assert upload(spoken, ("act.md", TEXT)) == 303

    def assess(path: Path, progress: Callable[[str, int, int], None]) -> Report:
        progress("read", 3, 9)
        raise RuntimeError(str(path))

    worker = threading.Thread(target=work_once, args=(library(spoken), assess))
    with spoken.stream("GET", "/events") as answer:
        worker.start()
        told = [line for line in answer.iter_lines() if line.startswith("data: ")]
    worker.join()
    assert told
    said = " ".join(line.removeprefix("data: ") for line in told)
    assert re.findall("[a-z]{3,}", unmarked(said)) == []
    assert wrong(spoken, "/") == set()

    def refuse(path: Path, _: Callable[[str, int, int], None]) -> Report:
        why = Skipped(path=str(path), error="NoTextError", message="2 1.")
        return replace(full_report(), documents=(), assessments=(), skipped=(why,))

    (entry,) = library(spoken).entries()
    library(spoken).ask(entry.sha256)
    assert work_once(library(spoken), refuse)
    assert wrong(spoken, f"/documents/{entry.sha256}") == set()


def test_a_fault_of_ours_is_spoken(spoken: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer that is given outside of everything else is in the language as well."""
    assert log_in(spoken, "ana") == 303

    def fail() -> None:
        raise RuntimeError

    monkeypatch.setattr(library(spoken), "entries", fail)
    assert wrong(spoken, "/", 500) == set()


def test_one_server_does_not_change_another(
    tmp_path: Path, locale: Path, spoken: TestClient
) -> None:
    """Two servers of one process answer each in its language, at the same time."""
    app = create_app(tmp_path / "other", hosts=["testserver"], worker=False)
    english = TestClient(app)
    faults: list[str] = []

    def ask(client: TestClient, page: str, code: str) -> None:
        for _ in range(10):
            text = client.get(page).text
            if f'lang="{code}"' not in text or (OPEN in text) != (code == "xx"):
                faults.append(code)

    threads = [threading.Thread(target=ask, args=args)
               for args in ((english, "/", "en"), (spoken, "/login", "xx"))]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert CLOSE not in english.get("/").text


def test_an_unknown_language_is_refused_at_the_start(tmp_path: Path) -> None:
    """The command names those that there are, before anything is served."""
    with pytest.raises(ArtifactError, match="no translation"):
        create_app(tmp_path / "web", language="../xx")
    told = CliRunner().invoke(command, ["serve", "--language", "zz", "--data", str(tmp_path / "w")])
    assert told.exit_code != 0
    shown = told.output + str(told.exception)
    assert "zz" in shown
    assert "one of en" in shown
