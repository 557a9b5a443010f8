"""A check for programs: every record as it is; the schema is data/schema/check.schema.json."""

from __future__ import annotations

import json

from gcm_align.findings import CheckResult, exit_code
from gcm_align.record_values import plain

SCHEMA_VERSION = "1.0"


def to_json(result: CheckResult) -> str:
    """Return a check as JSON, the same bytes for the same texts and configuration."""
    body = plain(result)
    assert isinstance(body, dict)
    whole = {"schema_version": SCHEMA_VERSION, "exit_code": exit_code(result), **body}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
