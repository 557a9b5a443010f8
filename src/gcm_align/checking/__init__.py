"""The gate for texts kept in a repository: configuration, baseline, rules, cache, processes."""

from __future__ import annotations
