"""Clauses from anywhere in a dataset: those that best carry an action, those that hold words."""

from __future__ import annotations

import re
from typing import Any

from gcm_align.corpus.opening import Corpus, known_action
from gcm_align.errors import UsageError

_BEST = """
SELECT e.level AS level, a.probability AS probability, a.level AS verdict,
    a.contradiction AS contradiction, e.quote AS quote, e.page AS page, e.section AS section,
    d.country AS country, d.name AS document, d.title AS title, d.date AS date,
    d.status AS status
FROM evidence e
JOIN assessments a ON a.document = e.document AND a.action = e.action
JOIN documents d ON d.document = e.document
WHERE e.action = $action AND NOT e.counter
    AND ($country IS NULL OR d.country = $country)
QUALIFY row_number() OVER (PARTITION BY e.document ORDER BY e.level DESC, e.score DESC) = 1
ORDER BY e.level DESC, a.probability DESC, d.country, d.name, e.page, e.quote
LIMIT $limit
"""
_SEARCH = """
SELECT list(DISTINCT e.action) AS actions,
    max(e.level) AS level, bool_or(e.counter) AS counter, e.quote AS quote, e.page AS page,
    e.section AS section, d.country AS country, d.name AS document, d.title AS title,
    d.date AS date, d.status AS status
FROM (SELECT *, ' ' || folded(context || ' ' || quote) AS held FROM evidence) e
JOIN documents d ON d.document = e.document
WHERE list_bool_and(list_transform($words, lambda word: contains(e.held, ' ' || word)))
    AND ($country IS NULL OR d.country = $country)
GROUP BY ALL
ORDER BY level DESC, country, document, page, quote
"""


def best_clauses(
    corpus: Corpus, action: str, *, limit: int = 10, country: str | None = None
) -> list[dict[str, Any]]:
    """
    Return the clauses that best carry an action, the best one of each document.

    They are ordered by the level that the clause carries alone, then by the probability that
    its document is above gap; ``verdict`` is the document's level, None where that needs
    review. Clauses are ordered, countries are not.

    Raises:
        UsageError: There is no such action.
    """
    values = {"action": known_action(corpus.framework, action), "limit": limit, "country": country}
    return corpus.ask(_BEST, values)


def search(corpus: Corpus, words: str, *, country: str | None = None) -> list[dict[str, Any]]:
    """
    Return the passages shown as evidence that hold all the words, each once.

    Case and accents do not matter, a word matches from its beginning (``passport`` finds
    passports), and words in quotation marks must stand together.

    Raises:
        UsageError: There is no word to search for.
    """
    phrases = [quoted or plain for quoted, plain in re.findall(r'"([^"]+)"|(\S+)', words)]
    folded = corpus.ask("SELECT folded(unnest($phrases)) AS words", {"phrases": phrases})
    wanted = [row["words"] for row in folded if row["words"]]
    if not wanted:
        raise UsageError(
            "There is no word to search for",
            value=repr(words),
            expected="at least one word with a letter or a digit",
            hint='For example: gcm-align corpus search DATASET "work permit" employer',
        )
    rows = corpus.ask(_SEARCH, {"words": wanted, "country": country})
    rank = {action.id: index for index, action in enumerate(corpus.framework.actions)}
    return [
        row | {"actions": ", ".join(sorted(row["actions"], key=rank.__getitem__))} for row in rows
    ]
