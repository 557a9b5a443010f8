"""Plain clauses: their scores, their force, and the level that each carries alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.catalogue import Framework
from gcm_align.counter import find_counter_provisions
from gcm_align.delivery import Cell
from gcm_align.encoding import DEFAULT_MODEL
from gcm_align.engine import Engine, has_scope, load_engine
from gcm_align.force import parse, read_clauses
from gcm_align.levels import allowed_levels, is_about, levels_alone, operational
from gcm_align.lexical import plain_text
from gcm_align.linguistics import load_pipeline
from gcm_align.matching import score_passages
from gcm_align.opposed import WEIGHED
from gcm_align.programmed import settle
from gcm_align.scope import names_migration
from gcm_align.types import Clause, CounterProvision, Passage, Scores

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    from spacy.language import Language


def match(
    texts: Sequence[str],
    framework: Framework | None = None,
    *,
    model: str = DEFAULT_MODEL,
    cache_dir: Path | None = None,
    use_cache: bool = True,
    engine: Engine | None = None,
) -> pd.DataFrame:
    """
    Score plain clauses against every action, without a document.

    Args:
        texts: Clauses in the language of the model. Length: n_texts.
        framework: Actions to look for; the Global Compact where left out.
        model: ``default``, a folder, or ``NAME@REVISION`` of the hub.
        cache_dir: Where vectors are kept; the user's cache folder where left out.
        use_cache: Keep vectors between runs.
        engine: What load_engine() returned, to serve several calls.

    Returns:
        Scores on a log-odds scale: higher is nearer, comparable along rows and columns.
        Rows in the order of the texts, columns the action ids in the framework's order.
        Shape: (n_texts, n_actions).
    """
    import pandas as pd

    engine = engine or load_engine(framework, model=model, cache_dir=cache_dir, use_cache=use_cache)
    scores = score_texts(texts, engine)
    return pd.DataFrame(scores.values, columns=list(scores.action_ids))


def score_texts(texts: Sequence[str], engine: Engine) -> Scores:
    """Score plain clauses, each its own context. Shape: (n_texts, n_actions)."""
    flat = [plain_text(text) for text in texts]
    scope = [names_migration(text) for text in flat] if has_scope(engine.framework) else None
    return score_passages(flat, engine.encoder.encode(flat), engine.index, scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedTexts:
    """Plain clauses as judged alone.

    levels: level of each clause for each action. Shape: (n_texts, n_actions).
    flagged: counter-provision to the action. Shape: (n_texts, n_actions).
    """

    scores: Scores
    clauses: tuple[Clause, ...]
    levels: npt.NDArray[np.int64]
    flagged: npt.NDArray[np.bool_]


def judge_texts(texts: Sequence[str], engine: Engine) -> JudgedTexts:
    """Score plain clauses, read their force, and give each its level alone."""
    import numpy as np

    scores = score_texts(texts, engine)
    clauses, counters = read_wording(texts, load_pipeline("en"))
    counters = near_counters(counters, scores, engine.settings.counter_rank)
    flagged = np.zeros(scores.values.shape, dtype=bool)
    number = {action: i for i, action in enumerate(scores.action_ids)}
    for row, provisions in enumerate(counters):
        for action in {a for p in provisions for a in p.actions if a in number}:
            flagged[row, number[action]] = True
    # A clause alone is a document of one clause, so its own score says how near that stays.
    nearness = scores.values.max(axis=1, keepdims=True, initial=-np.inf)
    likely = engine.assessor.calibrator.most_likely(scores, nearness)
    allowed = allowed_levels(scores, clauses, engine.settings)
    levels = levels_alone(likely, allowed, operational(clauses), is_about(scores))
    levels[flagged] = 0  # an order against an action never supports it
    return JudgedTexts(scores=scores, clauses=clauses, levels=levels, flagged=flagged)


def read_wording(
    texts: Sequence[str],
    nlp: Language,
    passages: Sequence[Passage] = (),
) -> tuple[tuple[Clause, ...], list[tuple[CounterProvision, ...]]]:
    """
    Parse once; return what each text undertakes and the orders against actions in it.

    Args:
        texts: Length: n_texts.
        nlp: A spaCy pipeline with a parser.
        passages: Those of one document, in order, of which these are the texts; none where
            texts stand alone, whose wording then decides by itself. Length: n_texts or 0.
    """
    docs = parse(texts, nlp)
    clauses = read_clauses(
        texts,
        nlp,
        kinds=[p.kind for p in passages],
        lead_ins=[p.lead_in for p in passages],
        cells=[_cells(p) for p in passages],
        docs=docs,
    )
    known: dict[tuple[str, Clause], tuple[CounterProvision, ...]] = {}
    counters = []
    for text, doc, clause in zip(texts, docs, clauses, strict=True):
        if (text, clause) not in known:
            known[text, clause] = find_counter_provisions(text, doc, clause)
        counters.append(known[text, clause])
    return settle(clauses, passages) if passages else clauses, counters


def near_counters(
    counters: Sequence[tuple[CounterProvision, ...]],
    scores: Scores,
    most: int,
    scope: Sequence[bool] | None = None,
) -> list[tuple[CounterProvision, ...]]:
    """
    Keep the counter-provisions whose passage is among the nearest to one of their actions.

    The rules read polarity and subject by words; the scores say whether the passage speaks
    to the matter at all. Neither alone is enough to print a contradiction.

    Args:
        counters: What read_wording() returned. Length: n_passages.
        scores: Of the same passages.
        most: Nearest actions of a passage of which one must be the order's.
        scope: Whether each passage of a document is about the framework's subject; what only
            the weight of all words speaks for must be (a member who "ceases to be qualified"
            is no migrant). None where texts stand alone, which need not say so themselves.
    """
    out = []
    for row, provisions in enumerate(counters):
        if not provisions:
            out.append(provisions)
            continue
        order = (-scores.values[row]).argsort(kind="stable")[:most]
        near = {scores.action_ids[i] for i in order}
        about = scope is None or scope[row]
        out.append(
            tuple(
                p
                for p in provisions
                if near & set(p.actions) and (about or not p.rule.startswith(WEIGHED))
            )
        )
    return out


def _cells(passage: Passage) -> list[Cell]:
    """Return the named cells of a table row, with offsets in the passage."""
    return [
        (name, span.start - passage.start, span.end - passage.start)
        for name, span in zip(passage.columns, passage.spans, strict=False)
        if name
    ]
