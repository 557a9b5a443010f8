"""How many orders of the opposite the rules find, and how many look-alikes they take for them.

    python scripts/measure_counter.py

Reads ``data/training/counter-*.jsonl``, and of the coded documents what is coded as against
an action and, as ordinary passages, what is not. A row is a writer's batch.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from gcm_align.artifacts import data_path
from gcm_align.counter import find_counter_provisions
from gcm_align.force import parse, read_clauses
from gcm_align.linguistics import load_pipeline
from gcm_align.prototypes import coded_passages
from gcm_align.types import BlockKind

SORTS = ("C2", "C1", "supportive", "neutral", "ordinary")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A clause, its sort and the actions that it works against."""

    writer: str
    sort: str
    text: str
    lead_in: str
    kind: str
    against: frozenset[str]


def look_alikes() -> Iterator[Labelled]:
    """Yield the clauses of each writer."""
    for path in sorted(data_path("training").glob("counter-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield Labelled(
                path.stem,
                row["sort"],
                row["text"],
                row["lead_in"],
                row["kind"],
                frozenset(row["contra"]),
            )


def of_documents() -> Iterator[Labelled]:
    """Yield the passages of the coded documents."""
    for own in coded_passages():
        sort = max(own.against.values(), default="ordinary")
        yield Labelled("documents", sort, own.text, own.lead_in, own.kind, frozenset(own.against))


def found_in(clauses: Sequence[Labelled]) -> list[set[str]]:
    """Return the actions that the rules flag in each clause."""
    nlp, texts = load_pipeline("en"), [own.text for own in clauses]
    docs = parse(texts, nlp)
    read = read_clauses(
        texts,
        nlp,
        kinds=[BlockKind(own.kind) for own in clauses],
        lead_ins=[own.lead_in for own in clauses],
        docs=docs,
    )
    return [
        {action for hit in find_counter_provisions(text, doc, clause) for action in hit.actions}
        for text, doc, clause in zip(texts, docs, read, strict=True)
    ]


def main() -> None:
    """Print a row for each writer."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    print("flagged for an action that it is against / for any; look-alikes: for any")
    clauses = [*look_alikes(), *of_documents()]
    pairs = list(zip(clauses, found_in(clauses), strict=True))
    for writer, group in groupby(pairs, key=lambda pair: pair[0].writer):
        rows = list(group)
        cells = []
        for sort in SORTS:
            own = [(clause, found) for clause, found in rows if clause.sort == sort]
            if not own:
                continue
            some = sum(bool(found) for _, found in own) / len(own)
            right = sum(bool(found & clause.against) for clause, found in own) / len(own)
            share = f"{right:.2f} / {some:.2f}" if sort in {"C1", "C2"} else f"{some:.3f}"
            cells.append(f"{sort} {share} of {len(own)}")
        print(f"{writer}: {', '.join(cells)}")


if __name__ == "__main__":
    main()
