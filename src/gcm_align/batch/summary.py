"""What a dataset holds after a run: ``summary.json``, ``failures.csv`` and a screen."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gcm_align.batch.schema import SCHEMA_VERSION
from gcm_align.batch.sources import Fault
from gcm_align.files import replace_file
from gcm_align.reporting.tables import inert

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework

NOT_STATED = "not stated"
ASSESSED, IN_PART, UNREAD = "assessed", "read in part", "unread"
_FAILURE_COLUMNS = ("name", "country", "error", "message")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the dataset holds, and what this run did for it."""

    contents: Mapping[str, Any]  # as in summary.json: of the dataset, the same for each run
    failures: tuple[Mapping[str, str], ...]  # as in failures.csv
    assessed: int  # by this run, failures included
    unchanged: int
    pruned: int
    kept: int  # in the dataset, and named by no source of this run
    warnings: tuple[str, ...]

    @property
    def mixed(self) -> bool:
        """Whether the dataset's documents were assessed by more than one instrument."""
        return len(self.contents["instruments"]) > 1


def summarise(
    rows: Sequence[Mapping[str, Any]],
    faults: Sequence[Fault],
    *,
    framework: Framework,
    assessed: int,
    unchanged: int,
    pruned: int,
    kept: int,
    warnings: Sequence[str],
) -> Summary:
    """
    Sum a dataset up.

    Args:
        rows: Of ``documents``, with their country.
        faults: What the sources name and is no document of the dataset.
        framework: What the dataset is made with.
        assessed: Documents that this run assessed.
        unchanged: Documents that were there already.
        pruned: Documents taken out.
        kept: Documents that no source names.
        warnings: Of the sources.
    """
    return Summary(
        contents=_contents(rows, faults, framework),
        failures=tuple(_failures(rows, faults)),
        assessed=assessed,
        unchanged=unchanged,
        pruned=pruned,
        kept=kept,
        warnings=tuple(warnings),
    )


def _contents(
    rows: Sequence[Mapping[str, Any]], faults: Sequence[Fault], framework: Framework
) -> dict[str, Any]:
    """Return what summary.json holds."""
    countries: dict[str, Counter[str]] = {}
    for row in rows:
        countries.setdefault(row["country"] or NOT_STATED, Counter())[state(row)] += 1
    instruments = Counter((row["instrument"], row["package"]) for row in rows)
    return {
        "schema_version": SCHEMA_VERSION,
        "framework": {"name": framework.name, "sha256": framework.sha256},
        "documents": _counts(Counter(state(row) for row in rows)),
        "countries": {name: _counts(countries[name]) for name in sorted(countries)},
        "instruments": [
            {"instrument": instrument, "package": package, "documents": number}
            for (instrument, package), number in sorted(instruments.items())
        ],
        "faults": len(faults),
    }


def state(row: Mapping[str, Any]) -> str:
    """Say of a row of ``documents`` whether it was read, and whether to its end."""
    if not row["assessed"]:
        return UNREAD
    return IN_PART if row["error"] else ASSESSED


def write_summary(summary: Summary, folder: Path) -> None:
    """
    Write summary.json and failures.csv into the dataset's folder.

    Raises:
        UsageError: A file cannot be replaced.
    """
    text = json.dumps(summary.contents, ensure_ascii=False, indent=1) + "\n"
    replace_file(folder / "summary.json", text.encode("utf-8", "replace"))
    sink = io.StringIO()
    writer = csv.DictWriter(sink, _FAILURE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: inert(v) for k, v in row.items()} for row in summary.failures)
    replace_file(folder / "failures.csv", sink.getvalue().encode("utf-8", "replace"))


def _counts(found: Counter[str]) -> dict[str, int]:
    return {name: found[name] for name in (ASSESSED, IN_PART, UNREAD)}


def _failures(
    rows: Sequence[Mapping[str, Any]], faults: Sequence[Fault]
) -> list[Mapping[str, str]]:
    found = [
        {name: str(row[name] or "") for name in _FAILURE_COLUMNS} for row in rows if row["error"]
    ]
    found += [
        {
            "name": fault.name,
            "country": "",
            "error": fault.failure.error,
            "message": fault.failure.message,
        }
        for fault in faults
    ]
    return sorted(found, key=lambda row: (row["name"], row["error"]))
