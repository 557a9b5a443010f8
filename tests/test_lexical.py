"""Shared words: rare ones count more, repetition less, other vocabularies apart."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from gcm_align import lexical
from gcm_align.catalogue import Framework
from gcm_align.errors import ArtifactError
from gcm_align.lexical import (
    build_word_index,
    count_words,
    load_word_table,
    plain_text,
    save_word_table,
    stems_of,
)
from gcm_align.prototypes import load_known

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import encode_known

TEXTS = ["consular visits to prisons", "visits to prisons and ships", "a levy on remittances"]
CARRIES = np.array([[True, False], [True, False], [False, True]])
CODED = np.array([False, False, True])
TABLE = count_words(TEXTS, CARRIES, CODED, "digest")


def test_stems_leave_out_what_bears_no_subject() -> None:
    assert stems_of("The visits of the Consuls, who may visit 12 prisons") == [
        "visit", "consul", "visit", "prison",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("receive a birth certi-\nficate", "receive a birth certificate"),
        ("data- sharing", "data-sharing"),
        ("pre- and post-departure", "pre- and post-departure"),
        ("one-stop  shops", "one-stop shops"),
    ],
)
def test_words_that_a_line_cut_are_put_together(text: str, expected: str) -> None:
    """A text laid out anew is encoded as before."""
    assert plain_text(text) == expected


def test_a_word_of_one_text_is_not_the_actions() -> None:
    """Two clauses of the first action share visits and prisons; ships and consuls stay apart."""
    held = {TABLE.stems[i] for i in np.flatnonzero(TABLE.phrasing[:, 0])}
    assert held == {"visit", "prison"}
    assert not TABLE.coded.any()  # one coded passage alone


def test_rarer_words_are_worth_more() -> None:
    rarity = dict(zip(TABLE.stems, TABLE.rarity, strict=True))
    assert rarity["levi"] > rarity["visit"] > 0
    assert TABLE.unseen > rarity["levi"]


def test_the_score_of_a_passage_does_not_depend_on_its_company() -> None:
    index = build_word_index(
        ["visit prisons", "tax money"], ["Consuls", "Money"], TABLE, known=True
    )
    alone = index.scores([TEXTS[0]])
    beside = index.scores(TEXTS)
    for name, values in alone.items():
        assert (values[0] == beside[name][0]).all()
    assert alone["lexical"][0, 0] > alone["lexical"][0, 1] == 0
    assert alone["phrasing_words"][0, 0] > 0


@given(st.integers(1, 30))
def test_repetition_adds_ever_less(times: int) -> None:
    """A word said again never counts down, and never counts as much as the first time."""
    index = build_word_index(["visit prisons"], [""], TABLE, known=False)
    once, more = (index.scores([" ".join(["prisons"] * n)])["lexical"][0, 0] for n in (1, times))
    assert once <= more <= (lexical.K1 + 1) * once


def test_a_framework_of_ones_own_has_its_own_words_alone() -> None:
    """Words that our texts never use are the rarest of all."""
    index = build_word_index(["libraries lend books"], [""], TABLE, known=False)
    assert set(index.weights) == {"lexical"}
    assert index.rarity["librari"] == TABLE.unseen


def test_a_table_comes_back_as_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "words.safetensors"
    path.write_bytes(save_word_table(TABLE))
    monkeypatch.setattr(lexical, "models_path", lambda name: path)
    again = load_word_table.__wrapped__()
    assert (again.stems, again.unseen, again.sha256) == (TABLE.stems, TABLE.unseen, "digest")
    assert np.allclose(again.phrasing, TABLE.phrasing, atol=1e-3)
    assert save_word_table(again) == path.read_bytes()


@pytest.mark.parametrize("content", [b"", b"no safetensors", save({"rarity": np.zeros(1)})])
def test_a_broken_table_is_named(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "words.safetensors"
    path.write_bytes(content)
    monkeypatch.setattr(lexical, "models_path", lambda name: path)
    with pytest.raises(ArtifactError, match="table of words") as caught:
        load_word_table.__wrapped__()
    assert str(path) in str(caught.value)


def test_the_shipped_table_has_a_column_for_each_action(catalogue: Framework) -> None:
    table = load_word_table()
    assert table.phrasing.shape == table.coded.shape == (len(table.stems), 187)
    assert list(table.stems) == sorted(set(table.stems))
    assert (table.phrasing.any(axis=0)).all()
    assert ((table.coded >= 0) & (table.coded <= 1)).all()
    assert len(catalogue.actions) == 187


def test_the_shipped_table_is_counted_on_the_known_texts(catalogue: Framework) -> None:
    """What the script writes now, up to the last bits: no text changed without it."""
    made, shipped = encode_known.words_of(catalogue, load_known(catalogue)), load_word_table()
    assert (made.stems, made.sha256) == (shipped.stems, shipped.sha256)
    assert np.allclose(made.rarity, shipped.rarity)
    assert np.allclose(made.phrasing, shipped.phrasing, atol=1e-3)  # kept in half precision
    assert np.allclose(made.coded, shipped.coded, atol=1e-3)
