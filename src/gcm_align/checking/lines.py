"""Where a quote stands in a source that has lines: plain text, Markdown, HTML."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from gcm_align.findings import normalised

_HEAD = 1024  # bytes in which a PDF shows itself
_START = 40  # letters that find the first line where marks stand inside the quote


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLines:
    """A source's words without layout, and where each line of it starts in them."""

    words: str
    starts: tuple[int, ...]  # of each line, in ``words``; empty where the source has no lines

    def find(self, quote: str, section: Sequence[str]) -> tuple[int, int]:
        """
        Return the first and last line of a quote, counted from 1; (0, 0) where unknown.

        Args:
            quote: Words of the document; layout is left aside.
            section: Headings above it, outermost first: of two equal quotes, the one that
                follows them is meant.
        """
        wanted = normalised(quote)
        if not self.starts or not wanted:
            return 0, 0
        after = 0
        for heading in section:
            at = self.words.find(normalised(heading), after)
            after = at if at >= 0 else after
        for part in (wanted, wanted[:_START]):
            at = self.words.find(part, after)
            at = at if at >= 0 else self.words.find(part)
            if at >= 0:
                return self._line(at), self._line(at + len(part) - 1)
        return 0, 0

    def _line(self, at: int) -> int:
        return bisect_right(self.starts, at)


def source_lines(data: bytes) -> SourceLines:
    """Return the lines of a file's bytes; none where the file is no text."""
    if b"%PDF-" in data[:_HEAD] or b"\0" in data[:_HEAD]:
        return SourceLines(words="", starts=())
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    for line in data.decode("utf-8-sig", "replace").split("\n"):
        starts.append(length)
        parts.append(normalised(line))
        length += len(parts[-1])
    return SourceLines(words="".join(parts), starts=tuple(starts))
