"""Token lists to vectors in batches whose shape depends on the length of a text alone.

The sums of a matrix product may be taken in another order where its shape differs. Here a
text always sits in a batch of the same rows and columns, each computed by one thread, so its
vector is the same bit for bit whatever texts stand beside it and however many cores there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]

BUCKET_TOKENS = 16  # padded lengths are multiples of this
# Rows times columns. Of 256, 512 and 1,024 the middle one encodes a policy fastest: larger
# batches are filled up with more rows that nobody asked for, smaller ones keep a core waiting.
BATCH_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts of about one length: their numbers, and the shape that they are padded to."""

    members: tuple[int, ...]
    rows: int
    columns: int


def plan(lengths: Sequence[int]) -> list[Batch]:
    """
    Put texts into batches, the longest first so that no core is left with one at the end.

    Args:
        lengths: Number of tokens of each text. Length: n_texts.
    """
    columns = [max(1, -(-length // BUCKET_TOKENS)) * BUCKET_TOKENS for length in lengths]
    order = sorted(range(len(lengths)), key=lambda i: (-columns[i], i))
    batches = []
    for width, group in groupby(order, key=lambda i: columns[i]):
        members = list(group)
        rows = max(1, BATCH_TOKENS // width)
        batches += [
            Batch(members=tuple(members[at : at + rows]), rows=rows, columns=width)
            for at in range(0, len(members), rows)
        ]
    return batches


def run_batches(
    model: Any,
    tokens: Sequence[Sequence[int]],
    threads: int,
    progress: Progress | None = None,
) -> FloatArray:
    """
    Return the unit vector of each token list.

    Args:
        model: A SentenceTransformer.
        tokens: Token numbers of each text, cut to what the model takes. Length: n_texts.
        threads: A batch each.
        progress: Called with (texts done, texts in all).

    Returns:
        Shape: (n_texts, n_dimensions).
    """
    import torch

    vectors = np.zeros((len(tokens), model.get_embedding_dimension()), dtype=np.float32)
    batches = plan([len(ids) for ids in tokens])
    done = 0

    def one_thread() -> None:
        torch.set_num_threads(1)

    def encode(batch: Batch) -> FloatArray:
        return _forward(model, [tokens[i] for i in batch.members], batch)

    with ThreadPoolExecutor(threads, initializer=one_thread) as pool:
        for batch, out in zip(batches, pool.map(encode, batches), strict=True):
            vectors[list(batch.members)] = out
            done += len(batch.members)
            if progress:
                progress(done, len(tokens))
    return vectors


def _forward(model: Any, tokens: Sequence[Sequence[int]], batch: Batch) -> FloatArray:
    """Encode one batch; rows that no text fills hold a copy of the last text."""
    import torch

    ids = torch.full((batch.rows, batch.columns), model.tokenizer.pad_token_id)
    mask = torch.zeros_like(ids)
    for row in range(batch.rows):
        text = torch.tensor(tokens[min(row, len(tokens) - 1)])
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    with torch.inference_mode():
        out = model({"input_ids": ids, "attention_mask": mask})["sentence_embedding"]
        out = torch.nn.functional.normalize(out[: len(tokens)], dim=1)
    found: FloatArray = out.float().numpy()
    return found
