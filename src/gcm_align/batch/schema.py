"""The tables of a dataset: names, types and meaning of every column.

A dataset is a folder of Parquet files, one a table and document::

    DATASET/dataset.json                          what made it: schema version, framework
    DATASET/documents/country=XX/KEY.parquet      written last: the document is in the dataset
    DATASET/assessments/country=XX/KEY.parquet    one row for each action
    DATASET/evidence/country=XX/KEY.parquet       one row for each passage shown
    DATASET/principles/country=XX/KEY.parquet     one row for each guiding principle

KEY is the digest of all that decides the rows, ``document`` in every table. The country is
in the path alone, as Hive partitions are read by pandas, DuckDB, Spark and others; where none
is stated it is Hive's name for nothing. A file of a key that has no row in ``documents`` was
left by a run that was killed, and is no part of the dataset.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from gcm_align.errors import UsageError

SCHEMA_VERSION = "1.0"
DOCUMENTS, ASSESSMENTS, EVIDENCE, PRINCIPLES = (
    "documents",
    "assessments",
    "evidence",
    "principles",
)
NO_COUNTRY = "__HIVE_DEFAULT_PARTITION__"  # how Hive readers write a missing value
# The documents last: their row says that the other files are whole.
WRITTEN = (ASSESSMENTS, EVIDENCE, PRINCIPLES, DOCUMENTS)

# Column -> (Arrow type, meaning). Texts are never missing: "" where there is nothing.
COLUMNS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    DOCUMENTS: {
        "document": ("string", "key of the document, in every table"),
        "name": ("string", "path in the source"),
        "sha256": ("string", "digest of the file's bytes"),
        "title": ("string", "of the manifest, else the one found in the text"),
        "date": ("string", "of the manifest: YYYY, YYYY-MM or YYYY-MM-DD"),
        "year": ("int16", "of the date; missing where there is none"),
        "status": ("string", "of the manifest: in force, draft, repealed, or empty"),
        "assessed": ("bool", "false where it could not be read: then it has no other rows"),
        "error": ("string", "kind of failure; also of a document that was read in part"),
        "message": ("string", "the failure in words"),
        "language": ("string", "ISO 639-1"),
        "media_type": ("string", "of the content"),
        "pages": ("int32", "in the file"),
        "pages_read": ("int32", "that gave text"),
        "pages_unread": ("int32", "with something drawn and no text"),
        "stopped_at": ("int32", "page at which reading was stopped; 0 where it was not"),
        "passages": ("int32", "cut from the text"),
        "package": ("string", "version of gcm-align"),
        "framework": ("string", "name of the set of actions"),
        "catalogue_sha256": ("string", "digest of the set of actions"),
        "encoder": ("string", "name@revision"),
        "encoder_sha256": ("string", "digest of its weights"),
        "calibrator_sha256": ("string", "digest of the calibrator"),
        "instrument": ("string", "digest of all that decides verdicts: code, data, libraries"),
    },
    ASSESSMENTS: {
        "document": ("string", "key of the document"),
        "action": ("string", "id, such as 13.h"),
        "objective": ("string", "its number"),
        "level": ("int8", "0 to 4; missing where it needs review"),
        "suggested_level": ("int8", "where it needs review: what a reviewer would start from"),
        "probability": ("double", "that the document is above gap"),
        "contradiction": ("string", "C1, C2 or empty"),
        "counted": ("bool", "in the denominators"),
        "gap": ("bool", "decided, counted and without a clause; never what needs review"),
        "confidence": ("string", "high, medium or low"),
        "status": ("string", "machine, reviewed or disputed"),
        "reason": ("string", "one sentence: why this level"),
        "quote": ("string", "of the first evidence; empty in a gap"),
        "page": ("int32", "of the quote"),
        "section": ("string", "headings above it"),
        "evidence_count": ("int32", "rows of evidence, counter-provisions included"),
        "nearest_quote": ("string", "the closest clause of a gap"),
        "nearest_page": ("int32", "of that clause"),
        "elements_found": ("string", "core elements, joined by semicolons"),
        "elements_missing": ("string", "core elements, joined by semicolons"),
        "body": ("string", "delivery fact: who"),
        "time": ("string", "delivery fact: by when"),
        "resources": ("string", "delivery fact: with what"),
        "indicator": ("string", "delivery fact: how it is measured"),
        "sanction": ("string", "delivery fact: remedy or sanction"),
        "counter_quote": ("string", "of the first counter-provision"),
        "counter_page": ("int32", "of that clause"),
        "counter_section": ("string", "headings above it"),
    },
    EVIDENCE: {
        "document": ("string", "key of the document"),
        "action": ("string", "id, such as 13.h"),
        "rank": ("int16", "1 is shown first"),
        "level": ("int8", "that the passage would carry alone"),
        "score": ("double", "ranks passages; no probability"),
        "quote": ("string", "word for word, on one page"),
        "page": ("int32", "of the file, from 1"),
        "page_label": ("string", "the printed number"),
        "section": ("string", "headings above it"),
        "force": ("string", "what the wording undertakes"),
        "force_words": ("string", "the words that decide the force"),
        "context": ("string", "lead-in and the whole passage"),
        "verified": ("bool", "the quote was found by a second reader"),
        "counter": ("bool", "a counter-provision"),
    },
    PRINCIPLES: {
        "document": ("string", "key of the document"),
        "principle": ("string", "name"),
        "paragraph": ("string", "of the resolution"),
        "present": ("string", "yes, no, or empty where it cannot be told"),
        "passages": ("int32", "that name it"),
        "words": ("string", "that decided"),
        "quote": ("string", "word for word"),
        "page": ("int32", "of the quote"),
        "section": ("string", "headings above it"),
        "reason": ("string", "one sentence"),
    },
}


def partition(country: str) -> str:
    """Return the folder of a country's files; the value is escaped as Hive readers expect."""
    return f"country={quote(country, safe=' ')}" if country else f"country={NO_COUNTRY}"


def arrow_schema(table: str) -> Any:
    """
    Return the columns of a table with their types, without the partition.

    Raises:
        UsageError: pyarrow is not installed.
    """
    pa = load_pyarrow()
    return pa.schema([(name, kind) for name, (kind, _) in COLUMNS[table].items()])


def load_pyarrow() -> Any:
    """
    Return pyarrow with its Parquet part.

    Raises:
        UsageError: It is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise missing_extra("pyarrow", "corpus") from error
    return pyarrow


def missing_extra(library: str, extra: str) -> UsageError:
    """Return the error for a library of an extra that is not installed."""
    return UsageError(
        "A library for this command is not installed",
        value=library,
        expected=f"the extra {extra!r} of gcm-align",
        hint=f"Install it: pip install 'gcm-align[{extra}]'.",
    )
