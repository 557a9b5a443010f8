"""Reports: one pure renderer per format, and the writer of a whole folder."""

from __future__ import annotations

from gcm_align.reporting.canonical_json import read_report, to_json
from gcm_align.reporting.formats import DEFAULT_FORMATS, load_formats, parse_formats
from gcm_align.reporting.writing import prepare_folder, write_annotated, write_report

__all__ = [
    "DEFAULT_FORMATS",
    "load_formats",
    "parse_formats",
    "prepare_folder",
    "read_report",
    "to_json",
    "write_annotated",
    "write_report",
]
