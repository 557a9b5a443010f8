"""A cross-encoder over clause and action together: the second stage that is set beside the others.

It starts from the trained encoder's layers and reads "clause [SEP] action with its elements";
``scripts/compare_designs.py`` trains it and says what it earns and costs.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

FloatArray = npt.NDArray[np.float32]

NEGATIVES = 4  # actions that the first stage ranks high and that the clause does not address
LEARNING_RATE = 5e-5
CLAUSES_PER_BATCH = 8
MAX_TOKENS = 160  # a clause of 90 words beside an action with its elements


class CrossEncoder(torch.nn.Module):
    """Transformer layers with one linear output: how well a clause speaks to an action."""

    def __init__(self, body: Any, tokenizer: Any) -> None:
        super().__init__()
        self.body = body
        self.tokenizer = tokenizer
        self.head = torch.nn.Linear(body.config.hidden_size, 1)

    def forward(self, clauses: Sequence[str], actions: Sequence[str]) -> torch.Tensor:
        """Return one logit for each pair. Shape: (n_pairs,)."""
        features = self.tokenizer(
            list(clauses),
            list(actions),
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
        hidden = self.body(**features).last_hidden_state
        mask = features["attention_mask"].unsqueeze(-1)
        pooled = (hidden * mask).sum(dim=1) / mask.sum(dim=1)
        logits: torch.Tensor = self.head(pooled).squeeze(-1)
        return logits


def train_reranker(
    model: CrossEncoder,
    clauses: Sequence[tuple[str, tuple[int, ...]]],
    first_stage: FloatArray,
    actions: Sequence[str],
    allowed: Sequence[int],
    *,
    epochs: int,
    seed: int,
) -> None:
    """
    Train in place: each clause's action against the actions that stand nearest to it.

    Args:
        model: The cross-encoder.
        clauses: Text and numbers of the actions that it addresses.
        first_stage: Scores that the negatives are picked by. Shape: (n_clauses, n_actions).
        actions: Text of each action.
        allowed: Actions that training may see.
        epochs: Times that each clause is read.
        seed: Of the order and the draws.
    """
    torch.manual_seed(seed)
    draw = random.Random(seed)
    weights = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=LEARNING_RATE, weight_decay=0.01)
    steps = epochs * -(-len(clauses) // CLAUSES_PER_BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=LEARNING_RATE, total_steps=steps, pct_start=0.1
    )
    model.train()
    order = list(range(len(clauses)))
    for _ in range(epochs):
        draw.shuffle(order)
        for at in range(0, len(order), CLAUSES_PER_BATCH):
            left, right = [], []
            for row in order[at : at + CLAUSES_PER_BATCH]:
                text, true = clauses[row]
                ranked = [a for a in np.argsort(-first_stage[row], kind="stable") if a not in true]
                near = [int(a) for a in ranked if a in allowed][: 4 * NEGATIVES]
                picked = [draw.choice(true), *draw.sample(near, NEGATIVES)]
                left += [text] * len(picked)
                right += [actions[a] for a in picked]
            logits = model(left, right).reshape(-1, NEGATIVES + 1)
            loss = torch.nn.functional.cross_entropy(
                logits, torch.zeros(len(logits), dtype=torch.long)
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            schedule.step()
    model.eval()


def rerank(
    model: CrossEncoder, texts: Sequence[str], scores: FloatArray, actions: Sequence[str], top: int
) -> FloatArray:
    """
    Put the first actions of each clause in the order of the cross-encoder and the first stage.

    The logit is added to the first stage's score; the other actions stay below.

    Args:
        model: The cross-encoder.
        texts: Length: n_clauses.
        scores: First stage, log-odds. Shape: (n_clauses, n_actions).
        actions: Length: n_actions.
        top: How many of the first stage's actions are read again.
    """
    out = scores - 1_000
    with torch.no_grad():
        for row, text in enumerate(texts):
            first = np.argsort(-scores[row], kind="stable")[:top]
            logits = model([text] * top, [actions[a] for a in first]).numpy()
            out[row, first] = scores[row, first] + logits
    return out.astype(np.float32)
