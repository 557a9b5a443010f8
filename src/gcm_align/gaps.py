"""The words of a gap: what is missing, the nearest clause, who normally leads.

A gap is a finding about a text, never about a State: no sentence here says that anyone
fails or does not comply (METHOD.md, What follows, 4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gcm_align.figures import is_gap
from gcm_align.translating import gettext as _
from gcm_align.translating import ngettext
from gcm_align.types import Assessment, Evidence, Level, Quote

if TYPE_CHECKING:
    from gcm_align.catalogue import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A pair without a clause, in words."""

    item: Assessment
    action: Action
    carried_by: str  # other documents of the report that carry the action
    narrative: str


def elements(action: Action, found: Iterable[int], *, missing: bool = False) -> tuple[str, ...]:
    """Return the wording of the core elements found, or of those missing."""
    indices = set(found)
    return tuple(
        text for index, text in enumerate(action.core_elements) if (index in indices) != missing
    )


def page_words(evidence: Evidence | Quote) -> str:
    """Return the page in the file, with the printed number where it differs; else the section."""
    if not evidence.paged:
        return evidence.section[-1] if evidence.section else _("no pages")
    if evidence.page_label in ("", str(evidence.page)):
        return _("p. {page}").format(page=evidence.page)
    return _("p. {page} (printed {label})").format(page=evidence.page, label=evidence.page_label)


def sector_words(action: Action) -> str:
    """Return the sectors that normally lead the action, in words."""
    sectors = action.applicability.sectors if action.applicability else ()
    return ", ".join(sector.replace("_", " ") for sector in sectors)


def _carriers(
    pairs: Sequence[tuple[Assessment, Action]], labels: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return, for each action, the documents that carry it at partial or better."""
    found: dict[str, list[str]] = {}
    for item, action in pairs:
        if item.level is not None and item.level >= Level.PARTIAL:
            place = f", {page_words(item.evidence[0])}" if item.evidence else ""
            words = f"{labels[item.document_id]} ({_(item.level.label)}{place})"
            found.setdefault(action.id, []).append(words)
    return found


def find_gaps(pairs: Sequence[tuple[Assessment, Action]], labels: Mapping[str, str]) -> list[Gap]:
    """
    Return the gaps among the pairs of a report, in their order.

    Args:
        pairs: Every assessment of the report with its action.
        labels: The name to print for each document id; all documents of the report.
    """
    gaps = [(item, action) for item, action in pairs if is_gap(item, action)]
    carried = _carriers(pairs, labels)
    silent = Counter(action.id for _, action in gaps)
    everywhere = ngettext("the document", "the {count} documents", len(labels)).format(
        count=len(labels)
    )
    found: list[Gap] = []
    for item, action in gaps:
        where = everywhere if silent[action.id] == len(labels) else labels[item.document_id]
        others = "; ".join(carried.get(action.id, ()))
        narrative = gap_narrative(item, action, where=where, carried_by=others)
        found.append(Gap(item=item, action=action, carried_by=others, narrative=narrative))
    return found


def gap_narrative(item: Assessment, action: Action, *, where: str, carried_by: str = "") -> str:
    """
    Return METHOD.md's sentences on one gap: a finding about a text, never about a State.

    Args:
        item: A gap.
        action: Its action.
        where: What is silent: "the document", "the 3 documents" or a document's name.
        carried_by: Other documents of the report that carry the action, in words.
    """
    parts = [
        wanted_words(action, where),
        nearest_words(item, action),
        carried_words(carried_by),
        consider_words(action),
    ]
    return " ".join(part for part in parts if part)


def wanted_words(action: Action, where: str) -> str:
    """Say what no clause provides for."""
    return _("No clause in {where} provides for: {elements}.").format(
        where=where, elements="; ".join(action.core_elements) or action.text
    )


def nearest_words(item: Assessment, action: Action) -> str:
    """Say which clause comes nearest, what it covers and what it lacks; empty without one."""
    if item.nearest is None:
        return ""
    covers = "; ".join(elements(action, item.nearest.elements))
    lacks = "; ".join(elements(action, item.nearest.elements, missing=True)) or _("a measure")
    nearest = _("Nearest: “{quote}”, {place}.").format(
        quote=item.nearest.quote, place=page_words(item.nearest)
    )
    if not covers:
        return " ".join((nearest, _("It covers none of these elements.")))
    covered = _("It covers {covers} but lacks {lacks}.").format(covers=covers, lacks=lacks)
    return f"{nearest} {covered}"


def carried_words(carried_by: str) -> str:
    """Name the other documents that carry the action; empty where none does."""
    return _("Carried elsewhere: {documents}.").format(documents=carried_by) if carried_by else ""


def consider_words(action: Action) -> str:
    """Name what might be considered, and who normally leads."""
    sectors = sector_words(action)
    if not sectors:
        return _("Consider “{action}”.").format(action=action.text)
    return _("Consider “{action}”, normally led by {sectors}.").format(
        action=action.text, sectors=sectors
    )
