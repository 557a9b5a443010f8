"""Questions to a dataset: coverage by country and year, best clauses, search, gaps."""

from __future__ import annotations
