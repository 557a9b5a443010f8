from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import factories
import pytest

from gcm_align.reading import read_document

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import measure_reading


def test_nothing_is_missing_from_a_made_document(tmp_path: Path) -> None:
    """Of a small document every word is read once, running heads and numbers included."""
    counted = measure_reading.measure(factories.policy(tmp_path / "policy.pdf"), [])
    assert counted.words > 80
    assert counted.lost.total() == counted.added.total() == 0
    assert counted.recall(explained=False) == 1.0


def test_a_lost_and_a_doubled_block_are_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The measure finds words that a reader loses, and words that it gives twice, by page."""
    path = factories.policy(tmp_path / "policy.pdf")

    def spoilt(path: Path, **options: object) -> object:
        document = read_document(path, **options)  # type: ignore[arg-type]
        blocks = list(document.blocks)
        del blocks[1]
        return replace(document, blocks=(*blocks, blocks[-1]))

    monkeypatch.setattr(measure_reading, "read_document", spoilt)
    rows: list[tuple[str, int, str, str, int]] = []
    counted = measure_reading.measure(path, rows)
    assert counted.lost["missing"] > 0
    assert counted.added["twice"] > 0
    assert counted.recall(explained=True) < 1.0
    assert {row[1] for row in rows if row[2] == "missing"} == {1}


def test_a_word_written_apart_is_explained(tmp_path: Path) -> None:
    """A word that one reader writes with a blank is neither missing nor twice."""
    assert (
        measure_reading.cause("centres", 1, "service cent res", "service centres", "") == "spacing"
    )
    assert measure_reading.cause("centres", 1, "service", "service centres", "two centres") == (
        "other page"
    )
    assert measure_reading.cause("centres", 1, "service", "service centres", "") == ""
