"""Precision and recall of force, delivery and counter-provisions on the project's own clauses.

Usage: python scripts/measure_force.py [FILE]
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gcm_align.counter import find_counter_provisions
from gcm_align.force import parse, read_clauses
from gcm_align.linguistics import load_pipeline
from gcm_align.types import BlockKind, Clause, CounterProvision, Force

DEFAULT = Path(__file__).resolve().parents[1] / "data" / "training" / "force-clauses.jsonl"
Row = dict[str, Any]


def read_rows(path: Path) -> list[Row]:
    """Read one clause a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def read_all(rows: Sequence[Row]) -> list[tuple[Row, Clause, tuple[CounterProvision, ...]]]:
    """Read the force of each clause and what it orders against the actions."""
    texts = [row["text"] for row in rows]
    nlp = load_pipeline("en")
    docs = parse(texts, nlp)
    clauses = read_clauses(
        texts,
        nlp,
        kinds=[BlockKind(row["kind"]) for row in rows],
        lead_ins=[row["lead_in"] for row in rows],
        docs=docs,
    )
    return [
        (row, clause, find_counter_provisions(row["text"], doc, clause))
        for row, doc, clause in zip(rows, docs, clauses, strict=True)
    ]


def figures(rows: Sequence[Row]) -> dict[str, float]:
    """Return shares in [0, 1] over one part of the clauses."""
    read = read_all(rows)
    right = [row["force"] == clause.force for row, clause, _ in read]
    facts: Counter[str] = Counter()
    for row, clause, _ in read:
        given, found = set(row["delivery"]), set(clause.delivery_kinds)
        facts.update(hit=len(given & found), given=len(given), found=len(found))
    against = [
        bool(set(row["actions"]) & {a for p in found for a in p.actions})
        for row, _, found in read
        if row["contradiction"] == "C2"
    ]
    helping = [
        bool(found)
        for row, _, found in read
        if row["supportive_negation"] and not row["contradiction"]
    ]
    out = {
        "force_accuracy": _share(sum(right), len(right)),
        "delivery_precision": _share(facts["hit"], facts["found"]),
        "delivery_recall": _share(facts["hit"], facts["given"]),
        "contradictions_flagged": _share(sum(against), len(against)),
        "supportive_negations_flagged": _share(sum(helping), len(helping)),
    }
    for force in Force:
        right_ones = sum(row["force"] == force == clause.force for row, clause, _ in read)
        total = sum(clause.force is force for _, clause, _ in read)
        wanted = sum(row["force"] == force for row, _, _ in read)
        out[f"{force}_precision"] = _share(right_ones, total)
        out[f"{force}_recall"] = _share(right_ones, wanted)
    return out


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def main() -> None:
    """Print the figures of each part."""
    rows = read_rows(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
    for part in sorted({row["part"] for row in rows}):
        chosen = [row for row in rows if row["part"] == part]
        print(f"{part}: n = {len(chosen)}")
        for name, value in figures(chosen).items():
            print(f"  {name:30} {value:.3f}")


if __name__ == "__main__":
    main()
