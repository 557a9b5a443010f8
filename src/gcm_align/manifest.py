"""What a report says beside its verdicts: what was read, what was not, and what made it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gcm_align.calibration import FILE
from gcm_align.engine import NOT_FITTED, Engine, fits
from gcm_align.errors import ReaderStoppedError, ReadingError
from gcm_align.types import Document, DocumentSummary, Quality, Skipped

SCHEMA_VERSION = "1.2"
FITTED = (
    "Probabilities were fitted on six national documents coded after the codebook, one of them "
    "a migration policy, and on written ones; models/CARD.md says how well they hold."
)


def artefacts(engine: Engine) -> dict[str, dict[str, str]]:
    """Return what identifies the model and the calibrator of an engine."""
    encoder = engine.encoder
    fitted = fits(engine.index, encoder)
    return {
        "encoder": {"name": encoder.name, "revision": encoder.revision, "sha256": encoder.sha256},
        "calibrator": {
            "name": FILE,
            "sha256": engine.assessor.calibrator.sha256,
            "status": "fitted" if fitted else "not fitted",
            "note": FITTED if fitted else f"{encoder.name}: {NOT_FITTED}",
        },
    }


def skipped_file(path: Path, shown: str, error: ReadingError) -> Skipped:
    """Return the entry of a file that was not read, under the name that it is shown by."""
    page = error.page if isinstance(error, ReaderStoppedError) else 0
    said = str(error).replace(str(path), shown)
    return Skipped(path=shown, error=type(error).__name__, message=said, page=page)


def unread_rest(shown: str, quality: Quality) -> Skipped:
    """Return the entry of a file that was not read to its end."""
    return Skipped(
        path=shown,
        error=ReaderStoppedError.__name__,
        message=f"{shown}: {quality.warnings[0]}.",
        page=quality.stopped_at,
    )


def summary_of(document: Document, n_passages: int) -> DocumentSummary:
    """Return a document as a report names it."""
    return DocumentSummary(
        id=document.id,
        name=document.name,
        sha256=document.sha256,
        language=document.language,
        title=document.title,
        media_type=document.media_type,
        quality=document.quality,
        passages=n_passages,
        text_sha256=hashlib.sha256(document.text.encode("utf-8", "replace")).hexdigest(),
    )
