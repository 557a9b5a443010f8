"""Is a passage about international migration at all? Codebook, step 1.

A document most of which speaks of migration is in scope throughout: its clauses need
not repeat the word. Elsewhere the passage, its lead-in or a heading above must say so.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence

from gcm_align.artifacts import data_path
from gcm_align.types import Passage


@functools.cache
def _lexicon() -> tuple[re.Pattern[str], float]:
    data = json.loads(data_path("lexicons", "scope.json").read_text(encoding="utf-8"))
    pattern = re.compile(r"\b(?:" + "|".join(data["terms"]) + ")", re.IGNORECASE)
    return pattern, float(data["document_share"])


def names_migration(text: str) -> bool:
    """Say whether a text uses a word of international migration."""
    return bool(_lexicon()[0].search(text))


def in_scope(passages: Sequence[Passage], title: str = "") -> tuple[bool, ...]:
    """
    Say for each passage whether it is about international migration.

    Args:
        passages: The passages of one document.
        title: The document's title, which speaks for all of it.
    """
    named = [names_migration(p.text) for p in passages]
    share = sum(named) / len(named) if named else 0.0
    if names_migration(title) or share >= _lexicon()[1]:
        return (True,) * len(passages)
    return tuple(
        here or names_migration(p.lead_in) or any(names_migration(s) for s in p.section)
        for here, p in zip(named, passages, strict=True)
    )
