"""The page: the figures of every other format, no network, no markup from a document."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
import report_factory as make
from jinja2 import meta

from gcm_align.catalogue import load_catalogue
from gcm_align.coverage import figures, gaps_frame
from gcm_align.figures import MEASURES, Share
from gcm_align.reporting.formats import render_all
from gcm_align.reporting.html import PARTS, page_environment, resource, to_html
from gcm_align.reporting.marks import STATES, bar, marked, whole_percent
from gcm_align.reporting.unread import page_list
from gcm_align.types import Contradiction, Level, Report, Skipped

VOID = {"meta", "br", "input", "link", "img"}
CSS = (files("gcm_align.reporting") / "templates" / "report.css").read_text(encoding="utf-8")


class Page(HTMLParser):
    """Tags with their attributes, and the text under each element that has an id."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.stack: list[tuple[str, dict[str, str]]] = []
        self.found: list[tuple[list[tuple[str, dict[str, str]]], str]] = []
        self.unbalanced: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag and open it."""
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag not in VOID:
            self.stack.append((tag, attributes))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag that closes itself."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Close the tag; note one that was not open."""
        if not self.stack or self.stack.pop()[0] != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep a text with all that it stands in."""
        self.found.append((list(self.stack), data))

    def text(self, name: str, value: str) -> str:
        """Return the text under the elements with an attribute."""
        return " ".join(
            " ".join(
                data for stack, data in self.found if any(a.get(name) == value for _, a in stack)
            ).split()
        )


@pytest.fixture(scope="module")
def report() -> Report:
    return make.full_report(("a.pdf", "b.pdf"))


@pytest.fixture(scope="module")
def html(report: Report) -> str:
    return to_html(report, make.framework())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_page_is_well_formed(page: Page) -> None:
    """Every element is closed where it should be, and no id stands twice."""
    assert page.unbalanced == []
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_every_link_leads_somewhere_in_the_page(page: Page) -> None:
    """Tiles, contents and key messages point at rows and sections that exist."""
    ids = {attributes.get("id") for _, attributes in page.tags}
    links = {attributes["href"] for _, attributes in page.tags if "href" in attributes}
    assert {link[1:] for link in links} <= ids


def test_the_page_loads_nothing(page: Page, html: str) -> None:
    """No source, style sheet, font, picture or frame comes from outside; the policy forbids it."""
    names = {tag for tag, _ in page.tags}
    assert not names & {"link", "img", "iframe", "object", "embed", "base", "audio", "video"}
    assert not [a for _, a in page.tags if "src" in a or a.get("href", "#")[0] != "#"]
    assert not re.search(r"@import|url\((?!#)", CSS)
    assert "default-src 'none'" in html


def test_every_row_is_there_with_its_verdict(page: Page, report: Report) -> None:
    """Each document and action has a row that can be filtered by state, objective and flag."""
    rows = [a for tag, a in page.tags if tag == "details" and a.get("class") == "row"]
    assert len(rows) == len(report.assessments)
    keys = {state.key for state in STATES}
    assert {row["data-state"] for row in rows} <= keys
    reviewed = sum(1 for item in report.assessments if item.level is None)
    assert sum(1 for row in rows if row["data-state"] == "nr") == reviewed


def test_figures_on_the_page_are_the_figures(page: Page, report: Report) -> None:
    """The exact shares of each objective and document stand in the page, in order."""
    wanted: list[str] = []
    for item in figures(report, make.framework()).documents:
        order = [
            objective.number
            for table in make.framework().round_tables
            for objective in make.framework().objectives
            if objective.number in table.objectives
        ]
        for scope in [*(item.objectives[number] for number in order), item.total]:
            wanted += _values([scope.shares[name] for name in MEASURES])
    assert _shown(page, "bars") == wanted


def test_headlines_on_the_page_are_the_figures(page: Page, report: Report) -> None:
    """Headline and action-weighted share stand beside each other for each document."""
    wanted: list[str] = []
    for item in figures(report, make.framework()).documents:
        assert item.headline is not None
        for name in MEASURES:
            wanted += _values([item.headline[name], item.total.shares[name]])
    assert _shown(page, "plain headline-table") == wanted


def _values(shares: list[Share]) -> list[str]:
    out: list[str] = []
    for share in shares:
        out.append(f"{share.lower:.4f}")
        if whole_percent(share.lower) != whole_percent(share.upper):
            out.append(f"{share.upper:.4f}")
    return out


def _shown(page: Page, table: str) -> list[str]:
    return [
        stack[-1][1]["value"]
        for stack, _ in page.found
        if stack and stack[-1][0] == "data" and any(a.get("class") == table for _, a in stack)
    ]


def test_gaps_on_the_page_are_the_gaps(page: Page, report: Report) -> None:
    """Every gap stands with its narrative, in the words of gaps.csv."""
    shown = page.text("id", "gaps")
    for narrative in gaps_frame(report, make.framework())["narrative"]:
        assert " ".join(narrative.split()) in shown


def test_contradictions_come_before_everything_else(page: Page, report: Report) -> None:
    """Every C2 stands among the key messages with its quote and page."""
    messages = page.text("id", "messages")
    for item in report.assessments:
        if item.contradiction == "C2":
            assert f"{item.action} " in messages
    assert make.COUNTER_QUOTE in messages
    assert "p. 44" in messages


def test_principles_are_shown_with_their_words(html: str) -> None:
    """Each of the ten is present with the words marked, not found, or left for review."""
    part = html.split('<section id="principles"')[1].split("</section>")[0]
    assert part.count('<th scope="row">') == 10
    assert "<mark>dignity of migrants</mark>" in part
    documents = part.count("dignity of migrants guides") or part.count("<mark>")
    assert part.count("not found") == 8 * documents
    assert part.count("needs review") == documents


def test_red_is_for_contradictions_alone() -> None:
    """No rule of the style sheet gives red to a gap or to a level."""
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS):
        if "var(--red" in body or "var(--on-red" in body:
            assert re.search(r"c2|contra|counter", selector), selector


def test_no_state_is_told_by_colour_alone() -> None:
    """Each state has a sign of its own, and the three that are no level a pattern."""
    assert len({state.sign for state in STATES}) == len(STATES) == 8
    assert ".p-nr" in CSS
    assert ".p-na {" in CSS
    assert ".p-nap {" in CSS


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_have_the_contrast_of_wcag_aa(theme: str) -> None:
    """At least 4.5 to 1 for every pair of text and background, in both themes."""
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", blocks[0 if theme == "light" else 1]))
    pairs = [(f"on{key}", f"s{key}") for key in ("0", "1", "2", "3", "4", "nr", "na")]
    pairs += [("ink", "paper"), ("soft", "paper"), ("soft", "panel"), ("link", "paper")]
    pairs += [("link", "panel"), ("ink", "red-panel"), ("soft", "red-panel"), ("red", "red-panel")]
    pairs += [("on-red", "red"), ("on-note", "note"), ("on-mark", "mark"), ("link", "red-panel")]
    for text, background in pairs:
        ratio = _contrast(colours[text], colours[background])
        assert ratio >= 4.5, (text, background, round(ratio, 2))


def _contrast(one: str, two: str) -> float:
    """Return the contrast ratio of WCAG 2.1."""
    lights = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&</q></style>{{ 7*7 }}{% raw %}"


def test_a_document_can_never_become_markup() -> None:
    """Quotes, names, sections, reasons and messages that look like markup stay text."""
    clause = make.evidence(
        Level.ADDRESSED,
        quote=HOSTILE,
        section=(HOSTILE,),
        context=HOSTILE + " ",
        force_words=("<script>", "alert"),
        delivery={"body": HOSTILE},
        page_label=HOSTILE,
        parts={HOSTILE: 0.5},
    )
    verdict = make.assessment(
        "1.a",
        Level.ADDRESSED,
        evidence=(clause,),
        counter_evidence=(clause,),
        nearest=clause,
        reason=HOSTILE,
        contradiction=Contradiction.CONTRADICTION,
        delivery={"body": HOSTILE},
    )
    gap = make.assessment("1.b", Level.GAP, nearest=clause)
    skipped = Skipped(path=HOSTILE, error="X", message=HOSTILE)
    document = make.summary(name=HOSTILE, title=HOSTILE, language='"><script>')
    text = to_html(make.report((verdict, gap), (document,), (skipped,)), make.framework())
    page = Page(text)
    names = [tag for tag, _ in page.tags]
    assert names.count("script") == 1
    assert "img" not in names
    assert not [a for _, a in page.tags if any(name.startswith("on") for name in a)]
    assert page.unbalanced == []
    assert "{{ 7*7 }}" in text


def test_words_of_force_are_marked_in_the_quote() -> None:
    """Whole words only, whatever their case, and the quote stays whole."""
    pieces = marked("The State shall act; marshalling Shall not.", ("shall",))
    assert [text for text, deciding in pieces if deciding] == ["shall", "Shall"]
    assert "".join(text for text, _ in pieces) == "The State shall act; marshalling Shall not."
    assert marked("No words.", ()) == [("No words.", False)]
    assert marked("A (may) B", ("(may)",)) == [("A ", False), ("(may)", True), (" B", False)]


def test_evidence_stands_with_page_section_and_printed_label(page: Page) -> None:
    """Clause and page come first: each passage says where it is."""
    assert "(printed 19)" in page.text("id", "rows")
    assert "5 Policy framework > 5.2 Recruitment" in page.text("id", "rows")


def test_the_warnings_travel_with_the_page(page: Page) -> None:
    """Machine suggestions, provisional thresholds and the caveats are printed."""
    text = " ".join(data for _, data in page.found)
    assert "Machine suggestions until reviewed" in text
    assert "probabilities are not calibrated" in text
    assert "not practice" in text
    assert "A/RES/73/195, para. 16" in text
    assert "fails" not in text
    assert "non-compliant" not in text


def test_what_was_not_read_is_named(page: Page) -> None:
    """Unread pages and skipped files have a place of their own."""
    text = page.text("id", "unread")
    assert "55-56" in text
    assert "annex.pdf" in text
    assert page_list((9, 3, 4, 5)) == "3-5, 9"


def test_no_headline_is_printed_where_too_much_needs_review() -> None:
    """The page says why there is none; the bars still show the counts."""
    verdicts = tuple(make.assessment(f"2.{letter}", None) for letter in "abc")
    text = to_html(make.report(verdicts), make.framework())
    assert "no headline" in text
    assert "100&nbsp;% needs review" in text


def test_a_text_that_reaches_nothing_is_said_so_in_one_sentence() -> None:
    """Not a list of every objective there is."""
    nothing = tuple(make.assessment(a.id, Level.GAP) for a in make.framework().actions)
    some = (make.assessment("2.a", Level.ADDRESSED), *nothing[1:])
    said = "No action reaches it even after review."
    assert said in to_html(make.report(nothing), make.framework())
    assert said not in to_html(make.report(some), make.framework())


def test_a_bar_is_as_long_as_its_parts(report: Report) -> None:
    """Widths add up to the whole, and counts to the actions of the objective."""
    for item in figures(report, make.framework()).documents:
        for number, counts in item.objectives.items():
            parts = bar(counts)
            assert sum(part.width for part in parts) == pytest.approx(100, abs=0.01)
            own = [a for a in make.framework().actions if a.objective == number]
            assert sum(part.count for part in parts) == len(own)


def test_a_report_without_documents_can_be_shown() -> None:
    """Where every file was skipped the page still names them."""
    skipped = Skipped(path="x.pdf", error="CorruptFileError", message="x.pdf is no PDF.")
    assert "x.pdf is no PDF." in to_html(make.report((), (), (skipped,)), make.framework())


def test_another_framework_gets_the_same_report(tmp_path: Path) -> None:
    """Goals and targets without objectives' details, and with ids that no link can hold."""
    path = tmp_path / "goals.json"
    targets = [{"id": "Goal 1.1", "text": "End poverty"}, {"id": "Goal 1.2", "text": "Halve it"}]
    path.write_text(json.dumps(targets), encoding="utf-8")
    goals = load_catalogue(path)
    verdicts = (
        make.assessment("Goal 1.1", Level.ADDRESSED),
        make.assessment("Goal 1.2", Level.GAP),
    )
    files_made = render_all(make.report(verdicts), goals)
    page = Page(files_made["report.html"].decode())
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert not [name for name in ids if " " in name]
    assert "A/RES/73/195" not in files_made["report.html"].decode()
    assert files_made["gaps.csv"].decode().count("\n") == 2


def test_all_parts_of_the_page_are_loaded_ahead() -> None:
    """What is compiled before a report is there is what the page is made of, and no more."""
    environment = page_environment()
    found, waiting = set(), {"report.html.j2"}
    while waiting:
        name = waiting.pop()
        found.add(name)
        tree = environment.parse(resource(name))
        waiting |= {str(part) for part in meta.find_referenced_templates(tree)} - found
    assert found == set(PARTS)
