"""A report on one document to the files of a dataset, as bytes: the same rows, the same bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gcm_align.batch.schema import (
    ASSESSMENTS,
    COLUMNS,
    DOCUMENTS,
    EVIDENCE,
    PRINCIPLES,
    arrow_schema,
    load_pyarrow,
)

if TYPE_CHECKING:
    import pandas as pd

    from gcm_align.batch.sources import Item
    from gcm_align.catalogue import Framework
    from gcm_align.types import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a document was not read, or not to its end."""

    error: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What comes of one document: its files by table, and what failed."""

    files: Mapping[str, bytes]
    failure: Failure | None = None


def assessed_files(
    report: Report,
    framework: Framework,
    item: Item,
    *,
    key: str,
    instrument: str,
    failure: Failure | None,
) -> dict[str, bytes]:
    """
    Return the four files of a report on one document.

    Args:
        report: Of exactly one document.
        framework: What it was assessed with.
        item: The document as the source names it.
        key: Its key in the dataset.
        instrument: Digest of what decided the verdicts.
        failure: Why it was read in part; None where it was read whole.
    """
    from gcm_align.coverage import evidence_frame, matrix_frame, principles_frame

    matrix = matrix_frame(report, framework)
    matrix["objective"] = matrix["objective"].astype(str)
    matrix["gap"] = (matrix["level"] == 0).fillna(value=False) & matrix["counted"]
    frames = {
        ASSESSMENTS: matrix,
        EVIDENCE: evidence_frame(report),
        PRINCIPLES: principles_frame(report, framework),
    }
    files = {name: _encode(name, _records(frame, name, key)) for name, frame in frames.items()}
    row = _stated(item, key, instrument, failure) | _read(report)
    if not item.title:
        row["title"] = report.documents[0].title
    return files | {DOCUMENTS: _encode(DOCUMENTS, [row])}


def unread_files(item: Item, *, key: str, instrument: str, failure: Failure) -> dict[str, bytes]:
    """Return the file of a document that could not be read: it has a row and no verdicts."""
    row = _blank() | _stated(item, key, instrument, failure) | {"assessed": False}
    return {DOCUMENTS: _encode(DOCUMENTS, [row])}


def _blank() -> dict[str, Any]:
    """Return a row of ``documents`` that says nothing."""
    empty = {"string": "", "bool": False, "int32": 0, "int16": None}
    return {name: empty[kind] for name, (kind, _) in COLUMNS[DOCUMENTS].items()}


def _stated(item: Item, key: str, instrument: str, failure: Failure | None) -> dict[str, Any]:
    from gcm_align import __version__

    return {
        "document": key,
        "name": item.name,
        "sha256": item.sha256,
        "title": item.title,
        "date": item.date,
        "year": int(item.date[:4]) if item.date else None,
        "status": item.status,
        "error": failure.error if failure else "",
        "message": failure.message if failure else "",
        "package": __version__,
        "instrument": instrument,
    }


def _read(report: Report) -> dict[str, Any]:
    """Return the cells that the reading and the run decide; a stated title stands."""
    document, run = report.documents[0], report.run
    quality = document.quality
    return {
        "assessed": True,
        "language": document.language,
        "media_type": document.media_type,
        "pages": quality.pages,
        "pages_read": quality.pages_read,
        "pages_unread": len(quality.pages_unread),
        "stopped_at": quality.stopped_at,
        "passages": document.passages,
        "framework": run.catalogue["name"],
        "catalogue_sha256": run.catalogue["sha256"],
        "encoder": f"{run.encoder['name']}@{run.encoder['revision']}",
        "encoder_sha256": run.encoder["sha256"],
        "calibrator_sha256": run.calibrator["sha256"],
    }


def _records(frame: pd.DataFrame, table: str, key: str) -> list[dict[str, Any]]:
    """Return a frame's rows as plain values, its document's name replaced by the key."""
    names = [name for name in COLUMNS[table] if name != "document"]
    kept = frame[names].astype(object)
    rows = kept.where(frame[names].notna(), None).to_dict("records")
    return [{"document": key} | {str(name): value for name, value in row.items()} for row in rows]


def _encode(table: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    pyarrow = load_pyarrow()
    clean = [{name: _whole(value) for name, value in row.items()} for row in rows]
    made = pyarrow.Table.from_pylist(clean, schema=arrow_schema(table))
    sink = io.BytesIO()
    pyarrow.parquet.write_table(made, sink, compression="zstd")
    return sink.getvalue()


def _whole(value: Any) -> Any:
    """Return a text that UTF-8 can hold: a broken font map can give half a surrogate pair."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value
