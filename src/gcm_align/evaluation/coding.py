"""A report against a coding of the same document by people: verdicts and evidence."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gcm_align.errors import UsageError
from gcm_align.evaluation.agreement import ordinal_alpha
from gcm_align.types import Assessment, Level

SHOWN = 3  # passages that a reader looks at first
QUOTE_SHARE = 0.6  # words of the coder's quote that a passage must hold to count as found


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuote:
    """Words that a coder found to speak to an action."""

    page: int
    quote: str
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A coder's verdict on one action."""

    action: str
    level: Level  # 4 where it is operational
    doubt: bool
    contrary: bool
    evidence: tuple[GoldQuote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodingEvaluation:
    """
    Figures of one document against one coder.

    Verdicts left for review count with their suggested level in ``*_suggested`` and are
    left out elsewhere.
    """

    n: int
    review_share: float
    gap_precision: float  # of not-gap
    gap_recall: float
    gap_f1: float
    gap_f1_suggested: float
    gap_f1_everything: float  # baseline: nothing is a gap
    alpha: float  # ordinal, levels 0 to 4
    alpha_suggested: float
    accepted_wrong: float  # accepted verdicts two or more levels off, or wrong about the gap
    evidence_found: float  # of actions with gold evidence: one of it among the first shown
    evidence_n: int


def load_codings(path: Path) -> tuple[Coding, ...]:
    """
    Load a coding of one document.

    Raises:
        UsageError: The file is not of the documented schema; the message names the row.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["codings"]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise _broken(path, "the file", repr(error), "an object with 'codings'") from error
    codings = []
    for number, row in enumerate(rows):
        try:
            codings.append(_coding(row))
        except (KeyError, TypeError, ValueError) as error:
            raise _broken(path, f"codings[{number}]", repr(error), "a coding") from error
    return tuple(codings)


def _coding(row: dict[str, Any]) -> Coding:
    level = Level(row["level"])
    return Coding(
        action=str(row["action"]),
        level=Level.OPERATIONALISED if row.get("operational") and level == 3 else level,
        doubt=bool(row.get("doubt")),
        contrary=bool(row.get("contrary")),
        evidence=tuple(
            GoldQuote(page=int(e["page"]), quote=str(e["quote"]), level=Level(e["level"]))
            for e in row.get("evidence", ())
        ),
    )


def evaluate_coding(
    codings: Sequence[Coding], assessments: Sequence[Assessment]
) -> CodingEvaluation:
    """Compare the verdicts on one document with a coder's."""
    machine = {a.action: a for a in assessments}
    pairs = [(coding, machine[coding.action]) for coding in codings if coding.action in machine]
    if not pairs:
        raise UsageError(
            "The coding and the report share no action",
            value=f"{len(codings)} codings, {len(assessments)} verdicts",
            expected="codings of this framework",
            hint="Give the framework of the coding with --framework.",
        )
    gold = np.array([c.level for c, _ in pairs])
    suggested = np.array([a.suggested for _, a in pairs])
    accepted = np.array([a.level is not None for _, a in pairs])
    precision, recall, f1 = _not_gap(gold[accepted], suggested[accepted])
    wrong = ((gold > 0) != (suggested > 0)) | (np.abs(gold - suggested) >= 2)
    with_quotes = [(c, a) for c, a in pairs if c.evidence]
    return CodingEvaluation(
        n=len(pairs),
        review_share=float(1 - accepted.mean()),
        gap_precision=precision,
        gap_recall=recall,
        gap_f1=f1,
        gap_f1_suggested=_not_gap(gold, suggested)[2],
        gap_f1_everything=_not_gap(gold, np.ones_like(gold))[2],
        alpha=ordinal_alpha(gold[accepted], suggested[accepted]),
        alpha_suggested=ordinal_alpha(gold, suggested),
        accepted_wrong=float(wrong[accepted].mean()) if accepted.any() else float("nan"),
        evidence_found=float(np.mean([_found(c, a) for c, a in with_quotes])),
        evidence_n=len(with_quotes),
    )


def _not_gap(gold: np.ndarray[Any, Any], found: np.ndarray[Any, Any]) -> tuple[float, float, float]:
    """Precision, recall and F1 of 'not a gap'."""
    true, claimed = gold > 0, found > 0
    both = float((true & claimed).sum())
    precision = both / claimed.sum() if claimed.any() else 0.0
    recall = both / true.sum() if true.any() else 0.0
    f1 = 2 * both / (true.sum() + claimed.sum()) if both else 0.0
    return float(precision), float(recall), float(f1)


def _found(coding: Coding, assessment: Assessment) -> bool:
    return any(
        _holds(shown.context + " " + shown.quote, gold.quote) and shown.page == gold.page
        for shown in assessment.evidence[:SHOWN]
        for gold in coding.evidence
    )


def _holds(passage: str, quote: str) -> bool:
    wanted = _words(quote)
    return len(wanted & _words(passage)) >= QUOTE_SHARE * len(wanted)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _broken(path: Path, where: str, value: str, expected: str) -> UsageError:
    return UsageError(
        f"{path.name}, {where}", value=value, expected=expected, hint="See data/README.md."
    )
