from __future__ import annotations

import pytest

from gcm_align.scope import in_scope, names_migration
from gcm_align.types import BlockKind, Passage


def passage(text: str, *, section: tuple[str, ...] = (), lead_in: str = "") -> Passage:
    return Passage(
        document_id="d", index=0, start=0, end=len(text), text=text, kind=BlockKind.PARAGRAPH,
        pages=(1,), spans=(), section=section, lead_in=lead_in,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Migrant workers shall have contracts.",
        "Emigration of minors is prohibited.",
        "Non-citizens may join the scheme.",
        "The cost of remittances shall fall.",
        "Victims of trafficking are housed.",
    ],
)
def test_words_of_migration_are_known(text: str) -> None:
    """Each of these places a clause within international migration."""
    assert names_migration(text)


@pytest.mark.parametrize(
    "text",
    ["Foreign exchange reserves grew.", "Seeds are distributed.", "Drug trafficking is a crime."],
)
def test_other_subjects_are_not(text: str) -> None:
    """Look-alike words do not."""
    assert not names_migration(text)


def test_a_heading_speaks_for_what_stands_under_it() -> None:
    """A clause is in scope through its section or lead-in."""
    plain = passage("Contracts shall be in writing.")
    others = [passage("Roads are repaired.") for _ in range(9)]
    assert not in_scope([plain, *others])[0]
    assert in_scope([passage(plain.text, section=("4 Migrant workers",)), *others])[0]
    assert in_scope([passage(plain.text, lead_in="For every migrant worker:"), *others])[0]


def test_a_document_about_migration_is_in_scope_throughout() -> None:
    """Where a quarter of the passages or the title name it, no clause must repeat it."""
    plain = passage("Contracts shall be in writing.")
    assert all(in_scope([plain, passage("Migrants are informed."), plain, plain]))
    assert all(in_scope([plain, plain], title="Labour Migration Policy"))
    assert in_scope([]) == ()
