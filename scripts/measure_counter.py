"""How many orders of the opposite the shipped rules and weights find, by writer.

    python scripts/measure_counter.py

A row is a writer's look-alikes of ``data/training/counter-*.jsonl``, then all coded documents,
measures and clauses: C2 and C1 flagged for an action that a text is against / for any; others for
any. The shipped weights were fitted on these texts: ``scripts/fit_counter.py`` prints the
figures of writers left out of the fit.
"""

from __future__ import annotations

import argparse
from itertools import groupby

from fit_counter import Labelled, describe, read_all, read_labelled

from gcm_align.counter import judge
from gcm_align.opposed import load_weights


def row_of(own: Labelled) -> str:
    """Return the row that a text counts in."""
    return f"{own.source} {own.writer}" if own.source == "look-alikes" else own.source


def main() -> None:
    """Print the rows."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    rows, weights = list(read_labelled()), load_weights()
    found = [
        frozenset(action for hit in judge(reading, weights) for action in hit.actions)
        for reading in read_all(rows)
    ]
    pairs = zip(rows, found, strict=True)
    for name, group in groupby(pairs, key=lambda pair: row_of(pair[0])):
        describe(name, list(group))


if __name__ == "__main__":
    main()
