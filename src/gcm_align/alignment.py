"""The result of a run: the records of its report, and the same as pandas frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from gcm_align.catalogue import Framework
from gcm_align.types import Report, Skipped

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """The result of align(): records, and the same as pandas frames."""

    report: Report
    framework: Framework
    texts_encoded: int = 0  # texts that no cache held

    def with_skipped(self, skipped: Sequence[Skipped]) -> Alignment:
        """Return this result with more files that could not be read, named first."""
        both = (*skipped, *self.report.skipped)
        return replace(self, report=replace(self.report, skipped=both))

    @cached_property
    def matrix(self) -> pd.DataFrame:
        """One row for each document and action; the columns of ``matrix.csv``."""
        from gcm_align.coverage import matrix_frame

        return matrix_frame(self.report, self.framework)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """One row for each evidence passage; the columns of ``evidence.csv``."""
        from gcm_align.coverage import evidence_frame

        return evidence_frame(self.report)

    @cached_property
    def principles(self) -> pd.DataFrame:
        """One row for each document and guiding principle."""
        from gcm_align.coverage import principles_frame

        return principles_frame(self.report, self.framework)

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """One row for each gap with its nearest clause; the columns of ``gaps.csv``."""
        from gcm_align.coverage import gaps_frame

        return gaps_frame(self.report, self.framework)
