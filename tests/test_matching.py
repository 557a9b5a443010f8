"""Scores: weighted parts of a passage and of what governs it, the same in any company."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from gcm_align.catalogue import Framework
from gcm_align.framework import Action, Objective
from gcm_align.indexing import ActionIndex, Weights, build_index
from gcm_align.lexical import count_words
from gcm_align.matching import NOBODY, Leads, score_passages
from gcm_align.prototypes import KnownText
from gcm_align.types import Scores

FloatArray = npt.NDArray[np.float32]
KNOWN = (
    KnownText(text="consuls visit prisons abroad", actions=("1.a",)),
    KnownText(text="prisons are visited by consuls", actions=("1.a",), source="plan"),
    KnownText(text="money is sent home", actions=("1.b",)),
    KnownText(text="roads are mended", actions=()),
)


@dataclass
class WordEncoder:
    """A vector for each word, by digest; a text is the mean of its words."""

    name: str = "words"
    revision: str = "1"
    sha256: str = "0" * 64

    def encode(self, texts: Sequence[str], progress: object = None) -> FloatArray:
        """Shape: (n_texts, 64)."""
        out = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                out[row] += np.random.default_rng(seed).standard_normal(64)
        unit: FloatArray = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
        return unit


@pytest.fixture
def index() -> ActionIndex:
    return made_index(KNOWN, parts={"full": 2.0, "lead_full": 0.5, "words": 1.0})


def made_index(known: Sequence[KnownText], parts: dict[str, float]) -> ActionIndex:
    """Return an index of two actions."""
    framework = Framework(
        key="town",
        name="Town",
        source="",
        sha256="0" * 64,
        actions=(
            made_action("a", "consular visits", "prisons"),
            made_action("b", "cheap remittances", "fees"),
        ),
        objectives=(
            Objective(
                number="1",
                title="Workers",
                short_title="Workers",
                label="Workers",
                round_table=None,
                paragraph="",
                commitments=(),
            ),
        ),
    )
    table = count_words(
        [text.text for text in KNOWN],
        np.array([[True, False], [True, False], [False, True], [False, False]]),
        np.array([False, True, False, False]),
        "",
    )
    weights = Weights(parts=parts, intercept=-1.0, sha256="")
    return build_index(framework, WordEncoder(), known, weights, table)


def made_action(letter: str, text: str, element: str) -> Action:
    return Action(
        id=f"1.{letter}",
        objective="1",
        letter=letter,
        text=text,
        verb="",
        paragraph="",
        core_elements=(element,),
        extra_elements=(),
        note="",
        applicability=None,
    )


def scored(texts: Sequence[str], index: ActionIndex, leads: Sequence[str] | None = None) -> Scores:
    encoder = WordEncoder()
    above = None if leads is None else Leads(texts=leads, vectors=encoder.encode(leads))
    return score_passages(texts, encoder.encode(texts), index, leads=above)


def test_a_score_is_the_weighted_sum_of_its_parts(index: ActionIndex) -> None:
    found = scored(["consular visits to prisons"], index, ["cheap fees"])
    total = -1.0 + sum(weight * found.parts[name] for name, weight in index.weights.parts.items())
    assert np.allclose(found.values, total, atol=1e-5)


def test_a_score_does_not_depend_on_the_other_passages(index: ActionIndex) -> None:
    texts = ["consuls visit", "fees for remittances", "roads", "consuls visit"]
    leads = ["", "the goal", "", "the goal"]
    together = scored(texts, index, leads)
    for at, (text, lead) in enumerate(zip(texts, leads, strict=True)):
        alone = scored([text], index, [lead])
        assert np.allclose(alone.values[0], together.values[at], atol=1e-5)


def test_what_governs_a_row_is_scored_apart(index: ActionIndex) -> None:
    """Rows under one goal share its parts and keep their own; without one there are none."""
    found = scored(
        ["consuls visit", "roads are mended", "roads are mended"], index, ["fees", "fees", ""]
    )
    assert (found.parts["lead_full"][0] == found.parts["lead_full"][1]).all()
    assert (found.parts["lead_full"][2] == 0).all()
    assert not np.allclose(found.parts["full"][0], found.parts["full"][1])


def test_an_element_that_the_goal_names_need_not_be_named_again(index: ActionIndex) -> None:
    without = scored(["roads are mended"], index).elements
    found = scored(["roads are mended"], index, ["visits to prisons"]).elements
    assert found[0, 0] > without[0, 0]
    assert (found >= without).all()


def test_the_nearest_known_texts_speak_for_their_actions() -> None:
    """Clauses show how an action is said; of all neighbours together, a share is asked."""
    parts = {"phrasing": 1.0, "neighbours": 1.0}
    found = scored(["consuls visit prisons abroad"], made_index(KNOWN, parts)).parts
    assert found["phrasing"][0, 0] == pytest.approx(1, abs=1e-5)
    assert found["phrasing"][0, 1] < found["phrasing"][0, 0]
    assert np.exp(found["neighbours"]).max() <= 1 + 2 * NOBODY
    assert found["neighbours"][0, 0] > found["neighbours"][0, 1] >= np.log(NOBODY) - 1e-4


def test_without_known_texts_there_are_no_parts_of_them() -> None:
    found = scored(["consuls visit"], made_index((), {"full": 1.0, "phrasing": 1.0}))
    assert "phrasing" not in found.parts
    assert np.allclose(found.values, found.parts["full"] - 1.0, atol=1e-6)


def test_no_passages_have_no_scores(index: ActionIndex) -> None:
    found = scored([], index, [])
    assert found.values.shape == (0, 2)
    assert found.elements.shape == (0, 2)
