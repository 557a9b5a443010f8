"""The web application by its requests; tests/test_serving_browser.py uses a real browser."""

from __future__ import annotations

import hashlib
import io
import re
import sqlite3
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from report_factory import full_report
from reportlab.pdfgen.canvas import Canvas

from gcm_align.artifacts import examples_path
from gcm_align.engine import Engine
from gcm_align.errors import ReaderStoppedError, ServerDataError, UsageError
from gcm_align.pipeline import align
from gcm_align.reporting.formats import FORMATS
from gcm_align.serving.accounts import MOST_FAILURES, Role
from gcm_align.serving.app import create_app
from gcm_align.serving.backups import read_backup, write_backup
from gcm_align.serving.library import Library, safe_name
from gcm_align.serving.order import review_order
from gcm_align.serving.pages import run_words
from gcm_align.serving.pictures import Pictures
from gcm_align.serving.worker import work_once
from gcm_align.types import Box, Contradiction, Level, Report, Skipped

TEXT = b"# Migration Act\n\nThe Ministry shall license every recruitment agency.\n"
PASSWORD = "correct horse battery"  # noqa: S105 (of users made here)


def made_report(path: Path, _: Callable[[str, int, int], None]) -> Report:
    """A report of this file that no model made."""
    report = full_report((path.name,))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(report, documents=(replace(report.documents[0], sha256=digest),))


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(tmp_path / "web", hosts=["testserver"], worker=False, local_user="ana")
    with TestClient(app, follow_redirects=False) as made:
        yield made


@pytest.fixture
def team(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(tmp_path / "web", login=True, hosts=["testserver"], worker=False)
    for name, role in (("ana", Role.REVIEWER), ("ben", Role.REVIEWER), ("rita", Role.READER)):
        app.state.accounts.add_user(name, PASSWORD, role)
    with TestClient(app, follow_redirects=False) as made:
        yield made


def library(client: TestClient) -> Library:
    found: Library = client.app.state.library  # type: ignore[attr-defined]
    return found


def token(client: TestClient, page: str = "/") -> str:
    found = re.search(r'name="form_token" value="(\w+)"', client.get(page).text)
    assert found, f"{page} holds no form"
    return found[1]


def upload(client: TestClient, *files: tuple[str, bytes], page: str = "/") -> int:
    data = {"form_token": token(client, page), "country": "Norland", "status": "draft"}
    sent = [("files", (name, content)) for name, content in files]
    return client.post("/upload", data=data, files=sent).status_code


def assessed(client: TestClient, name: str = "act.md", content: bytes = TEXT) -> str:
    """Upload a document, let a made report come of it, and return its digest."""
    assert upload(client, (name, content)) == 303
    while work_once(library(client), made_report):
        pass
    return hashlib.sha256(content).hexdigest()


def log_in(client: TestClient, name: str, password: str = PASSWORD) -> int:
    data = {"form_token": token(client, "/login"), "name": name, "password": password}
    return client.post("/login", data=data).status_code


def test_an_empty_workspace_teaches(client: TestClient) -> None:
    """Who comes first is told what will happen, and offered an example."""
    text = client.get("/").text
    assert "Nothing here yet" in text
    assert client.post("/example", data={"form_token": token(client)}).status_code == 303
    assert "Norland (invented)" in client.get("/").text


def test_a_real_policy_goes_from_upload_to_its_clauses(client: TestClient, engine: Engine) -> None:
    """What the library finds is what the pages show: level, quote, place."""
    path = examples_path("policies", "norland-labour-migration-policy.md")
    assert upload(client, (path.name, path.read_bytes())) == 303
    direct = align([path], engine=engine).report
    told: list[str] = []

    def assess(file: Path, progress: Callable[[str, int, int], None]) -> Report:
        def both(stage: str, done: int, total: int) -> None:
            told.append(stage)
            progress(stage, done, total)

        return align([file], engine=engine, progress=both).report

    assert work_once(library(client), assess)
    assert {"read", "assess"} <= set(told)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    shown = library(client).report(sha256)
    assert shown is not None
    assert [a.level for a in shown.assessments] == [a.level for a in direct.assessments]
    page = client.get(f"/documents/{sha256}/actions/6.h").text
    assert "keep the passport" in page
    assert "Why this level" in page


def test_the_same_bytes_are_kept_once(client: TestClient) -> None:
    """A second upload under another name is recognised and asks for no second run."""
    assessed(client)
    assert upload(client, ("copy of act.md", TEXT)) == 303
    assert [entry.name for entry in library(client).entries()] == ["act.md"]
    assert not work_once(library(client), made_report)


def test_one_bad_file_stops_no_other(client: TestClient) -> None:
    """What cannot be taken is named in an analyst's words, the rest is kept."""
    data = {"form_token": token(client), "country": "", "status": "draft"}
    files = [
        ("files", ("a.png", b"\x89PNG\r\n")),
        ("files", ("act.md", TEXT)),
        ("files", ("e", b"")),
    ]
    answer = client.post("/upload", data=data, files=files)
    assert answer.status_code == 400
    assert "a PNG picture" in answer.text
    assert "The file is empty" in answer.text
    assert [entry.name for entry in library(client).entries()] == ["act.md"]


def test_fifty_uploads_wait_their_turn(client: TestClient) -> None:
    """All are kept, assessed in the order of upload, and none is lost."""
    files = [(f"act-{n:02}.md", TEXT + b"%d" % n) for n in range(50)]
    assert upload(client, *files) == 303
    order: list[str] = []

    def assess(path: Path, progress: Callable[[str, int, int], None]) -> Report:
        order.append(path.name)
        return made_report(path, progress)

    while work_once(library(client), assess):
        pass
    assert order == [name for name, _ in files]
    assert all(e.run and e.run.state == "done" for e in library(client).entries())


def test_what_was_under_way_is_done_after_a_restart(client: TestClient, tmp_path: Path) -> None:
    """A run whose process died is queued again; one that dies again and again is ended."""
    upload(client, ("act.md", TEXT))
    for _ in range(2):
        assert library(client).claim() is not None
        again = Library(tmp_path / "web")
        assert again.resume() == 1
    assert work_once(again, made_report)
    (entry,) = again.entries()
    assert entry.run is not None
    assert entry.run.state == "done"
    again.ask(entry.sha256)
    for _ in range(3):
        assert again.claim() is not None
        again.resume()
    (entry,) = again.entries()
    assert entry.run is not None
    assert entry.run.state == "failed"
    assert "several times" in entry.run.message


DYING = """
import sys, time
from pathlib import Path
from gcm_align.serving.library import Library
from gcm_align.serving.worker import work_once

def assess(path, progress):
    progress("read", 3, 9)
    print("reading", flush=True)
    time.sleep(60)

work_once(Library(Path(sys.argv[1])), assess)
"""


def test_nothing_is_lost_when_a_process_is_killed(client: TestClient, tmp_path: Path) -> None:
    """A run whose process was killed goes on after a restart; reviews and the queue are whole."""
    first = assessed(client)
    sent = {"form_token": token(client), "decision": "1"}
    client.post(f"/documents/{first}/review/1.a", data=sent)
    before = library(client).report(first)
    assert upload(client, ("b.md", TEXT + b"b"), ("c.md", TEXT + b"c")) == 303
    command = [sys.executable, "-c", DYING, str(tmp_path / "web")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as dying:
        assert dying.stdout is not None
        assert dying.stdout.readline() == b"reading\n"
        assert "reading page 3 of 9" in [run_words(r) for r in library(client).latest_runs()][1]
        dying.kill()
    again = create_app(tmp_path / "web", hosts=["testserver"], worker=False, local_user="ana")
    made: Library = again.state.library
    assert made.resume() == 1
    while work_once(made, made_report):
        pass
    assert [e.run.state for e in made.entries() if e.run] == ["done"] * 3
    assert made.report(first) == before


def test_nobody_acts_for_another(team: TestClient) -> None:
    """A reader's own valid form changes nothing; a reviewer takes back only their own decision."""
    ben, rita = (TestClient(team.app, follow_redirects=False) for _ in range(2))
    assert [log_in(c, n) for c, n in ((team, "ana"), (ben, "ben"), (rita, "rita"))] == [303] * 3
    sha256 = assessed(team)
    assert upload(team, ("b.md", TEXT + b"b")) == 303
    waiting = next(e for e in library(team).entries() if e.name == "b.md")
    assert waiting.run is not None
    where = f"/documents/{sha256}/review/1.a"
    team.post(where, data={"form_token": token(team, where), "decision": "1"})
    before = (library(team).entries(), library(team).report(sha256))
    own = {"form_token": token(rita), "decision": "undo", "mode": "drafts", "status": "in force"}
    for page in (where, f"/documents/{sha256}/assess", f"/documents/{sha256}/describe", "/upload",
                 "/example", "/comparisons", f"/runs/{waiting.run.id}/cancel"):  # fmt: skip
        assert rita.post(page, data=own).status_code == 403, page
    ben.post(where, data={"form_token": token(ben, where), "decision": "undo"})
    assert (library(team).entries(), library(team).report(sha256)) == before
    stolen = {"form_token": token(team, where), "decision": "2"}
    assert ben.post(where, data=stolen).status_code == 419, "a form is of one session"


def test_a_run_can_be_cancelled(client: TestClient) -> None:
    """A waiting run ends at once, one under way at its next step; it can be asked again."""
    upload(client, ("act.md", TEXT))
    (entry,) = library(client).entries()
    assert entry.run is not None
    cancel = {"form_token": token(client)}

    def slow(path: Path, progress: Callable[[str, int, int], None]) -> Report:
        client.post(f"/runs/{entry.run.id if entry.run else 0}/cancel", data=cancel)
        progress("read", 1, 9)
        raise AssertionError("it went on")

    assert work_once(library(client), slow)
    (entry,) = library(client).entries()
    assert entry.run is not None
    assert entry.run.state == "cancelled"
    page = f"/documents/{entry.sha256}"
    client.post(f"{page}/assess", data={"form_token": token(client)})
    assert work_once(library(client), made_report)
    assert client.get(page).status_code == 200


def test_progress_is_told_until_the_end(client: TestClient) -> None:
    """The stream names stage and page, and closes when the run has ended."""
    upload(client, ("act.md", TEXT))
    (entry,) = library(client).entries()
    assert entry.run is not None

    def assess(path: Path, progress: Callable[[str, int, int], None]) -> Report:
        progress("read", 3, 9)
        return made_report(path, progress)

    worker = threading.Thread(target=work_once, args=(library(client), assess))
    with client.stream("GET", "/events") as answer:
        lines = (line for line in answer.iter_lines() if line)
        told = [next(lines), next(lines)]  # before anything happens
        worker.start()
        told += lines
    worker.join()
    pairs = list(zip(told[::2], told[1::2], strict=True))
    run = f"event: run-{entry.run.id}"
    assert pairs[0] == (run, "data: waits for its turn")
    assert (run, "data: assessed") in pairs
    assert [event for event, _ in pairs[-3:]] == [
        f"event: over-{entry.run.id}", "event: finished", "event: ended"
    ]  # fmt: skip


def test_a_failure_is_told_without_paths(client: TestClient, tmp_path: Path) -> None:
    """Neither a refused file nor a fault of ours shows a folder or a trace."""
    upload(client, ("act.md", TEXT))

    def refuse(path: Path, _: Callable[[str, int, int], None]) -> Report:
        why = Skipped(path=str(path), error="NoTextError", message=f"{path}: no text.")
        return replace(full_report(), documents=(), assessments=(), skipped=(why,))

    def fail(path: Path, _: Callable[[str, int, int], None]) -> Report:
        raise RuntimeError(str(path))

    for assess in (refuse, fail):
        (entry,) = library(client).entries()
        library(client).ask(entry.sha256)
        work_once(library(client), assess)
        text = client.get("/").text
        assert "could not be assessed" in text
        assert str(tmp_path) not in text
        assert "Traceback" not in text


def test_rows_are_filtered_and_searched(client: TestClient) -> None:
    """Each filter leaves exactly the rows that pass it; an empty answer says what to do."""
    sha256 = assessed(client)
    report = library(client).report(sha256)
    assert report is not None

    def ids(query: str) -> list[str]:
        text = client.get(f"/documents/{sha256}?{query}").text
        return re.findall(r'<li id="([\w.]+)"', text)

    assert len(ids("")) == 187
    assert ids("objective=13") == [a.action for a in report.assessments if a.action[:3] == "13."]
    flagged = {a.action for a in report.assessments if a.contradiction != Contradiction.NONE}
    assert set(ids("flag=1")) == flagged
    assert flagged
    assert set(ids("state=nr")) <= {a.action for a in report.assessments if a.level is None}
    words = library(client).framework.action("6.h").text.split()[:5]
    assert "6.h" in ids(f"text={'+'.join(words)}")
    assert ids("text=zzzz") == []
    assert "Take one away" in client.get(f"/documents/{sha256}?text=zzzz").text


def test_the_order_of_review_is_that_of_the_method(client: TestClient) -> None:
    """Contradictions, tensions, open ones, claims, gaps, a sample; each once, the same again."""
    sha256 = assessed(client)
    report = library(client).report(sha256)
    assert report is not None
    framework = library(client).framework
    tasks = review_order(report, framework)
    rank = ["contradiction", "tension", "needs-review", "operationalised", "gap", "sample"]
    places = [rank.index(task.why) for task in tasks]
    assert places == sorted(places)
    assert len({task.action.id for task in tasks}) == len(tasks)
    assert tasks == review_order(report, framework)
    for task in tasks:
        if task.why == "operationalised":
            assert task.item.level == Level.OPERATIONALISED
        if task.why == "needs-review":
            assert task.item.level is None
    led = [t.action for t in review_order(report, framework, "labour") if t.why == "gap"]
    assert led
    assert all(a.applicability and "labour" in a.applicability.sectors for a in led)
    assert "gap" not in {t.why for t in tasks}, "a sector's gaps come when it is named"


def test_a_review_is_kept_counted_and_taken_back(client: TestClient) -> None:
    """A decision changes the level shown, names who and when, goes on, and can be undone."""
    sha256 = assessed(client)
    where = f"/documents/{sha256}/review"
    first = client.get(where).headers["location"]
    action = first.split("/")[-1].split("?")[0]
    page = client.get(first).text
    assert page.index("What the document says") < page.index("What the machine makes of it")
    data = {"form_token": token(client, first), "decision": "2", "note": "read twice"}
    answer = client.post(f"{where}/{action}", data=data)
    assert answer.status_code == 303
    assert f"after={action}" in answer.headers["location"]
    item = _item(client, sha256, action)
    assert (item.level, item.status) == (Level.PARTIAL, "reviewed")
    assert "ana" in client.get(f"/documents/{sha256}/actions/{action}").text
    assert client.get(where).headers["location"] != first
    client.post(f"{where}/{action}", data={**data, "decision": "undo"})
    assert _item(client, sha256, action).status == "machine"


def test_not_applicable_needs_a_reason(client: TestClient) -> None:
    """Without one it is refused with what is missing; with one it leaves the denominators."""
    sha256 = assessed(client)
    where = f"/documents/{sha256}/review/2.a"
    data = {"form_token": token(client, where), "decision": "not_applicable"}
    answer = client.post(where, data=data)
    assert answer.status_code == 400
    assert "a written reason" in answer.text
    assert client.post(where, data={**data, "reason": "no coast"}).status_code == 303
    assert not _item(client, sha256, "2.a").applicable


def _item(client: TestClient, sha256: str, action: str):  # type: ignore[no-untyped-def]
    report = library(client).report(sha256)
    assert report is not None
    return next(item for item in report.assessments if item.action == action)


def test_every_export_is_handed_out(client: TestClient) -> None:
    """Each form of the command line comes, several files as a ZIP; a page in a sandbox."""
    sha256 = assessed(client)
    where = f"/documents/{sha256}/export"
    forms = re.findall(rf'href="{where}/(\w+)"', client.get(f"/documents/{sha256}").text)
    assert set(forms) == set(FORMATS)
    for form in ("html", "json", "xlsx"):
        assert len(client.get(f"{where}/{form}").content) > 1000
    with zipfile.ZipFile(io.BytesIO(client.get(f"{where}/csv").content)) as archive:
        assert {"matrix.csv", "evidence.csv", "gaps.csv"} <= set(archive.namelist())
    assert client.get(f"{where}/html").headers["content-security-policy"].startswith("sandbox")
    assert client.get(f"{where}/annotated").status_code == 404, "it is no PDF"


def test_two_drafts_are_compared(client: TestClient) -> None:
    """Two documents give the comparison of the command line; one gives a reason."""
    one = assessed(client)
    other = assessed(client, "draft.md", TEXT + b"And more.\n")
    answer = client.get(f"/compare?document={one}&document={other}&mode=drafts")
    assert answer.status_code == 200
    assert "draft.md" in answer.text
    assert client.get(f"/compare?document={one}&mode=drafts").status_code == 400
    heatmap = client.get("/heatmap").text
    assert "act.md" in heatmap
    assert "draft.md" in heatmap


def test_nobody_enters_without_a_login(team: TestClient) -> None:
    """Every page and call leads to the login or is refused; a reader changes nothing."""
    sha256 = "0" * 64
    for page in (
        "/",
        "/heatmap",
        f"/documents/{sha256}",
        f"/documents/{sha256}/export/report.json",
    ):
        answer = team.get(page)
        assert (answer.status_code, answer.headers["location"][:12]) == (303, "/login?goal=")
    part = team.get("/", headers={"hx-request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/login?goal=%2F")
    assert team.get("/api/documents").status_code == 401
    assert log_in(team, "rita") == 303
    assert "Upload and assess" not in team.get("/").text
    assert team.post("/upload", data={}).status_code == 403


def test_a_form_of_another_site_is_refused(client: TestClient) -> None:
    """Without the token of the session nothing is changed, whatever the cookie."""
    assessed(client)
    before = library(client).entries()
    for data in ({}, {"form_token": "0" * 64}, {"form_token": ""}):
        answer = client.post(
            "/upload", data=data, files=[("files", ("x.md", b"# X\n\nText here."))]
        )
        assert answer.status_code == 419
    other = TestClient(client.app, follow_redirects=False)
    stolen = token(other)
    answer = client.post("/example", data={"form_token": stolen})
    assert answer.status_code == 419
    assert library(client).entries() == before


def test_a_planted_session_is_worth_nothing(team: TestClient) -> None:
    """A session that was not made here is replaced, and one from before the login ends."""
    team.cookies.set("gcm_align_session", "planted")
    page = team.get("/login")
    assert page.cookies.get("gcm_align_session") not in (None, "planted")
    team.cookies.clear()
    team.get("/login")
    before = team.cookies["gcm_align_session"]
    assert log_in(team, "ana") == 303
    after = team.cookies["gcm_align_session"]
    assert after != before
    thief = TestClient(team.app, follow_redirects=False, cookies={"gcm_align_session": before})
    assert thief.get("/").headers["location"].startswith("/login")
    assert team.get("/").status_code == 200
    team.post("/logout", data={"form_token": token(team)})
    again = TestClient(team.app, follow_redirects=False, cookies={"gcm_align_session": after})
    assert again.get("/").headers["location"].startswith("/login")


def test_guessing_passwords_is_slowed_down(team: TestClient) -> None:
    """After some wrong ones even the right one has to wait; only digests are kept."""
    for _ in range(MOST_FAILURES):
        assert log_in(team, "ana", "wrong password") == 401
    assert log_in(team, "ana") == 429
    content = (library(team).folder / "app.sqlite").read_bytes()
    assert PASSWORD.encode() not in content


def test_two_reviewers_and_their_agreement(team: TestClient) -> None:
    """Each has their own decisions; what both decided gives an alpha."""
    other = TestClient(team.app, follow_redirects=False)
    assert log_in(team, "ana") == 303
    assert log_in(other, "ben") == 303
    sha256 = assessed(team)
    report = library(team).report(sha256)
    assert report is not None
    for number, action in enumerate(["1.a", "1.b", "1.c"]):
        for client in (team, other):
            where = f"/documents/{sha256}/review/{action}"
            data = {"form_token": token(client, where), "decision": str(number)}
            assert client.post(where, data=data).status_code == 303
    shown = client.get(f"/documents/{sha256}/actions/1.b").text
    assert "ana" in shown
    assert "ben" in shown
    (found,) = library(team).agreement(report)
    assert (found.first, found.second, found.n, found.alpha) == ("ana", "ben", 3, 1.0)
    assert "ana and ben" in team.get(f"/documents/{sha256}").text


def test_a_second_reviewer_is_not_led_by_the_first(team: TestClient) -> None:
    """What one decided waits for the other too, who sees it only after deciding."""
    other = TestClient(team.app, follow_redirects=False)
    assert log_in(team, "ana") == 303
    assert log_in(other, "ben") == 303
    sha256 = assessed(team)
    first = team.get(f"/documents/{sha256}/review").headers["location"]
    data = {"form_token": token(team, first), "decision": "1", "note": "seen by ana alone"}
    team.post(first.partition("?")[0], data=data)
    assert other.get(f"/documents/{sha256}/review").headers["location"] == first
    assert "seen by ana alone" not in other.get(first).text
    data = {"form_token": token(other, first), "decision": "3"}
    other.post(first.partition("?")[0], data=data)
    assert "seen by ana alone" in other.get(first).text


def test_countries_are_compared_as_countries(client: TestClient) -> None:
    """The documents of one country count together, best level by action."""
    digests = [assessed(client, f"{n}.md", TEXT + n.encode()) for n in ("a", "b", "c")]
    library(client).describe(digests[2], country="Sudland", status="draft")
    chosen = "&".join(f"document={sha256}" for sha256 in digests)
    table = client.get(f"/compare?{chosen}&mode=countries&form=csv").text
    assert "Norland" in table
    assert "Sudland" in table
    one, other = library(client).by_country(library(client).entries()).values()
    assert (len(one.documents), len(other.documents)) == (2, 1)


def test_drafts_are_compared_in_the_order_of_upload(client: TestClient) -> None:
    """The alphabet does not decide which draft is the older one."""
    older = assessed(client, "z.md")
    newer = assessed(client, "a.md", TEXT + b"More.")
    names = [e.name for e in library(client).in_order([newer, older])]
    assert names == ["z.md", "a.md"]


def test_a_link_leads_to_its_page_after_the_login(team: TestClient) -> None:
    """The page asked for comes after the login; another site never does."""
    asked = team.get("/heatmap?x=1").headers["location"]
    assert asked == "/login?goal=%2Fheatmap%3Fx%3D1"
    data = {"form_token": token(team, asked), "name": "ana", "password": PASSWORD}
    assert team.post("/login", data={**data, "goal": "/heatmap?x=1"}).headers["location"] == (
        "/heatmap?x=1"
    )
    team.cookies.clear()
    for goal in ("//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb"):
        data["form_token"] = token(team, "/login")
        assert team.post("/login", data={**data, "goal": goal}).headers["location"] == "/"
        team.cookies.clear()


def test_a_removed_user_is_out_at_once(team: TestClient) -> None:
    """Sessions and tokens end with the user; a lowered role lowers the token's."""
    accounts = team.app.state.accounts  # type: ignore[attr-defined]
    bearer = {"authorization": f"Bearer {accounts.add_token('ana', Role.REVIEWER)}"}
    assert log_in(team, "ana") == 303
    accounts.add_user("ana", PASSWORD, Role.READER)
    assert (
        team.post("/api/documents", files={"file": ("a.md", TEXT)}, headers=bearer).status_code
        == 403
    )
    assert accounts.remove("ana")
    assert team.get("/api/documents", headers=bearer).status_code == 401
    assert team.get("/").headers["location"].startswith("/login")


def test_the_folder_is_the_users_own(tmp_path: Path) -> None:
    """Other users of the machine cannot read drafts or sessions."""
    Library(tmp_path / "web")
    assert (tmp_path / "web").stat().st_mode & 0o077 == 0


def test_pages_are_drawn_with_their_evidence(tmp_path: Path) -> None:
    """A page comes as a picture, yellow where a box is; a broken file is told, not shown."""
    path = tmp_path / "act.pdf"
    canvas = Canvas(str(path), pagesize=(200, 300))
    canvas.drawString(20, 250, "The Ministry shall license agencies.")
    canvas.save()
    pictures = Pictures(tmp_path / "pictures")
    box = Box(page=1, x0=20, top=40, x1=120, bottom=60)
    drawn = pictures.page(path, "a" * 64, 1, [box])
    image = Image.open(io.BytesIO(drawn)).convert("RGB")
    assert image.size == (320, 480)
    assert image.getpixel((188, 94)) == (255, 214, 0)
    assert image.getpixel((180, 300)) == (255, 255, 255)
    path.write_bytes(b"%PDF-1.4 broken")
    assert pictures.page(path, "a" * 64, 1, [box]) == drawn, "it was kept"
    with pytest.raises(ReaderStoppedError, match="cannot be drawn"):
        pictures.page(path, "b" * 64, 1, [box])


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def test_text_never_becomes_markup(client: TestClient) -> None:
    """A hostile text, file name, country or note is shown as it is, on every page."""
    content = f"# {HOSTILE}\n\n{HOSTILE} shall be licensed.\n".encode()
    data = {"form_token": token(client), "country": HOSTILE, "status": "draft"}
    client.post("/upload", data=data, files=[("files", (f"{HOSTILE}.md", content))])

    def hostile(path: Path, progress: Callable[[str, int, int], None]) -> Report:
        report = made_report(path, progress)
        items = tuple(
            replace(
                item, reason=HOSTILE,
                evidence=tuple(replace(e, quote=HOSTILE, context=HOSTILE) for e in item.evidence),
            )
            for item in report.assessments
        )  # fmt: skip
        return replace(report, assessments=items)

    work_once(library(client), hostile)
    (entry,) = library(client).entries()
    where = f"/documents/{entry.sha256}"
    covered = next(a.action for a in hostile(library(client).path(entry), print).assessments
                   if a.evidence)  # fmt: skip
    note = {"form_token": token(client, f"{where}/review/{covered}"), "decision": "note"}
    client.post(f"{where}/review/{covered}", data={**note, "note": HOSTILE})
    for page in ("/", "/heatmap", where, f"{where}/actions/{covered}", f"{where}/review/{covered}"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
    with zipfile.ZipFile(io.BytesIO(client.get(f"{where}/export/csv").content)) as archive:
        table = archive.read("matrix.csv").decode()
    assert not re.search(r"(^|,)[=+@]", table, re.MULTILINE)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..\\..\\boot.ini", "/abs/olute.md", "a\x00b.md", ".", "..", "con\n.md",
     "x" * 400 + ".md", "‮fdp.md"],
)  # fmt: skip
def test_no_name_leaves_its_folder(tmp_path: Path, name: str) -> None:
    """Whatever an upload is called, it lies in the folder of its own bytes."""
    made = Library(tmp_path / "web")
    entry = made.add(TEXT, name, country="", status="draft", user="ana")
    path = made.path(entry).resolve()
    assert path.parent == (tmp_path / "web" / "files" / entry.sha256).resolve()
    assert path.read_bytes() == TEXT
    assert safe_name(name) == entry.name


def test_addresses_are_no_paths(client: TestClient) -> None:
    """Traversal, unknown ids and other documents' rows are simply not there."""
    sha256 = assessed(client)
    for page in (
        f"/documents/{sha256}/export/..%2F..%2Fkey", f"/documents/{sha256}/export/key",
        "/static/..%2Fapp.py", "/static/key", "/documents/..%2fkey", "/documents/abc",
        f"/documents/{sha256}/actions/99.z", f"/documents/{sha256}/pages/1.png", "/runs/999",
    ):  # fmt: skip
        answer = client.get(page)
        assert answer.status_code == 404, page
        assert "Traceback" not in answer.text


def test_a_request_may_be_only_so_large(tmp_path: Path) -> None:
    """More bytes than the limit are refused before they are kept."""
    app = create_app(tmp_path / "w", hosts=["testserver"], worker=False, most_upload=20_000)
    with TestClient(app, follow_redirects=False) as made:
        assert upload(made, ("big.md", b"# Act\n\n" + b"word " * 10_000)) == 413
        assert library(made).entries() == []


def test_there_is_an_icon_for_everybody(team: TestClient) -> None:
    """The browser finds the icon without a login, and it may run nothing."""
    answer = team.get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "script" not in answer.text


def test_another_name_leads_nowhere(client: TestClient) -> None:
    """A foreign host name, as a rebound DNS entry would send, is refused."""
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_the_programming_interface_does_the_same(client: TestClient) -> None:
    """Upload, verdicts, review and files over JSON; changes need a token of a reviewer."""
    accounts = client.app.state.accounts  # type: ignore[attr-defined]
    writer = {"authorization": f"Bearer {accounts.add_token('ana', Role.REVIEWER)}"}
    only_reads = {"authorization": f"Bearer {accounts.add_token('rita', Role.READER)}"}
    files = {"file": ("act.md", TEXT)}
    assert client.post("/api/documents", files=files).status_code == 401
    assert client.post("/api/documents", files=files, headers=only_reads).status_code == 403
    made = client.post("/api/documents", files=files, headers=writer).json()
    where = f"/api/documents/{made['sha256']}"
    assert client.get(f"{where}/assessments").status_code == 404
    work_once(library(client), made_report)
    assert client.get(f"/api/runs/{made['run']['id']}").json()["state"] == "done"
    verdicts = client.get(f"{where}/assessments?objective=5").json()
    assert {item["action"].split(".")[0] for item in verdicts} == {"5"}
    body = {"decision": "change", "level": 3}
    review = f"{where}/assessments/5.a/reviews"
    assert client.post(review, json=body, headers=only_reads).status_code == 403
    assert client.post(review, json=body, headers=writer).status_code == 201
    assert client.get(f"{where}/assessments/5.a").json()["level"] == 3
    assert client.post(review, json={"decision": "change"}, headers=writer).status_code == 400
    assert client.delete(review, headers=writer).json() == {"undone": True}
    assert client.get(f"{where}/exports/json").json()["documents"][0]["name"] == "act.md"
    assert client.get(f"{where}/exports/none").status_code == 404
    assert client.get("/api/documents", headers={"authorization": "Bearer x"}).status_code == 401


def test_what_was_done_is_written_down(client: TestClient) -> None:
    """The log names who did what on what."""
    sha256 = assessed(client)
    client.get(f"/documents/{sha256}/export/json")
    rows = library(client).database.rows("SELECT * FROM audit")
    assert [(r["user"], r["what"], r["object"]) for r in rows] == [
        ("ana", "upload", sha256), ("ana", "export json", sha256)
    ]  # fmt: skip


def test_a_backup_brings_everything_back(client: TestClient, tmp_path: Path) -> None:
    """Documents, reports, reviews and users come back whole; nothing is overwritten."""
    sha256 = assessed(client)
    where = f"/documents/{sha256}/review/1.a"
    client.post(where, data={"form_token": token(client, where), "decision": "1"})
    write_backup(tmp_path / "web", tmp_path / "b.zip")
    read_backup(tmp_path / "b.zip", tmp_path / "new")
    again = Library(tmp_path / "new")
    assert again.entries() == library(client).entries()
    assert again.report(sha256) == library(client).report(sha256)
    with pytest.raises(UsageError, match="not empty"):
        read_backup(tmp_path / "b.zip", tmp_path / "new")
    (tmp_path / "no.zip").write_bytes(b"PK")
    with pytest.raises(UsageError, match="cannot be read"):
        read_backup(tmp_path / "no.zip", tmp_path / "other")


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    """A file of another program is named and left as it is."""
    with closing(sqlite3.connect(tmp_path / "app.sqlite")) as connection:
        connection.execute("CREATE TABLE mine (x)")
    with pytest.raises(ServerDataError, match="another program"):
        Library(tmp_path)
