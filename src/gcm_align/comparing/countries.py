"""Countries side by side, in the order given: what the texts of each say, never a ranking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gcm_align.comparing.documents import Together, compare_documents
from gcm_align.comparing.sources import Party

if TYPE_CHECKING:
    from gcm_align.catalogue import Action, Framework


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRow:
    """One action in every country."""

    action: Action
    cells: tuple[Together, ...]  # one for each country, in the order given

    @property
    def silent(self) -> bool:
        """Whether no text of any country says anything to be shown."""
        return all(cell.silent for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryComparison:
    """Countries in the order given, with the counts of each; nothing sorts or scores them."""

    parties: tuple[Party, ...]
    rows: tuple[CountryRow, ...]
    counts: tuple[dict[str, int], ...]  # one for each country, in the order given


def compare_countries(parties: Sequence[Party], framework: Framework) -> CountryComparison:
    """
    Return every action with its best level in each country.

    Args:
        parties: Countries, each with its documents, in the order to print them.
        framework: The catalogue that all were assessed with.
    """
    found = [compare_documents(party.sources, framework) for party in parties]
    rows = zip(*(item.rows for item in found), strict=True)
    return CountryComparison(
        parties=tuple(parties),
        rows=tuple(CountryRow(action=cells[0].action, cells=cells) for cells in rows),
        counts=tuple(dict(item.counts) for item in found),
    )
