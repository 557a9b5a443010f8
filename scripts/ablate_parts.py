"""Print what the parts of the score earn: the weights are fitted again without them.

    python scripts/ablate_parts.py ../shared

Two questions for each set of parts. Do clauses find their action (R@1 and R@5 over
``evaluation/paraphrases-dev.json``, actions of a clause ranked)? And does an action find
its passages in a real document (coded evidence among the first three and first ten of the
coded policy, passages of an action ranked)?
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from fit_matcher import fit_set, load_kept, load_labelled

from gcm_align.artifacts import default_cache_dir
from gcm_align.clauses import score_texts
from gcm_align.encoding import CachedEncoder, load_encoder
from gcm_align.engine import Engine, load_engine
from gcm_align.evaluation.clauses import LabelledClause, load_clauses
from gcm_align.evaluation.gold import CodedDocument, find_document, holds, load_coded_document
from gcm_align.evaluation.ranking import evaluate_ranking
from gcm_align.lexical import plain_text
from gcm_align.matching import score_passages
from gcm_align.pipeline import encode_passages, prepare
from gcm_align.prototypes import load_known
from gcm_align.types import Passage, Reading, Scores
from gcm_align.vector_cache import VectorCache

CLAUSES = "evaluation/paraphrases-dev.json"
GOLD = "evaluation/gold/kh-labour-migration-policy-2015.coder-1.json"
LEADS = ("governed", "lead_full", "lead_lexical", "lead_phrasing", "lead_coded_words")
GROUPS = {
    "all": (),
    "without the action's text": ("full", "lead_full"),
    "without clauses": ("phrasing", "phrasing_words", "lead_phrasing"),
    "without the words of coded passages": ("coded_words", "lead_coded_words"),
    "without the neighbours' share": ("neighbours",),
    "without words": (
        *("lexical", "phrasing_words", "coded_words"),
        *("lead_lexical", "lead_coded_words"),
    ),
    "without what governs a passage": LEADS,
    "without scope": ("scope",),
    "without length": ("words",),
}


def scored(reading: Reading, engine: Engine, *, in_front: bool) -> Scores:
    """Score a document; what governs a passage apart, or in front of its words."""
    passages: Sequence[Passage] = reading.passages
    if in_front:
        passages = [replace(p, text=f"{p.lead_in} {p.text}", lead_in="") for p in passages]
    texts, vectors, leads = encode_passages(passages, engine.encoder)
    return score_passages(texts, vectors, engine.index, reading.scope, leads)


def found_in(
    coded: CodedDocument,
    reading: Reading,
    engine: Engine,
    most: Sequence[int],
    *,
    in_front: bool,
) -> list[float]:
    """Return the share of actions with coded evidence among their highest passages."""
    texts = [plain_text(f"{p.lead_in} {p.text}") for p in reading.passages]
    scores = scored(reading, engine, in_front=in_front)
    number = {action: i for i, action in enumerate(scores.action_ids)}
    ranks = []
    for coding in coded.codings:
        if not coding.evidence:
            continue
        order = np.argsort(-scores.values[:, number[coding.action]], kind="stable")
        hits = (
            rank
            for rank, at in enumerate(order)
            if any(
                gold.page in reading.passages[at].pages and holds(texts[at], gold.quote)
                for gold in coding.evidence
            )
        )
        ranks.append(next(hits, len(order)))
    return [float(np.mean(np.array(ranks) < k)) for k in most]


def describe(
    name: str,
    engine: Engine,
    clauses: Sequence[LabelledClause],
    coded: CodedDocument,
    reading: Reading,
    *,
    in_front: bool = False,
) -> None:
    """Print one row of the table."""
    scores = score_texts([clause.text for clause in clauses], engine)
    ranking = evaluate_ranking(name, scores.values, clauses, engine.framework)
    first, third = found_in(coded, reading, engine, (3, 10), in_front=in_front)
    print(
        f"| {name} | {ranking.recall[1]:.3f} | {ranking.recall[5]:.3f} "
        f"| {first:.3f} | {third:.3f} |"
    )


def main() -> None:
    """Print the table: all parts, then without each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path)
    shared: Path = parser.parse_args().shared
    engine = load_engine()
    encoder = CachedEncoder(encoder=load_encoder(), cache=VectorCache(default_cache_dir()))
    framework = engine.framework
    clauses = load_clauses(shared / CLAUSES, framework)
    coded = load_coded_document(shared / GOLD)
    reading = prepare(find_document(shared / GOLD, coded.document), engine)
    labelled, documents = load_labelled(framework), load_kept(framework)
    known = load_known(framework)
    print("| parts | R@1 | R@5 | evidence in first 3 | in first 10 |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, parts in GROUPS.items():
        weights = fit_set("with_known", documents, labelled, framework, known, encoder, parts)
        without = replace(engine, index=replace(engine.index, weights=weights))
        describe(name, without, clauses, coded, reading)
        if parts == LEADS:
            title = "the same, what governs put in front of the passage"
            describe(title, without, clauses, coded, reading, in_front=True)


if __name__ == "__main__":
    main()
