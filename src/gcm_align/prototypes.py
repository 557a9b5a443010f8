"""Known phrasings of each action, written for this project (``data/training``)."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from gcm_align.artifacts import data_path
from gcm_align.catalogue import Framework

# Kinds of clause that show how an action is said; the others show what it is not.
_KINDS = frozenset({"positive", "weak", "supportive_negation"})


def load_prototypes(framework: Framework) -> tuple[tuple[str, str], ...]:
    """
    Return known phrasings as (action id, text), in a stable order.

    Only the Global Compact has them; for another framework the result is empty.
    """
    if framework.key != "gcm":
        return ()
    known = {action.id for action in framework.actions}
    return tuple(item for item in _all_phrasings() if item[0] in known)


@functools.cache
def _all_phrasings() -> tuple[tuple[str, str], ...]:
    return tuple((c["id"], c["text"]) for c in training_clauses() if c["kind"] in _KINDS)


def training_clauses() -> Iterator[dict[str, Any]]:
    """Yield the clauses of ``data/training`` in a stable order; fields in ``data/README.md``."""
    for path in sorted(data_path("training").glob("clauses-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def kept_for_calibration(text: str) -> bool:
    """
    Say whether a clause is kept from the encoder's training, to fit the weights on.

    One clause in six, by digest: the choice depends on nothing but the clause.
    """
    return hashlib.sha256(text.encode()).digest()[0] % 6 == 0
