"""report.html in a real Chromium: WCAG 2.1 AA by axe, keyboard, print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import report_factory as make
from browsing import chromium, violations
from test_narrative import small_report

from gcm_align.reporting.html import to_html
from gcm_align.reviewing import Decision, ReviewStore, review_of
from gcm_align.reviewing.applying import apply_reviews
from gcm_align.types import Level

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


REVIEWS = (Decision.CHANGE, Decision.NOT_APPLICABLE, Decision.DISPUTE, Decision.ACCEPT)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    text = to_html(small_report(), make.framework())
    path.write_bytes(text.encode("utf-8", "replace"))
    return path


def opened(browser: Browser, path: Path, **options: Any) -> Page:
    # axe is a script of ours from outside, which the page's own policy rightly forbids.
    page = browser.new_context(bypass_csp=True, **options).new_page()
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_no_violation(browser: Browser, path: Path, scheme: str, width: int) -> None:
    """WCAG 2.1 A and AA with every panel open, on a screen and on a telephone."""
    page = opened(browser, path, color_scheme=scheme, viewport={"width": width, "height": 900})
    told = violations(page)
    page.close()
    assert told == []


def test_the_page_works_by_keyboard(browser: Browser, path: Path) -> None:
    """The first stop skips to the messages; a row opens by Enter; each stop is seen."""
    page = opened(browser, path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#messages"
    row = page.locator("details.row").first
    row.locator("> summary").focus()
    page.keyboard.press("Enter")
    assert row.evaluate("row => row.open")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.close()


def test_filters_work_in_the_browser(browser: Browser, path: Path) -> None:
    """A search hides the rows that do not hold the words, and says how many are left."""
    page = opened(browser, path)
    rows = page.locator("details.row")
    before = rows.count()
    page.locator(".filters input[type=search]").fill("confiscation")
    page.wait_for_function("document.querySelectorAll('details.row:not([hidden])').length < 12")
    shown = page.locator("details.row:not([hidden])").count()
    assert 0 < shown < before
    assert str(shown) in page.locator(".filters output").inner_text()
    page.close()


def test_it_prints(browser: Browser, path: Path) -> None:
    """On paper: light whatever the screen, the evidence open, the controls gone."""
    page = opened(browser, path, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".filters").is_visible()
    assert page.pdf().startswith(b"%PDF")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_reviews_on_the_page_are_accessible(browser: Browser, tmp_path: Path, scheme: str) -> None:
    """A report that was reviewed, with every panel open, has no violation either."""
    store = ReviewStore(tmp_path / "reviews.sqlite")
    report = small_report()
    for item, decision in zip(report.assessments, REVIEWS, strict=False):
        level = Level.PARTIAL if decision == Decision.CHANGE else None
        store.add(
            review_of(
                item,
                report.documents[0],
                decision,
                reviewer="amina",
                level=level,
                reason="Article 3 says so.",
                note="See the decree.",
                at="2026-11-24T08:00:00+00:00",
            )
        )
    path = tmp_path / "reviewed.html"
    text = to_html(apply_reviews(report, store), make.framework())
    path.write_bytes(text.encode("utf-8", "replace"))
    page = opened(browser, path, color_scheme=scheme, viewport={"width": 1280, "height": 900})
    told = violations(page)
    shown = page.locator("dt", has_text="Reviews").count()
    page.close()
    assert told == []
    assert shown == 2 * len(REVIEWS)  # both documents are the same bytes: a review holds on both
