"""``report.json``: the canonical form of a report, written and read.

Fields stand in the order of their records, keys of mappings are sorted, floats have four
digits: the same report gives the same bytes on every machine. Reading checks each value
against the type of its record, so that a wrong file is named by the place of the fault.
"""

from __future__ import annotations

import json
import typing
from pathlib import Path
from typing import Any

from gcm_align.errors import ReportError
from gcm_align.record_values import REPORT_HINT, decode, plain
from gcm_align.types import Report

SUPPORTED_MAJOR = "1"  # a new minor version only adds fields


def to_json(report: Report) -> str:
    """Return a report as canonical JSON: indented, UTF-8 text as it is, one final newline."""
    return json.dumps(plain(report), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read_report(path: Path) -> Report:
    """
    Read a report that :func:`to_json` wrote.

    Unknown fields are left out, so that a newer minor version can be read.

    Raises:
        ReportError: The file is missing, is no JSON, is of another major version, or a
            value has the wrong type; the message names its place.
    """
    data = _load(path)
    version = data.get("schema_version") if isinstance(data, dict) else None
    if not isinstance(version, str) or version.split(".")[0] != SUPPORTED_MAJOR:
        raise ReportError(
            f"{path} is not a report that can be read: its schema_version is wrong",
            value=repr(version),
            expected=f"schema_version {SUPPORTED_MAJOR}.x",
            hint=REPORT_HINT,
        )
    return typing.cast("Report", decode(Report, data, "report"))


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReportError(
            "A report cannot be opened",
            value=f"{path} ({error.strerror})",
            expected="a report.json that gcm-align wrote",
            hint="Check the path; give the file, not its folder.",
        ) from error
    except ValueError as error:  # bad UTF-8 or bad JSON
        raise ReportError(
            f"{path} is not JSON",
            value=str(error),
            expected="a report.json that gcm-align wrote",
            hint=REPORT_HINT,
        ) from error
