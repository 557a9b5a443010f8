"""Frames as Parquet: typed columns, no index, no formulas to fear.

The one importer of pyarrow, which is an extra: it is larger than all the rest of the reports.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from gcm_align.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


def to_parquet(frame: pd.DataFrame) -> bytes:
    """
    Return a frame as a Parquet file; the same frame gives the same bytes.

    Raises:
        UsageError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise UsageError(
            "Parquet files cannot be written",
            value="pyarrow is not installed",
            expected="the extra 'parquet'",
            hint="Run: pip install 'gcm-align[parquet]', or ask for csv.",
        ) from error
    table = pa.Table.from_pandas(_typed(frame), preserve_index=False)
    buffer = io.BytesIO()
    # Without the metadata, which names the version of pandas.
    pq.write_table(table.replace_schema_metadata(None), buffer, compression="zstd")
    return buffer.getvalue()


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with one type a column: numbers as they are, all else as text."""
    typed = frame.copy()
    for name in typed.columns:
        column = typed[name]
        if column.dtype.kind in "OTU":
            words = [isinstance(value, str) for value in column]
            if any(words) or not len(column):
                typed[name] = [str(value) for value in column]
    return typed
