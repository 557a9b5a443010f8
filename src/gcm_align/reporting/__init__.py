"""Reports: one pure renderer per format, and the writer of a whole folder."""

from __future__ import annotations

from gcm_align.reporting.canonical_json import read_report, to_json
from gcm_align.reporting.writing import prepare_folder, write_report

__all__ = ["prepare_folder", "read_report", "to_json", "write_report"]
