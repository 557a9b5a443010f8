"""Texts written for this project whose actions are known (``data/training``).

Two kinds: clauses, each written to say one action (or to come near it and miss), and coded
passages, given every action that a coder would credit: those of whole documents of invented
States, and measures, each written for what serves an action without naming it. Matching
looks for the nearest of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from gcm_align.artifacts import data_path
from gcm_align.catalogue import Framework

# A contradiction is near its action in subject and against it in sense: no example of it.
_LEFT_OUT = "contradiction"
_ONE_IN = 6  # clauses and documents kept from the encoder's training
_KEPT_WRITERS = frozenset({"s", "t", "u", "v", "w", "aa", "ab"})  # and all documents of these


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownText:
    """
    A text and the actions that it speaks to, which may be none.

    source: the document or batch that it was written in; empty for a clause.
    """

    text: str
    actions: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedPassage:
    """
    A passage of a document of an invented State, or a measure alone, as it was coded.

    labels: level that it alone carries, by action.
    against: C1 or C2, by action.
    """

    document: str
    section: tuple[str, ...]
    lead_in: str
    text: str
    kind: str  # paragraph, list_item, table_row
    labels: Mapping[str, int] = field(default_factory=dict)
    against: Mapping[str, str] = field(default_factory=dict)


def load_known(framework: Framework) -> tuple[KnownText, ...]:
    """
    Return the known texts in a stable order: clauses, then passages.

    Only the Global Compact has them; for another framework the result is empty.
    """
    if framework.key != "gcm":
        return ()
    ids = {action.id for action in framework.actions}
    clauses = [
        KnownText(text=_one_line(row["text"]), actions=actions_of(row))
        for row in training_clauses()
        if row["kind"] != _LEFT_OUT
    ]
    passages = [
        KnownText(text=_one_line(own.text), actions=tuple(own.labels), source=own.document)
        for own in [*coded_passages(), *coded_measures()]
        if not own.against
    ]
    return tuple(known for known in [*clauses, *passages] if set(known.actions) <= ids)


def actions_of(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the actions that a training clause speaks to; what is only mentioned counts."""
    spoken = dict.fromkeys(row["true_for"])
    if row["kind"] == "mention" and row["id"]:
        spoken[row["id"]] = None
    return tuple(spoken)


def training_clauses() -> Iterator[dict[str, Any]]:
    """Yield the clauses of ``data/training`` in a stable order; fields in ``data/README.md``."""
    yield from _rows("clauses-*.jsonl")


def coded_passages() -> Iterator[CodedPassage]:
    """Yield the coded passages of ``data/training``, document by document, in their order."""
    yield from _coded("documents-*.jsonl")


def coded_measures() -> Iterator[CodedPassage]:
    """Yield the coded measures of ``data/training``; ``document`` names the writer's batch."""
    yield from _coded("measures-*.jsonl")


def _coded(pattern: str) -> Iterator[CodedPassage]:
    for row in _rows(pattern):
        yield CodedPassage(
            document=row["doc"],
            section=tuple(part.strip() for part in row["section"].split(" > ") if part.strip()),
            lead_in=row["lead_in"],
            text=row["text"],
            kind=row["kind"],
            labels=row["labels"],
            against=row["contra"],
        )


def kept_for_calibration(text: str) -> bool:
    """
    Say whether a clause is kept from the encoder's training, to fit the score's weights on.

    One in six, by digest: the choice depends on nothing but the text.
    """
    return hashlib.sha256(text.encode()).digest()[0] % _ONE_IN == 0


@cache
def coded_documents() -> Mapping[str, Mapping[str, Any]]:
    """Return title, type, writer and levels of each coded document, by its id."""
    told: dict[str, dict[str, Any]] = json.loads(
        data_path("training", "documents.json").read_text(encoding="utf-8")
    )
    return told


@cache
def kept_documents() -> frozenset[str]:
    """
    Return the coded documents that are kept from the encoder's training.

    One in six, by digest of its id, and all those of seven writers, of whom the encoder has
    seen nothing. Weights and probabilities are fitted on them.
    """
    return frozenset(
        name
        for name, own in coded_documents().items()
        if own["writer"] in _KEPT_WRITERS or kept_for_calibration(name)
    )


def _rows(pattern: str) -> Iterator[dict[str, Any]]:
    for path in sorted(data_path("training").glob(pattern)):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def _one_line(text: str) -> str:
    return " ".join(text.split())
