"""Gaps of countries: what no text in force provides for, the nearest clause, who carries it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gcm_align.corpus.coverage import COUNTRY, groups
from gcm_align.corpus.opening import Corpus
from gcm_align.figures import is_gap
from gcm_align.types import Level

_NEAREST = """
SELECT d.country AS country, a.action AS action,
    a.nearest_quote AS quote, d.name AS document, a.nearest_page AS page
FROM assessments a JOIN documents d ON d.document = a.document
WHERE a.gap AND a.nearest_quote <> '' AND list_contains($statuses, d.status)
QUALIFY row_number() OVER (
    PARTITION BY d.country, a.action ORDER BY a.probability DESC, d.name, a.nearest_quote) = 1
"""


def country_gaps(
    corpus: Corpus, *, statuses: Sequence[str] = ("in force", ""), country: str | None = None
) -> list[dict[str, Any]]:
    """
    Return one row for each country and action that none of its documents carries.

    A gap is claimed where every document of the country was read and decided. Countries stand
    in the order of their names, actions in that of the catalogue.
    """
    found = groups(corpus, (COUNTRY,), statuses)
    carried: dict[str, list[str]] = {}
    for group in found:
        for item in group.actions:
            if item.level is not None and item.level >= Level.PARTIAL:
                carried.setdefault(item.action, []).append(group.values[0])
    nearest = {
        (row["country"], row["action"]): row
        for row in corpus.ask(_NEAREST, {"statuses": list(statuses)})
    }
    rows = []
    for group in found:
        name = group.values[0]
        for item in group.actions if country in (None, name) else ():
            action = corpus.framework.action(item.action)
            if is_gap(item, action):
                near = nearest.get((name, item.action), {})
                rows.append(
                    {
                        "country": name,
                        "action": item.action,
                        "objective": action.objective,
                        "action_text": action.text,
                        "nearest_quote": near.get("quote", ""),
                        "nearest_document": near.get("document", ""),
                        "nearest_page": near.get("page"),
                        "carried_by": ", ".join(carried.get(item.action, ())),
                    }
                )
    return rows
