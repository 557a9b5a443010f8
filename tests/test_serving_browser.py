"""The web application in a real Chromium: from upload to export, keys, axe, narrow screens."""

from __future__ import annotations

import hashlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from browsing import chromium, violations
from report_factory import full_report
from reportlab.pdfgen.canvas import Canvas
from test_serving import PASSWORD, made_report

from gcm_align.serving.accounts import Role
from gcm_align.serving.app import create_app
from gcm_align.serving.comparisons import Comparisons
from gcm_align.serving.library import Library
from gcm_align.serving.worker import work_once
from gcm_align.types import Level, Report

if TYPE_CHECKING:
    from fastapi import FastAPI
    from playwright.sync_api import Browser, Page

TEXT = "# Migration Act\n\nThe Ministry shall license every recruitment agency.\n"
WIDTHS = (320, 800, 1400)  # 1280 at 400 % zoom, a tablet, a screen


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Library]]:
    """A server as `gcm-align serve` starts it, its worker replaced by made reports."""
    app = create_app(tmp_path_factory.mktemp("web"), local_user="ana", worker=False)
    with served(app) as url:
        yield url, app.state.library


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application at a port of this computer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # axe is a script of ours from outside, which the site's own policy rightly forbids.
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def drawn(path: Path) -> str:
    """Draw a PDF, let a made report with a box on it come of it, and return its digest."""
    canvas = Canvas(str(path), pagesize=(300, 400), invariant=True)
    canvas.drawString(20, 350, "The Ministry shall license every recruitment agency.")
    canvas.save()
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_from_upload_to_export(site: tuple[str, Library], page: Page, tmp_path: Path) -> None:
    """An analyst uploads, sees the matrix appear by itself, opens a row, and takes the workbook."""
    url, library = site
    path = tmp_path / "act.md"
    path.write_text(TEXT, encoding="utf-8")
    page.goto(url)
    page.set_input_files("#files", path)
    page.get_by_role("button", name="Upload and assess").click()
    page.get_by_text("waits for its turn").wait_for()
    seen = threading.Event()

    def assess(path: Path, progress: Callable[[str, int, int], None]) -> Report:
        progress("read", 3, 9)
        seen.wait(20)
        return made_report(path, progress)

    worker = threading.Thread(target=work_once, args=(library, assess))
    worker.start()
    page.locator(".state", has_text="is being assessed: reading page 3 of 9").wait_for()
    seen.set()
    worker.join()
    page.locator(".documents .pick input:enabled").first.wait_for()
    assert page.locator(".documents .state").first.inner_text() == "assessed"
    page.get_by_role("link", name="act.md").click()
    assert page.locator(".rows li").count() == 187
    page.locator("select[name=objective]").select_option("6")
    page.locator("#count", has_text="12 of 187").wait_for()
    assert "objective=6" in page.url, "the link stays one"
    page.locator(".rows a").first.click()
    assert page.get_by_role("heading", name="Why this level").is_visible()
    page.go_back()
    with page.expect_download() as found:
        page.get_by_role("link", name="Excel").click()
    assert found.value.suggested_filename == "matrix.xlsx"


DROP = """
names => {
  const carried = new DataTransfer();
  for (const name of names) {
    carried.items.add(new File([`# ${name}\\n\\nThe Ministry shall license it.`], name));
  }
  return carried;
}
"""


def test_several_files_are_dropped(browser: Browser, tmp_path: Path) -> None:
    """Files dropped on the field are those of the form, and all of them are queued."""
    app = create_app(tmp_path / "web", local_user="ana", worker=False)
    names = ["one.md", "two.md", "three.md"]
    context = browser.new_context()  # with the site's own policy
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    with served(app) as url:
        page.goto(url)
        carried = page.evaluate_handle(DROP, names)
        page.dispatch_event(".drop", "dragenter", {"dataTransfer": carried})
        page.dispatch_event(".drop", "dragover", {"dataTransfer": carried})
        assert page.locator(".drop.over").count() == 1, "it shows where they will fall"
        page.dispatch_event(".drop", "drop", {"dataTransfer": carried})
        assert page.locator(".drop.over").count() == 0
        held = page.locator("#files").evaluate("field => [...field.files].map(f => f.name)")
        assert held == names
        page.get_by_role("button", name="Upload and assess").click()
        for name in names:
            page.get_by_role("link", name=name).wait_for()
        context.close()
    entries = app.state.library.entries()
    assert {entry.name for entry in entries} == set(names)
    assert {entry.run.state for entry in entries if entry.run} == {"queued"}
    assert faults == []


def test_a_review_needs_no_mouse(site: tuple[str, Library], page: Page, tmp_path: Path) -> None:
    """Keys open the machine's view, give a level, go on, and take back."""
    url, library = site
    sha256 = _assessed(library, TEXT.encode() + b"keys")
    page.goto(f"{url}/documents/{sha256}/review")
    first = page.url
    assert not page.locator("details.machine").evaluate("d => d.open")
    page.keyboard.press("m")
    assert page.locator("details.machine").evaluate("d => d.open")
    page.keyboard.press("2")
    page.wait_for_url(lambda now: now != first)
    action = first.split("/")[-1].split("?")[0]
    report = library.report(sha256)
    assert report is not None
    assert next(i.level for i in report.assessments if i.action == action) == Level.PARTIAL
    page.goto(first)
    page.locator("textarea").first.focus()
    page.keyboard.type("2 u a")
    assert page.url == first, "what is typed is no command"
    page.evaluate("document.activeElement.blur()")
    with page.expect_navigation():
        page.keyboard.press("u")
    report = library.report(sha256)
    assert report is not None
    assert next(i.status for i in report.assessments if i.action == action) == "machine"


def test_two_people_review_the_same_row_at_once(browser: Browser, tmp_path: Path) -> None:
    """Neither decision is lost, both are told, alpha shows; a reader is refused."""
    app = create_app(tmp_path / "web", login=True, worker=False)
    names = (("ana", Role.REVIEWER), ("ben", Role.REVIEWER), ("rita", Role.READER))
    for name, role in names:
        app.state.accounts.add_user(name, PASSWORD, role)
    sha256 = _assessed(app.state.library, TEXT.encode() + b"two")
    where = f"/documents/{sha256}/review"
    with served(app) as url:
        pages: dict[str, Page] = {}
        for name, _ in names:
            pages[name] = browser.new_context().new_page()
            pages[name].goto(url + where)
            pages[name].get_by_label("Name").fill(name)
            pages[name].get_by_label("Password").fill(PASSWORD)
            pages[name].get_by_role("button", name="Log in").click()
        ana, ben, rita = pages.values()
        assert rita.get_by_text("Your account may read, not change").is_visible()
        rows = [f"{url}{where}/{action}" for action in ("1.a", "1.b", "1.c")]
        for row, levels in zip(rows, ("23", "11", "44"), strict=True):
            ana.goto(row)
            ben.goto(row)  # both see the same row, undecided
            for page, level in ((ana, levels[0]), (ben, levels[1])):
                assert page.locator(".review").count() <= 1
                page.keyboard.press(level)
                page.wait_for_url(re.compile(f"^(?!{re.escape(row)}$)"))
        for page, other, words in ((ana, "ben", "addressed"), (ben, "ana", "partial")):
            page.goto(rows[0])
            assert page.get_by_text(f"1.a: {other} decided {words}").is_visible()
        ana.goto(f"{url}/documents/{sha256}")
        assert ana.get_by_text("ana and ben differ on 1.a").is_visible()
        assert ana.get_by_role("cell", name="0.", exact=False).last.is_visible()
        (found,) = app.state.library.agreement(app.state.library.report(sha256))
        assert (found.n, found.same) == (3, 2)
        for page in pages.values():
            page.context.close()


def test_search_as_you_type_keeps_to_the_policy(
    site: tuple[str, Library], browser: Browser
) -> None:
    """Rows follow the typing without a reload, the address too, and the strict policy holds."""
    url, library = site
    sha256 = _assessed(library, TEXT.encode() + b"search")
    context = browser.new_context()  # with the site's own policy
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda told: faults.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{url}/documents/{sha256}")
    page.evaluate("window.stayed = true")
    page.locator("input[name=text]").press_sequentially("zzzz")
    page.locator("#count", has_text="0 of 187").wait_for()
    assert "text=zzzz" in page.url
    assert page.evaluate("window.stayed")
    page.reload()
    assert page.locator(".rows li").count() == 0, "the address leads to what was seen"
    page.goto(f"{url}/documents/{sha256}/review")
    page.evaluate("window.stayed = true")
    first = page.url
    page.keyboard.press("2")
    page.wait_for_url(lambda now: now != first)
    assert page.evaluate("window.stayed"), "the next one comes without a reload"
    assert page.evaluate("localStorage.length") == 0, "nothing of a document stays behind"
    assert faults == []
    context.close()


def test_pages_work_without_script(site: tuple[str, Library], browser: Browser) -> None:
    """Filter and review go on where scripts are switched off."""
    url, library = site
    sha256 = _assessed(library, TEXT.encode() + b"no script")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/documents/{sha256}")
    page.locator("select[name=objective]").select_option("6")
    page.get_by_role("button", name="Show").click()
    assert page.get_by_text("12 of 187 actions").is_visible()
    page.goto(f"{url}/documents/{sha256}/review")
    first = page.url
    page.locator("button[value='2']").click()
    assert page.url != first
    context.close()


def test_many_waiting_documents_leave_the_browser_free(
    site: tuple[str, Library], page: Page
) -> None:
    """Fifty runs share one stream of progress: the next page still opens."""
    url, library = site
    for number in range(50):
        library.add(TEXT.encode() + b"%d" % number, f"w{number}.md", country="", status="draft",
                    user="ana")  # fmt: skip
    page.goto(url)
    page.get_by_role("link", name="Heatmap").click(timeout=8000)
    page.get_by_role("heading", name="Objectives by documents").wait_for(timeout=8000)
    while work_once(library, made_report):
        pass


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_at_every_width(
    site: tuple[str, Library], browser: Browser, tmp_path: Path, scheme: Any
) -> None:
    """Axe finds nothing, and nothing has to be scrolled sideways, from 320 pixels up."""
    url, library = site
    path = tmp_path / "act.pdf"
    sha256 = drawn(path)
    if library.entry(sha256) is None:
        library.add(path.read_bytes(), path.name, country="Norland", status="draft", user="ana")
        while work_once(library, made_report):
            pass
    where = f"/documents/{sha256}"
    other = library.add(TEXT.encode() + b"other", "b.md", country="", status="draft", user="ana")
    while work_once(library, made_report):
        pass
    kept = Comparisons(library).add("drafts", [sha256, other.sha256], title="", user="ana")
    compared = f"/comparisons/{kept.id}"
    row = f"/documents/{other.sha256}/actions/6.h"
    pages = (
        "/",
        "/heatmap",
        compared,
        row,
        where,
        f"{where}/actions/6.h",
        f"{where}/review/6.h",
        "/login",
        "/no",
    )
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    faults: list[object] = []
    for address in pages:
        page.goto(url + address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append((address, width, "scrolls sideways"))
        faults += [(address, *found) for found in violations(page)]
    context.close()
    assert faults == []


def test_an_empty_workspace_is_accessible(browser: Browser, tmp_path: Path) -> None:
    """The first page that anybody sees is as good as the others."""
    from starlette.testclient import TestClient

    app = create_app(tmp_path / "web", hosts=["testserver"], worker=False)
    with TestClient(app) as client:
        text = client.get("/").text
        style = client.get("/static/app.css").text
    page = browser.new_context().new_page()
    page.set_content(text.replace("</head>", f"<style>{style}</style></head>"))
    assert violations(page) == []
    page.context.close()


def _assessed(library: Library, content: bytes) -> str:
    entry = library.add(content, "act.md", country="Norland", status="draft", user="ana")
    while work_once(library, made_report):
        pass
    return entry.sha256


def test_made_reports_are_reports_of_the_file(tmp_path: Path) -> None:
    """The stand-in for the model names the file that it was given."""
    path = tmp_path / "a.md"
    path.write_text(TEXT, encoding="utf-8")
    report = made_report(path, lambda *_: None)
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    first = full_report(("a.md",)).documents[0]
    assert report.documents[0] == replace(first, sha256=digest)
