"""The coded documents of ``data/training`` as the stages see documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
from encode_known import words_of

from gcm_align.catalogue import Framework
from gcm_align.encoding import Encoder
from gcm_align.indexing import ActionIndex, Weights, build_index
from gcm_align.matching import score_passages
from gcm_align.pipeline import encode_passages
from gcm_align.prototypes import (
    CodedPassage,
    KnownText,
    coded_documents,
    coded_passages,
    kept_for_calibration,
)
from gcm_align.scope import in_scope
from gcm_align.types import BlockKind, Passage, Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """
    A document of an invented State and its coding.

    labels: level of each passage alone. Shape: (n_passages, n_actions).
    against: passage orders the opposite. Shape: (n_passages, n_actions).
    levels: of the document, 0 to 4. Shape: (n_actions,).
    """

    name: str
    writer: str
    passages: tuple[Passage, ...]
    labels: npt.NDArray[np.int64]
    against: npt.NDArray[np.bool_]
    levels: npt.NDArray[np.int64]
    scope: tuple[bool, ...]


def load_written(framework: Framework) -> list[Written]:
    """Return the documents in the order of their files."""
    told = coded_documents()
    number = {action.id: i for i, action in enumerate(framework.actions)}
    out = []
    for name, rows in groupby(coded_passages(), key=lambda row: row.document):
        own = list(rows)
        passages = tuple(_passage(name, i, row) for i, row in enumerate(own))
        labels = np.zeros((len(own), len(number)), dtype=np.int64)
        against = np.zeros(labels.shape, dtype=bool)
        for at, row in enumerate(own):
            for action, level in row.labels.items():
                labels[at, number[action]] = level
            against[at, [number[action] for action in row.against]] = True
        levels = np.zeros(len(number), dtype=np.int64)
        for action, level in told[name]["levels"].items():
            levels[number[action]] = level
        out.append(
            Written(
                name=name,
                writer=told[name]["writer"],
                passages=passages,
                labels=labels,
                against=against,
                levels=levels,
                scope=in_scope(passages, told[name]["title"]),
            )
        )
    return out


def _passage(name: str, index: int, row: CodedPassage) -> Passage:
    return Passage(
        document_id=name,
        index=index,
        start=0,
        end=len(row.text),
        text=row.text,
        kind=BlockKind(row.kind),
        pages=(1,),
        spans=(),
        section=row.section,
        lead_in=row.lead_in,
    )


def index_without(
    sources: Sequence[str],
    known: Sequence[KnownText],
    framework: Framework,
    encoder: Encoder,
    weights: Weights | None = None,
    *,
    kept_clauses: bool = False,
) -> ActionIndex:
    """
    Index the actions with the known texts of all documents but some.

    Args:
        sources: Documents whose texts are left out, of vectors and words.
        known: What load_known() returned.
        framework: The actions.
        encoder: A cached one.
        weights: Of the parts; fitted ones where left out.
        kept_clauses: Also use the clauses that are kept for fitting.
    """
    gone = set(sources)
    rest = [
        text
        for text in known
        if text.source not in gone
        and (text.source or kept_clauses or not kept_for_calibration(text.text))
    ]
    return build_index(framework, encoder, rest, weights, words_of(framework, rest))


def score_written(document: Written, index: ActionIndex, encoder: Encoder) -> Scores:
    """Score the passages of a document as the pipeline does."""
    texts, vectors, leads = encode_passages(document.passages, encoder)
    return score_passages(texts, vectors, index, document.scope, leads)
