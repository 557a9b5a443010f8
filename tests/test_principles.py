"""The ten guiding principles: named or not, with the words; silence only of what was read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.principles import assess_principles, find_principle
from gcm_align.settings import Settings
from gcm_align.types import (
    BlockKind,
    Document,
    Passage,
    PrincipleFinding,
    Quality,
    Quote,
    Reading,
    Scores,
)

NAMED = {
    "people_centred": "The wellbeing of migrants and host communities comes before targets.",
    "international_cooperation": "Talks with neighbouring States are held on shared corridors.",
    "national_sovereignty": "Each State keeps its sovereign right to decide who may stay.",
    "rule_of_law": "A person refused entry may appeal to the tribunal within ten days.",
    "sustainable_development": "Mobility serves the Sustainable Development Goals.",
    "human_rights": "Every worker is protected irrespective of migration status.",
    "gender_responsive": "Shelters are run with regard to the needs of women.",
    "child_sensitive": "In all decisions the best interests of the child come first.",
    "whole_of_government": "An inter-ministerial committee steers migration policy.",
    "whole_of_society": "Trade unions are consulted before a quota is set.",
}
OTHER = (
    "Applications are lodged at the counter with two photographs.",
    "The fee for a work permit is paid in advance.",
    "Table 3 shows departures by province and season.",
    "The Centre opens at eight and closes at five.",
)


@pytest.fixture(scope="module")
def framework() -> Framework:
    return load_catalogue()


def reading(texts: list[str], **changes: object) -> Reading:
    import numpy as np

    whole = "\n".join(texts)
    starts = [whole.index(text) for text in texts]
    quality = Quality(pages=1, pages_read=1)
    document = Document(
        id="d", name="d", sha256="0" * 64, language="en", text=whole, blocks=(),
        quality=quality, media_type="text/plain",
    )  # fmt: skip
    passages = tuple(
        Passage(
            document_id="d", index=i, start=start, end=start + len(text), text=text,
            kind=BlockKind.PARAGRAPH, pages=(1,), spans=(),
        )
        for i, (start, text) in enumerate(zip(starts, texts, strict=True))
    )  # fmt: skip
    empty = np.zeros((len(texts), 0), dtype=np.float32)
    scores = Scores(
        action_ids=(), values=empty, parts={}, elements=empty,
        element_owner=np.zeros(0, dtype=np.int64),
    )  # fmt: skip
    return Reading(
        document=replace(document, **changes),  # type: ignore[arg-type]
        passages=passages, clauses=(), counters=(), scores=scores,
    )  # fmt: skip


class Maker:
    """Quotes the words alone."""

    def make_quote(self, reading: Reading, at: int, start: int, end: int) -> Quote:
        """Return the whole passage as the quote."""
        text = reading.passages[at].text
        return Quote(
            words=text[start:end], quote=text, page=1, page_label="", section=(), context=text,
            start=0, end=len(text),
        )  # fmt: skip


def findings(
    framework: Framework, made: Reading, scope: list[bool] | None = None
) -> dict[str, PrincipleFinding]:
    out = assess_principles(framework, replace(made, scope=scope), Maker(), Settings())
    return {item.principle: item for item in out}


@pytest.mark.parametrize("key", list(NAMED))
def test_a_principle_is_found_with_the_words_that_name_it(framework: Framework, key: str) -> None:
    """One clause names one principle; clauses on papers and fees name none."""
    found = findings(framework, reading([*OTHER, NAMED[key]]))
    assert found[key].present is True
    assert found[key].passages == 1
    assert found[key].evidence[0].words in NAMED[key]
    silent = findings(framework, reading(list(OTHER)))
    assert silent[key].present is False
    assert silent[key].evidence == ()


def test_a_passage_out_of_scope_names_nothing(framework: Framework) -> None:
    """Human rights in a clause on something else are not the Compact's principle."""
    made = reading([NAMED["human_rights"]])
    assert findings(framework, made, [False])["human_rights"].present is False
    assert findings(framework, made, [True])["human_rights"].present is True


def test_silence_is_not_claimed_of_what_was_not_read(framework: Framework) -> None:
    """Half the pages unread: what is found counts, what is not found is left open."""
    half = Quality(pages=2, pages_read=1, pages_unread=(2,))
    found = findings(framework, reading([NAMED["human_rights"]], quality=half))
    assert found["human_rights"].present is True
    assert found["rule_of_law"].present is None
    assert "could be read" in found["rule_of_law"].reason


def test_a_language_that_is_not_read_leaves_all_open(framework: Framework) -> None:
    """A French text is never without principles."""
    found = findings(framework, reading(["Les droits de l'homme, human rights."], language="fr"))
    assert {item.present for item in found.values()} == {None}


def test_a_framework_of_ones_own_is_found_by_its_cues(framework: Framework) -> None:
    """A principle without a word list is named by the cues that its framework gives."""
    own = replace(framework.principles[0], key="prudence", cues=("with due care", "prudence"))
    places = find_principle(own, ["Act with due care.", "Act at once."], [True, True])
    assert places == ((0, 4, 17),)
