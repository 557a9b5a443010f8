"""Texts whose actions are known: whole, in order, and theirs who wrote them."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest

from gcm_align.artifacts import data_path
from gcm_align.catalogue import Framework
from gcm_align.prototypes import (
    actions_of,
    coded_measures,
    coded_passages,
    kept_documents,
    kept_for_calibration,
    load_known,
    training_clauses,
)

LEVELS = {"paragraph", "list_item", "table_row"}
DOCUMENTS = json.loads(data_path("training", "documents.json").read_text(encoding="utf-8"))


def test_known_texts_name_actions_of_the_catalogue(catalogue: Framework) -> None:
    """Each action has clauses and coded passages."""
    known = load_known(catalogue)
    assert known == load_known(catalogue)
    ids = {action.id for action in catalogue.actions}
    for coded in (False, True):
        carried = Counter(a for text in known if bool(text.source) is coded for a in text.actions)
        assert set(carried) == ids
    assert sum(not text.actions for text in known) > 500


def test_orders_of_the_opposite_show_no_action(catalogue: Framework) -> None:
    known = {text.text for text in load_known(catalogue)}
    against = [own for own in coded_passages() if own.against]
    assert against
    assert not known & {" ".join(own.text.split()) for own in against}
    contradictions = [row for row in training_clauses() if row["kind"] == "contradiction"]
    assert not known & {row["text"] for row in contradictions}


def test_another_framework_has_none(catalogue: Framework) -> None:
    assert load_known(replace(catalogue, key="town")) == ()


def test_what_is_only_mentioned_counts() -> None:
    row = {"id": "6.h", "kind": "mention", "true_for": ["6.a"]}
    assert actions_of(row) == ("6.a", "6.h")
    assert actions_of({**row, "kind": "neighbour"}) == ("6.a",)


def test_every_coded_document_is_whole(catalogue: Framework) -> None:
    """Levels of passages and of their document agree, and no passage stands twice in one."""
    ids = {action.id for action in catalogue.actions}
    highest: dict[str, dict[str, int]] = {}
    seen: set[tuple[str, str]] = set()
    for own in coded_passages():
        assert own.text.strip()
        assert own.kind in LEVELS
        assert set(own.labels) | set(own.against) <= ids
        assert set(own.labels.values()) <= {1, 2, 3}
        assert set(own.against.values()) <= {"C1", "C2"}
        assert (own.document, own.text) not in seen
        seen.add((own.document, own.text))
        best = highest.setdefault(own.document, {})
        for action, level in own.labels.items():
            best[action] = max(level, best.get(action, 0))
    assert set(highest) == set(DOCUMENTS)
    for name, best in highest.items():
        levels = DOCUMENTS[name]["levels"]
        assert set(best) == set(levels)
        assert all(level <= min(levels[action], 3) for action, level in best.items()), name


def test_one_in_six_and_seven_writers_are_kept() -> None:
    kept = kept_documents()
    later = {"s", "t", "u", "v", "w", "aa", "ab"}
    whole = {name for name, item in DOCUMENTS.items() if item["writer"] in later}
    assert len(whole) == 19
    assert whole < kept < set(DOCUMENTS)
    assert all(kept_for_calibration(name) for name in kept - whole)
    assert 0.1 <= len(kept - whole) / len(set(DOCUMENTS) - whole) <= 0.25


def test_measures_serve_every_action(catalogue: Framework) -> None:
    """Each is coded as a passage of a document is, and none stands twice."""
    ids = {action.id for action in catalogue.actions}
    measures = list(coded_measures())
    assert len({own.text for own in measures}) == len(measures)
    assert {action for own in measures for action in own.labels} == ids
    for own in measures:
        assert own.kind in LEVELS
        assert set(own.labels.values()) <= {1, 2, 3}
        assert set(own.against) <= ids


@pytest.mark.parametrize("writer", sorted({item["writer"] for item in DOCUMENTS.values()}))
def test_a_document_has_one_writer(writer: str) -> None:
    """A batch of one writer is a file of its own, so that data can be split by writer."""
    path = data_path("training", f"documents-{writer}.jsonl")
    names = {json.loads(line)["doc"] for line in path.read_text(encoding="utf-8").splitlines()}
    assert names == {name for name, item in DOCUMENTS.items() if item["writer"] == writer}
