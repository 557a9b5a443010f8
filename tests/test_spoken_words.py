"""Every word of ours on the page, in a comparison and on the screen can be translated."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import report_factory as make
from lxml import html
from pseudo import CLOSE, OPEN, pseudo_folder
from rich.console import Console

from gcm_align.reporting.compare_html import comparison_html
from gcm_align.reporting.compare_text import comparison_summary
from gcm_align.reporting.comparisons import Comparison, compared
from gcm_align.reporting.explanation import explanation
from gcm_align.reporting.html import to_html
from gcm_align.reporting.numbers import decimal, percent
from gcm_align.reporting.summary import summary_table
from gcm_align.translating import speaking
from gcm_align.types import Report

SHOWN_ATTRIBUTES = ("title", "aria-label", "placeholder", "alt", "data-words")
# Names of data: parts of a score, hash, the calibrator's note that the run itself carries.
NAMES = {"dense", "lexical", "SHA"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo_folder(tmp_path_factory.mktemp("locale"))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in (*value.keys(), *value.values()):
            yield from strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from strings(inner)


def data_of(*reports: Report) -> list[str]:
    """Sentences and names of the catalogue and of records, longest first; no lone words."""
    # The status of a calibrator is data where a file says it: see wording.calibration.
    found = {"provisional"}
    for record in (*reports, make.framework()):
        values = asdict(record) if isinstance(record, Report) else vars_of(record)
        found |= {" ".join(text.split()) for text in strings(values) if re.search(r"[ .]", text)}
    for sectors in (a.applicability.sectors for a in make.framework().actions if a.applicability):
        found |= {sector.replace("_", " ") for sector in sectors}
    return sorted(filter(None, found), key=lambda text: (-len(text), text))


def lone_words(report: Report) -> set[str]:
    """Words that stand alone in the catalogue, or that a clause is shown to hold."""
    framework = make.framework()
    texts = [o.label for o in framework.objectives] + [p.name for p in framework.principles]
    for action in framework.actions:
        texts += action.core_elements
        texts += action.applicability.sectors if action.applicability else ()
    for item in report.assessments:
        texts += item.delivery.values()
        for passage in (*item.evidence, *item.counter_evidence):
            texts += (*passage.force_words, *passage.delivery.values())
        texts += item.nearest.force_words if item.nearest else ()
    lone = (text for text in texts if re.fullmatch(r"\S+", text))
    return {word for text in lone for word in re.findall(r"[A-Za-z]{3,}", text)}


def vars_of(framework: Any) -> dict[str, Any]:
    return {
        "name": framework.name,
        "source": framework.source,
        "actions": [asdict(item) for item in framework.actions],
        "objectives": [asdict(item) for item in framework.objectives],
        "principles": [asdict(item) for item in framework.principles],
        "tables": [asdict(item) for item in framework.round_tables],
        "groups": [(group.title, group.rule) for group in framework.groups],
    }


def unmarked(text: str) -> str:
    """Return what stands outside the marks of the made translation, white space as one."""
    depth, kept = 0, []
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        if depth == 0:
            kept.append(" " if letter == CLOSE else letter)
    return " ".join("".join(kept).split())


def left_over(text: str, data: list[str]) -> set[str]:
    """Return the words outside the marks that are no data."""
    rest = unmarked(text)
    for known in data:
        rest = rest.replace(known, " ")
    return {word for word in re.findall(r"[A-Za-z]{3,}", rest) if word not in NAMES}


def page_text(page: str) -> str:
    """Return what a reader sees or hears of a page, quotes of documents and code aside."""
    root: Any = html.fromstring(page)
    for element in root.xpath("//script|//style|//q|//code|//table[contains(@class,'manifest')]"):
        element.drop_tree()
    shown = [e.get(name, "") for e in root.iter() for name in SHOWN_ATTRIBUTES]
    return "\n".join([*(str(text) for text in root.itertext()), *shown])


def screen(blocks: list[Any]) -> str:
    buffer = io.StringIO()
    console = Console(file=buffer, width=4000)
    for block in blocks:
        console.print(block, markup=False)
    return re.sub(r"[─━┃│┏┓┗┛┡┩┴┬┼┳╇]", " ", buffer.getvalue())


@pytest.mark.parametrize("names", [("policy.pdf",), ("policy.pdf", "law.pdf")])
def test_the_report_speaks_the_language(folder: Path, names: tuple[str, ...]) -> None:
    """Page, summary and explanation hold no word of ours that a catalogue cannot change."""
    report, framework = make.full_report(names), make.framework()
    with speaking("xx", folder):
        page = to_html(report, framework)
        told = screen([*summary_table(report, framework)])
        why = "\n".join(explanation(report, framework, a) for a in ("1.a", "2.b", "13.h"))
    data = data_of(report)
    assert 'lang="xx"' in page
    for text in (page_text(page), told, why):
        assert left_over(text, data) - lone_words(report) == set()


@pytest.mark.parametrize("mode", ["drafts", "documents", "countries"])
def test_comparisons_speak_the_language(folder: Path, mode: str) -> None:
    """So do a comparison's page and its summary."""
    one, other = make.full_report(), make.full_report(seed=8)
    made: Comparison = compared({"A": one, "B": other}, make.framework(), mode=mode)
    with speaking("xx", folder):
        page, told = comparison_html(made), screen(comparison_summary(made))
    data = data_of(one, other)
    assert left_over(page_text(page), data) == set()
    if mode != "drafts":  # the screen cuts quotes of drafts short
        assert left_over(told, data) == set()


@pytest.mark.parametrize(
    ("code", "shown"),
    [("en", "0.51 51\u00a0%"), ("fr", "0,51 51\u202f%"), ("es", "0,51 51\u00a0%")],
)
def test_numbers_follow_the_language(tmp_path: Path, code: str, shown: str) -> None:
    """Decimal sign and percentage are those of the language spoken."""
    made = pseudo_folder(tmp_path)
    if code != "en":
        (made / "xx").rename(made / code)
    with speaking(code, made):
        assert f"{decimal(0.51)} {percent(0.51)}" == shown
