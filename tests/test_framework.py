from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.errors import UsageError


@pytest.fixture(scope="module")
def gcm() -> Framework:
    return load_catalogue()


def test_lookups(gcm: Framework) -> None:
    """Actions are found by id, objectives by number or by its text, groups by action."""
    assert gcm.action("13.h").objective == "13"
    assert gcm.objective(13) is gcm.objective("13")
    assert [a.letter for a in gcm.actions_of(22)] == ["a", "b", "c"]
    assert {g.key for g in gcm.neighbours("2.c")} >= {"foresight"}
    assert all("2.c" in g.ids for g in gcm.neighbours("2.c"))


def test_unknown_names_are_usage_errors(gcm: Framework) -> None:
    """A wrong id or number says which there are."""
    with pytest.raises(UsageError, match=r"'13\.z'.*from 1\.a to 23\.e"):
        gcm.action("13.z")
    with pytest.raises(UsageError, match=r"24.*1, 2, 3"):
        gcm.objective(24)
    with pytest.raises(UsageError):
        gcm.actions_of("24")


def test_records_do_not_change(gcm: Framework) -> None:
    """Records are frozen; a changed copy has lookups of its own."""
    with pytest.raises(FrozenInstanceError):
        gcm.key = "other"  # type: ignore[misc]
    less = replace(gcm, actions=gcm.actions[1:])
    with pytest.raises(UsageError):
        less.action("1.a")
    assert gcm.action("1.a") is gcm.actions[0]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("13.h", {"13.h"}),
        ("13.H", {"13.h"}),
        ("census", {"1.g"}),
        ("CENSUS national", {"1.g"}),
        ("confiscat contract", {"6.h"}),  # beginnings of words
        ("bereavement", set()),
        ("13.h census", set()),  # an id and a word that it lacks
        ("1.a 1.b", set()),  # no action has two ids
    ],
)
def test_search_needs_every_word(gcm: Framework, words: str, ids: set[str]) -> None:
    """Each word must occur, whatever its case, in the id, text, elements or title."""
    assert {a.id for a in gcm.search(words)} == ids


def test_search_reads_titles_and_parts_of_words(gcm: Framework) -> None:
    """A word of the objective's title finds its actions, a hyphenated word is found by parts."""
    assert {a.id for a in gcm.actions_of(20)} <= {a.id for a in gcm.search("remittances")}
    assert "5.a" in {a.id for a in gcm.search("responsive")}
    assert "5.a" in {a.id for a in gcm.search("gender-responsive")}
    assert gcm.search("") == gcm.actions


def test_search_ignores_accents(tmp_path: Path) -> None:
    """Accents in the framework need not be typed, and "1.1" is not the beginning of "1.10"."""
    path = tmp_path / "goals.json"
    rows = [{"id": "1.1", "text": "Garantizar la educación"}, {"id": "1.10", "text": "Otra"}]
    path.write_text(json.dumps(rows), encoding="utf-8")
    framework = load_catalogue(path)
    assert [a.id for a in framework.search("EDUCACION")] == ["1.1"]
    assert [a.id for a in framework.search("1.1")] == ["1.1"]
    assert [a.id for a in framework.search("1.")] == ["1.1", "1.10"]
