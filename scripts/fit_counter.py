"""Fit what each cue and word says of an order against the Compact; write ``models/counter.json``.

    python scripts/fit_counter.py

Cues: logistic regression of clauses that are against an action (C2) against all others that
are not (C1 stands between and is left out). Topics: for each action, the words that stand
more often in what speaks to it or against it than elsewhere. Both are fitted on the coded
texts of ``data/training``. Prints first what the fitted weights find where each writer in turn is
left out of the fit.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from gcm_align.artifacts import data_path
from gcm_align.catalogue import load_catalogue
from gcm_align.counter import Reading, cues_of, judge, read_passage
from gcm_align.force import parse, read_clauses
from gcm_align.lexicons import load_lexicon
from gcm_align.linguistics import load_pipeline
from gcm_align.opposed import FILE, TOPIC_STEM, Weights, by_stem, topic_stems
from gcm_align.prototypes import (
    CodedPassage,
    coded_documents,
    coded_measures,
    coded_passages,
    training_clauses,
)
from gcm_align.types import BlockKind

RIDGE = 0.25  # inverse strength
TOLERANCE = 1e-3
# How much a text counts. Neutral look-alikes are few, ordinary passages many.
COUNTS = {"C2": 2.5, "supportive": 2.5, "neutral": 5.0, "ordinary": 0.4}
SORTS = ("C2", "C1", "supportive", "neutral", "ordinary")
LEAST_WEIGHT = 0.02
LEAST_STEMS, LEAST_CUES = 5, 8  # passages that hold a cue of the fit: word stems, other cues
# Spread of a cue: the smaller, the more passages it takes to give it weight. There are many
# stems and runs of classes, and few frames.
STEM, RUN, FRAME, RULE = 0.3, 0.2, 0.7, 1.0
MOST_WORDS = 40  # of an action
LEAST_LIFT = 1.0  # log-odds
SMOOTHING = 4.0  # passages with the words of all
CATALOGUE = 2  # passages that the wording of an action counts as


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """
    A text and what it works for and against.

    actions: that it speaks to, for or against.
    """

    source: str
    writer: str
    sort: str
    text: str
    lead_in: str = ""
    kind: str = BlockKind.PARAGRAPH.value
    actions: frozenset[str]
    against: frozenset[str]


def read_labelled() -> Iterator[Labelled]:
    """Yield the labelled texts of ``data/training``."""
    for path in sorted(data_path("training").glob("counter-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield Labelled(
                source="look-alikes",
                writer=path.stem.removeprefix("counter-"),
                sort=row["sort"],
                text=row["text"],
                lead_in=row["lead_in"],
                kind=row["kind"],
                actions=frozenset([*row["labels"], *row["contra"]]),
                against=frozenset(row["contra"]),
            )
    documents = coded_documents()
    for own in coded_passages():
        yield _coded("documents", documents[own.document]["writer"], own)
    for own in coded_measures():
        yield _coded("measures", own.document.removesuffix("-measures"), own)
    for row in training_clauses():
        actions = frozenset([row["id"]] if row["id"] else [])
        supportive = "supportive" if row["kind"] == "supportive_negation" else "ordinary"
        yield Labelled(
            source="clauses",
            writer=row["writer"],
            sort=row["contradiction"] or supportive,
            text=row["text"],
            actions=actions,
            against=actions if row["contradiction"] else frozenset(),
        )


def _coded(source: str, writer: str, own: CodedPassage) -> Labelled:
    return Labelled(
        source=source,
        writer=writer,
        sort=max(own.against.values(), default="ordinary"),
        text=own.text,
        lead_in=own.lead_in,
        kind=own.kind,
        actions=frozenset([*own.labels, *own.against]),
        against=frozenset(own.against),
    )


def read_all(rows: Sequence[Labelled]) -> list[Reading]:
    """Read the wording of all texts as the pipeline does."""
    nlp, texts = load_pipeline("en"), [row.text for row in rows]
    docs = parse(texts, nlp)
    clauses = read_clauses(
        texts,
        nlp,
        kinds=[BlockKind(row.kind) for row in rows],
        lead_ins=[row.lead_in for row in rows],
        docs=docs,
    )
    return [
        read_passage(text, doc, clause)
        for text, doc, clause in zip(texts, docs, clauses, strict=True)
    ]


def spread_of(cue: str, classes: frozenset[str]) -> float:
    """Return the value that stands for a cue in the fit."""
    if cue.startswith("~"):
        return STEM
    if classes.issuperset(cue.replace(">", " ").split()):
        return RUN
    return FRAME if ":" in cue else RULE


class Cues:
    """The cues of all texts as a matrix, from which any of them are fitted."""

    def __init__(self, readings: Sequence[Reading], sorts: npt.NDArray[np.str_]) -> None:
        classes = frozenset([*load_lexicon("counter")["classes"], "^", "$"])
        sets = [cues_of(reading) for reading in readings]
        often = Counter(cue for cues in sets for cue in cues)
        vectors = DictVectorizer(sort=True)
        self._matrix: csr_matrix = vectors.fit_transform(
            {cue: spread_of(cue, classes) for cue in cues if often[cue] >= LEAST_STEMS}
            for cues in sets
        )
        self._names: list[str] = list(vectors.get_feature_names_out())
        self._spread = np.array([spread_of(name, classes) for name in self._names])
        self._least = np.where(
            np.char.startswith(self._names, "~"), float(LEAST_STEMS), float(LEAST_CUES)
        )
        self._sorts = sorts

    def fit(self, own: npt.NDArray[np.bool_]) -> tuple[float, dict[str, float]]:
        """Return the constant and the weight of each cue, fitted on some of the texts."""
        rows = np.flatnonzero(own & (self._sorts != "C1"))
        sorts, matrix = self._sorts[rows], self._matrix[rows]
        columns = np.flatnonzero(matrix.getnnz(axis=0) >= self._least)
        model = LogisticRegression(C=RIDGE, max_iter=300, tol=TOLERANCE).fit(
            matrix[:, columns], sorts == "C2", sample_weight=[COUNTS[sort] for sort in sorts]
        )
        weights = model.coef_[0] * self._spread[columns]
        return float(model.intercept_[0]), {
            self._names[at]: round(float(weight), 3)
            for at, weight in zip(columns, weights, strict=True)
            if abs(weight) >= LEAST_WEIGHT
        }


def fit_topics(
    rows: Sequence[Labelled], wordings: Mapping[str, str]
) -> dict[str, dict[str, float]]:
    """
    Return for each action the words that tell it from others, with their log-odds.

    Args:
        rows: Texts and the actions that they speak to.
        wordings: Of each action, as the Compact has it.
    """
    common = {word[:TOPIC_STEM] for word in load_lexicon("counter")["common"]}
    anywhere: Counter[str] = Counter()
    within: dict[str, Counter[str]] = defaultdict(Counter)
    texts: Counter[str] = Counter()
    for row in rows:
        stems = topic_stems(row.text) - common
        anywhere.update(stems)
        for action in row.actions:
            texts[action] += 1
            within[action].update(stems)
    topics = {}
    for action, wording in wordings.items():
        own, number = within[action], texts[action] + CATALOGUE
        own.update(dict.fromkeys(topic_stems(wording) - common, CATALOGUE))
        lifts = {}
        for stem, times in own.items():
            share = anywhere[stem] / len(rows) + 1e-4
            lift = math.log((times + SMOOTHING * share) / (number + SMOOTHING) / share)
            if lift > LEAST_LIFT and times >= CATALOGUE:
                lifts[stem] = lift
        # A word tells much that is rare elsewhere, and often what stands in many texts.
        best = sorted(lifts, key=lambda stem: (-lifts[stem] * math.sqrt(own[stem]), stem))
        topics[action] = {stem: round(lifts[stem], 3) for stem in sorted(best[:MOST_WORDS])}
    return topics


def describe(name: str, pairs: Sequence[tuple[Labelled, frozenset[str]]]) -> None:
    """Print how many orders are found and how many other texts are flagged."""
    cells = []
    for sort in SORTS:
        own = [(row, found) for row, found in pairs if row.sort == sort]
        if own:
            some = sum(bool(found) for _, found in own) / len(own)
            right = sum(bool(found & row.against) for row, found in own) / len(own)
            share = f"{right:.3f} / {some:.3f}" if sort in {"C1", "C2"} else f"{some:.4f}"
            cells.append(f"{sort} {share} of {len(own)}")
    print(f"{name}: {', '.join(cells)}", flush=True)


def main() -> None:
    """Fit with each writer left out in turn, print, fit on all and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("models") / FILE)
    arguments = parser.parse_args()
    wordings = {
        str(action.id): " ".join([action.text, *action.core_elements])
        for action in load_catalogue().actions
    }
    rows = list(read_labelled())
    readings = read_all(rows)
    cues = Cues(readings, np.array([row.sort for row in rows]))
    writers = np.array([row.writer for row in rows])

    def fit(
        own: npt.NDArray[np.bool_],
    ) -> tuple[float, dict[str, float], dict[str, dict[str, float]]]:
        texts = [row for row, chosen in zip(rows, own, strict=True) if chosen]
        return *cues.fit(own), fit_topics(texts, wordings)

    found: list[frozenset[str]] = [frozenset()] * len(rows)
    for writer in sorted(set(writers)):
        constant, weights, topics = fit(writers != writer)
        apart = Weights(constant=constant, cues=weights, topics=by_stem(topics))
        for at in np.flatnonzero(writers == writer):
            hits = judge(readings[at], apart)
            found[at] = frozenset(action for hit in hits for action in hit.actions)
    pairs = list(zip(rows, found, strict=True))
    print("each writer left out of the fit in turn; flagged for an action that a text is against")
    print("/ for any (C2, C1), for any (others)")
    for source in dict.fromkeys(row.source for row in rows):
        describe(source, [pair for pair in pairs if pair[0].source == source])
    constant, weights, topics = fit(np.ones(len(rows), dtype=bool))
    data = {
        "made_by": "scripts/fit_counter.py",
        "fitted_on": f"{len(rows)} labelled texts of data/training by {len(set(writers))} writers",
        "constant": round(constant, 3),
        "cues": dict(sorted(weights.items())),
        "topics": topics,
    }
    lines = [f" {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in data.items()]
    arguments.out.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{len(weights)} cues, {sum(map(len, topics.values()))} words")


if __name__ == "__main__":
    main()
