"""Whether a passage programmes a measure or tells how things are, by where it stands.

A modal or a word of duty decides by itself, and ``force.py`` reads it. Between a measure in
the present tense ("The unit visits every camp twice a year") or without a verb, and a
report in the same words, wording alone cannot tell: the place in the document does. This is
learned from the coded documents of invented States (``scripts/fit_programmed.py``), as one
logistic regression over a dozen signs that anybody can check on the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from gcm_align.artifacts import models_path, read_fitted
from gcm_align.lexicons import pattern
from gcm_align.types import BlockKind, Clause, Force, Passage

FILE = "programmed.json"
SIGNS = (
    "measure",  # the wording alone was read as a measure, not as a mention
    "list_item",
    "table_row",
    "governed",  # something stands above it: a goal, a chapeau
    "governed_acts",  # ...that names a goal, measures, a strategy
    "governed_tells",  # ...that names challenges, lessons, findings
    "heading_acts",  # one of the headings above it does
    "heading_tells",
    "last_heading_tells",
    "statistics",  # how many figures of a report it holds
    "past",  # how many verbs in the past
    "numbered",
    "place",  # share of the document's passages that stand before it
    "opening",  # whether it stands in the first quarter
)
_MOST = 3  # statistics and past verbs counted
_OPENING = 0.25
_NUMBER = re.compile(
    r"\s*(?:[A-Z]?\.?\d+(?:\.\d+)*[.)]?|\([a-z0-9]+\)|(?:[A-Z][a-z]+ ){0,2}\d+(?:\.\d+)*[:.])\s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Slope of each sign, the intercept, and the probability from which a passage programmes."""

    slopes: Mapping[str, float]
    intercept: float
    threshold: float


def settle(clauses: Sequence[Clause], passages: Sequence[Passage]) -> tuple[Clause, ...]:
    """
    Decide between measure and mention where the wording leaves it open.

    Args:
        clauses: What read_clauses() returned. Length: n_passages.
        passages: All passages of one document, in order. Length: n_passages.

    Returns:
        The clauses; a mention that stands where measures stand has become a measure without
        cues, a measure that stands in a report a mention. Rules, rights, undertakings,
        powers, weak clauses and what others do stay as they are.
    """
    weights = load_weights()
    return tuple(
        _settled(clause, passage, at / len(passages), weights)
        for at, (clause, passage) in enumerate(zip(clauses, passages, strict=True))
    )


def _settled(clause: Clause, passage: Passage, place: float, weights: Weights) -> Clause:
    if not is_open(clause, passage.text):
        return clause
    signs = signs_of(clause, passage, place)
    logit = weights.intercept + sum(weights.slopes[name] * signs[name] for name in SIGNS)
    programmes = logit >= weights.threshold
    if programmes == (clause.force is Force.MEASURE):
        return clause
    force = Force.MEASURE if programmes else Force.MENTION
    return replace(clause, force=force, cues=(), negated=False, restrictive=False, general=False)


def is_open(clause: Clause, text: str) -> bool:
    """Say whether the wording leaves open if a passage programmes a measure."""
    if clause.force not in (Force.MEASURE, Force.MENTION) or not clause.state_acts:
        return False
    defines = pattern("force", "definition").search(text)
    recites = pattern("force", "recital").match(text.lstrip(" -\u2022"))
    return not (defines or recites)


def signs_of(clause: Clause, passage: Passage, place: float) -> dict[str, float]:
    """
    Return the signs of one passage.

    Args:
        clause: What its wording undertakes.
        passage: The passage, with what stands above it.
        place: Share of the document's passages that stand before it.
    """
    acts, tells = pattern("force", "acts_heading"), pattern("force", "tells_heading")
    text, lead, headings = passage.text, passage.lead_in, passage.section
    return {
        "measure": clause.force is Force.MEASURE,
        "list_item": passage.kind is BlockKind.LIST_ITEM,
        "table_row": passage.kind is BlockKind.TABLE_ROW,
        "governed": bool(lead),
        "governed_acts": bool(acts.search(lead)),
        "governed_tells": bool(tells.search(lead)),
        "heading_acts": any(acts.search(heading) for heading in headings),
        "heading_tells": any(tells.search(heading) for heading in headings),
        "last_heading_tells": bool(headings and tells.search(headings[-1])),
        "statistics": min(len(pattern("force", "statistic").findall(text)), _MOST),
        "past": min(len(pattern("force", "past").findall(text)), _MOST),
        "numbered": bool(_NUMBER.match(text)),
        "place": place,
        "opening": place < _OPENING,
    }


@cache
def load_weights() -> Weights:
    """
    Load ``models/programmed.json``; ``scripts/fit_programmed.py`` makes it.

    Raises:
        ArtifactError: The file is missing or broken.
    """
    return read_fitted(
        models_path(FILE),
        lambda data: Weights(
            slopes={name: float(data["slopes"][name]) for name in SIGNS},
            intercept=float(data["intercept"]),
            threshold=float(data["threshold"]),
        ),
        what="The weights that tell measures from mentions",
        expected="a slope for each sign, an intercept and a threshold",
        script="fit_programmed.py",
    )
