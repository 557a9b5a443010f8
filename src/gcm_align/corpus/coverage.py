"""Coverage of groups of documents: the best level of each action, and what review leaves open.

A group is a country, a year, or both. An action has the highest level that a document of the
group carries. No gap is claimed of a group in which a document needs review on the action or
could not be read: such an action needs review, and an unread document may carry anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gcm_align.corpus.opening import Corpus
from gcm_align.errors import UsageError
from gcm_align.figures import MEASURES, document_figures, is_counted
from gcm_align.types import Assessment, Contradiction, Level

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework

COUNTRY, YEAR = "country", "year"
# The values of a group are texts and never missing, so that groups sort and print.
_GROUP = {COUNTRY: "d.country", YEAR: "coalesce(CAST(d.year AS VARCHAR), 'not stated')"}
_COUNTS = """
SELECT {keys}, count(*) AS documents, count(*) FILTER (NOT d.assessed) AS unread
FROM documents d WHERE list_contains($statuses, d.status) GROUP BY ALL ORDER BY ALL
"""
_ACTIONS = """
SELECT {keys}, a.action AS action, max(a.level) AS level,
    max(a.suggested_level) AS suggested,
    count(*) FILTER (a.level IS NULL) AS undecided,
    max(a.contradiction) AS contradiction
FROM assessments a JOIN documents d ON d.document = a.document
WHERE list_contains($statuses, d.status) GROUP BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One action's best level over the documents of a group."""

    values: tuple[str, ...]  # of the columns that make the groups
    documents: int
    unread: int
    actions: tuple[Assessment, ...]  # without evidence: levels and flags alone


def coverage(
    corpus: Corpus, by: Sequence[str] = (COUNTRY,), statuses: Sequence[str] = ("in force", "")
) -> list[dict[str, Any]]:
    """
    Return one row for each group, by its values: never ranked.

    Shares are over n; a range is what review and reading may still change. The headline, each
    objective weighing the same, is empty where more than 20 % needs review.

    Args:
        corpus: The dataset.
        by: ``country``, ``year`` or both; nothing for the whole corpus.
        statuses: Which documents count.

    Raises:
        UsageError: A column to group by is unknown.
    """
    return [
        dict(zip(by, group.values, strict=True))
        | {"documents": group.documents, "unread": group.unread}
        | _figures(group, corpus.framework)
        for group in groups(corpus, by, statuses)
    ]


def _figures(group: Group, framework: Framework) -> dict[str, Any]:
    pairs = [(item, framework.action(item.action)) for item in group.actions]
    least = document_figures("", "", pairs, framework)
    # The most that review and reading may still bring, over the same actions.
    counted = [(item, action) for item, action in pairs if is_counted(item, action)]
    lifted = [(replace(item, level=item.suggested), action) for item, action in counted]
    most = document_figures("", "", lifted, framework)
    row: dict[str, Any] = {"n": least.total.n}
    row |= {level.label: least.total.levels[level] for level in Level}
    row |= {"needs_review": least.total.needs_review}
    row |= {"C1": least.total.tension, "C2": least.total.contradiction}
    for name in MEASURES:
        row[f"{name}_lower"] = round(least.total.shares[name].lower, 4)
        row[f"{name}_upper"] = round(most.total.shares[name].lower, 4)
    heads = (least.headline, most.headline)
    for name in MEASURES:
        for bound, head in zip(("lower", "upper"), heads, strict=True):
            shown = head if least.headline else None
            row[f"headline_{name}_{bound}"] = round(shown[name].lower, 4) if shown else None
    return row


def groups(corpus: Corpus, by: Sequence[str], statuses: Sequence[str]) -> list[Group]:
    """Return every action's best level in each group that has a document."""
    keys = ", ".join(f"{_column(name)} AS {name}" for name in by) or "'' AS whole"
    values = {"statuses": list(statuses)}
    names = tuple(by) or ("whole",)
    found: dict[tuple[str, ...], dict[str, dict[str, Any]]] = {}
    for row in corpus.ask(_ACTIONS.format(keys=keys), values):
        found.setdefault(tuple(row[n] for n in names), {})[row["action"]] = row
    made = []
    for row in corpus.ask(_COUNTS.format(keys=keys), values):
        group = tuple(row[name] for name in names)
        actions = found.get(group, {})
        made.append(
            Group(
                values=group if by else (),
                documents=row["documents"],
                unread=row["unread"],
                actions=tuple(
                    _together(action.id, actions.get(action.id), unread=row["unread"] > 0)
                    for action in corpus.framework.actions
                ),
            )
        )
    return made


def _column(name: str) -> str:
    if name not in _GROUP:
        raise UsageError(
            "Documents cannot be grouped so",
            value=repr(name),
            expected=", ".join(_GROUP),
            hint="Give --by country, --by year or --by country,year.",
        )
    return _GROUP[name]


def _together(action: str, row: dict[str, Any] | None, *, unread: bool) -> Assessment:
    """
    Return the verdict on an action over the documents of a group.

    ``suggested`` is the most that the level may become, of a decided action too.
    """
    top = None if row is None or row["level"] is None else Level(row["level"])
    waiting = None if row is None else row["suggested"]
    open_ = unread or (row is not None and row["undecided"] > 0)
    # Above gap a decided level stands, whatever else may come; a gap needs all to be decided.
    decided = top is not None and (top > Level.GAP or not open_)
    most = Level.OPERATIONALISED if unread else Level(max(top or 0, waiting or 0))
    return Assessment(
        document_id="",
        action=action,
        level=top if decided else None,
        suggested=most,
        probability=0.0,
        contradiction=Contradiction("" if row is None else row["contradiction"]),
        status="machine",
        reason="",
        evidence=(),
        counter_evidence=(),
        nearest=None,
        elements_found=(),
        delivery={},
    )
