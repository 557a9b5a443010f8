"""A comparison on one screen; text from documents is never markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from gcm_align.comparing.changes import Change, DraftComparison, Kind
from gcm_align.comparing.countries import CountryComparison
from gcm_align.comparing.documents import DocumentComparison
from gcm_align.gaps import page_words
from gcm_align.reporting import compare_wording
from gcm_align.reporting.compare_tables import UNCHANGED, Compared, counts_frame
from gcm_align.reporting.wording import SUGGESTIONS
from gcm_align.translating import gettext as _

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gcm_align.reporting.comparisons import Comparison

MAX_SHOWN = 8  # changes of one kind on the screen; the rest is counted and stands in the files
QUOTE_CHARS = 120
# What a reader must see first; rewordings and what cannot be told stand in the files.
SHOWN = tuple(kind for kind in Kind if kind not in (Kind.REWORDED, Kind.UNTOLD))


def comparison_summary(comparison: Comparison) -> list[RenderableType]:
    """Return what a terminal shows of a comparison."""
    warnings = [
        Text(_("Warning: {words}").format(words=words))
        for words in compare_wording.warnings(comparison.mismatches, comparison.reports)
    ]
    warnings += [Text(line) for line in compare_wording.reviewed_lines(comparison.parties)]
    return [*warnings, *_blocks(comparison.result), Text(_(SUGGESTIONS))]


def _blocks(result: Compared) -> list[RenderableType]:
    if isinstance(result, DraftComparison):
        return _drafts(result)
    if isinstance(result, DocumentComparison):
        return _documents(result)
    return _countries(result)


def _documents(result: DocumentComparison) -> list[RenderableType]:
    table = Table(title=Text(_("Best level of each action")), title_justify="left")
    table.add_column(_("Figure"))
    table.add_column(_("Actions"), justify="right")
    for figures in counts_frame(result).to_dict("records"):
        table.add_row(Text(_(str(figures["figure"]))), Text(str(figures["actions"])))
    found = [(row, item) for row in result.rows for item in row.conflicts]
    # What is certain comes first.
    found.sort(key=lambda pair: pair[1].level is None)
    blocks: list[RenderableType] = [
        Text(" ".join((_("Documents:"), ", ".join(source.label for source in result.sources)))),
        table,
    ]
    for row, item in found[:MAX_SHOWN]:
        words = compare_wording.conflict_words(item)
        blocks.append(
            Text(f"{_(row.coherence.value)}: {row.action.id} {row.action.text}\n  {words}")
        )
    if len(found) > MAX_SHOWN:
        blocks.append(
            Text(_("... and {count} more disagreements").format(count=len(found) - MAX_SHOWN))
        )
    return blocks


def _countries(result: CountryComparison) -> list[RenderableType]:
    table = Table(title=Text(_("Best level of each action")), title_justify="left")
    table.add_column(_("Figure"))
    for party in result.parties:
        table.add_column(Text(party.label), justify="right")
    for figure in result.counts[0]:
        table.add_row(Text(_(figure)), *(Text(str(counts[figure])) for counts in result.counts))
    return [table, Text(_(compare_wording.COUNTRY_LEAD))]


def _drafts(result: DraftComparison) -> list[RenderableType]:
    title = Text(f"{result.before.label} → {result.after.label}")
    table = Table(title=title, title_justify="left")
    table.add_column(_("Change"))
    table.add_column(_("Actions"), justify="right")
    for row in counts_frame(result).to_dict("records"):
        style = "dim" if not row["actions"] or row["figure"] == UNCHANGED else ""
        table.add_row(Text(_(str(row["figure"]))), Text(str(row["actions"])), style=style)
    blocks: list[RenderableType] = [table]
    for kind in SHOWN:
        found = [change for change in result.changes if change.kind == kind]
        blocks += [_change(change) for change in found[:MAX_SHOWN]]
        if len(found) > MAX_SHOWN:
            rest = len(found) - MAX_SHOWN
            words = _("... and {count} more {kind}")
            blocks.append(Text(words.format(count=rest, kind=_(kind.value))))
    return blocks


def _change(change: Change) -> Text:
    before, after = change.before, change.after
    levels = " → ".join(
        compare_wording.level_words(side.level, side.suggested, applicable=side.applicable)
        + compare_wording.review_note(side.review)
        for side in (before, after)
    )
    line = Text(f"{_(change.kind.value)}: {change.action.id} {change.action.text} ({levels})")
    for name, side in ((_("before"), before), (_("after"), after)):
        if side.clause:
            words = " ".join(text for text, _ in side.pieces)
            words = words if len(words) <= QUOTE_CHARS else f"{words[: QUOTE_CHARS - 1]}…"
            line.append(f"\n  {name}: {page_words(side.clause)} “{words}” ({_(side.role.value)})")
    return line
