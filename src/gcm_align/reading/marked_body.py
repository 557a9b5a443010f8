"""What the bodies of Word and OpenDocument files have in common: pages, edges, a second reading."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from typing import Protocol

from gcm_align.reading.layout import Draft
from gcm_align.reading.marked import finish, text_draft, tracked_warnings
from gcm_align.reading.xmltree import Element, descendants
from gcm_align.types import BlockKind


class BodyPlace(Protocol):
    """Where a reading stands."""

    @property
    def page(self) -> int:
        """The page that was reached, 1-based."""
        ...

    @property
    def paged(self) -> bool:
        """Whether the file stores where pages end."""
        ...

    @property
    def changes(self) -> dict[str, int]:
        """Tracked changes by kind."""
        ...


class MarkedBody(ABC):
    """Goes through the blocks of a file in order; a subclass knows the format."""

    def __init__(self, place: BodyPlace) -> None:
        self.drafts: list[Draft] = []
        self.title = ""
        self._noted: list[Draft] = []
        self._log: list[tuple[int, str]] = []
        self._at = place

    @property
    def page(self) -> int:
        """Return the page that was reached, 1-based."""
        return self._at.page

    @property
    def paged(self) -> bool:
        """Say whether the file stores where pages end."""
        return self._at.paged

    @abstractmethod
    def read_body(self) -> None:
        """Read the body into ``drafts``."""

    @abstractmethod
    def _edge_text(self, paragraph: Element) -> str:
        """Return the words of a paragraph that stands on no page of the body."""

    def read(self, edges: list[Element], named: str) -> tuple[list[Draft], str]:
        """
        Read the body, then heads and feet.

        Args:
            edges: Heads and feet.
            named: The title that the file's properties give.

        Returns:
            The drafts, and the title: of the body, else as named, else the first chief heading.
        """
        self.read_body()
        drafts = finish(self.drafts)
        self.drafts = []
        self.read_edges(edges)
        title = self.title or named
        if not title:
            titles = [d.text for d in drafts if d.kind is BlockKind.HEADING and d.level == 1]
            title = titles[0] if titles else ""
        return [*drafts, *self.drafts], title

    def read_edges(self, edges: list[Element]) -> None:
        """Read heads and feet, each text once: they run from page to page and are no body."""
        seen: set[str] = set()
        for root in edges:
            words = " ".join(self._edge_text(own) for own in descendants(root, "p"))
            words = " ".join(words.split())
            draft = text_draft(BlockKind.RUNNING, [(1, words)])
            if draft is not None and words not in seen:
                seen.add(words)
                self._log.append((1, words))
                self.drafts.append(draft)

    def plain_pages(self, edges: list[Element]) -> list[str]:
        """Return the words of each page as the file has them, without drafts or tables."""
        self.read_body()
        self.read_edges(edges)
        pages: defaultdict[int, list[str]] = defaultdict(list)
        for page, text in self._log:
            pages[page].append(text)
        return ["\n".join(pages[number]) for number in range(1, self.page + 1)]

    def warnings(self) -> tuple[str, ...]:
        """Say what a reader of the report should know of the file."""
        return tracked_warnings(self._at.changes, paged=self.paged)
