"""Verdicts to baseline entries, and reviewers' decisions back to verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gcm_align.checking.baseline import NOT_APPLICABLE, Baseline, Counter, Entry
from gcm_align.checking.verdicts import DocumentVerdicts, Verdict

RENAMED_SHARE = 0.5  # clauses in common that make a new path the old document


def updated(
    old: Baseline,
    documents: Mapping[str, DocumentVerdicts],
    *,
    made_with: Mapping[str, str],
    gone: Sequence[str],
) -> Baseline:
    """
    Return a baseline that accepts the verdicts of documents.

    Reviews and suppressions are kept, and the words of a clause that has not changed: only
    what changed in substance changes in the file.

    Args:
        old: The baseline before.
        documents: What was assessed now, by name; other entries stay.
        made_with: What the verdicts were made with.
        gone: Documents that are no longer there.
    """
    kept = {name: entries for name, entries in old.documents.items() if name not in set(gone)}
    for name, document in documents.items():
        kept[name] = _entries(document, previous(old, name, documents, gone))
    return Baseline(made_with=made_with, documents=kept, suppressions=old.suppressions)


def _entries(document: DocumentVerdicts, old: Mapping[str, Entry]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for verdict in document.verdicts:
        entry = _entry(verdict, old.get(verdict.action, Entry()))
        # Neither a gap nor doubt about one is anything to lose; a file to read is short.
        if entry.level or entry.suggested or entry.flag or entry.review is not None:
            found[verdict.action] = entry
    return found


def _entry(verdict: Verdict, old: Entry) -> Entry:
    best = verdict.evidence[0] if verdict.evidence else None
    before = {item.digest: item for item in old.counter}
    entry = Entry(
        level=verdict.level,
        suggested=verdict.suggested,
        digest=best.digest if best else "",
        section=" > ".join(best.place.section[-2:]) if best else "",
        words=best.quote if best else "",
        flag=verdict.flag,
        counter=tuple(
            replace(before[w.digest], flag=verdict.flag)
            if w.digest in before
            else Counter(flag=verdict.flag, digest=w.digest, words=w.quote)
            for w in sorted(verdict.counter, key=lambda w: w.digest)
        ),
        review=old.review,
    )
    if best is not None and best.digest == old.digest:
        # The same clause in another layout: its words stay as they were written.
        return replace(entry, words=old.words, section=old.section)
    return entry


def reviewed(document: DocumentVerdicts, entries: Mapping[str, Entry]) -> DocumentVerdicts:
    """Return a document with the reviewers' levels where they were given on its own words."""
    return replace(
        document,
        verdicts=tuple(_decided(v, entries.get(v.action)) for v in document.verdicts),
    )


def _decided(verdict: Verdict, entry: Entry | None) -> Verdict:
    review = None if entry is None else entry.review
    if review is None or review.digest not in verdict.digests():
        return verdict
    level = 0 if review.level == NOT_APPLICABLE else int(review.level)
    reason = f"{review.reviewer}, {review.date}: {review.reason}"
    return replace(verdict, level=level, suggested=level, reason=reason, reviewed=True)


def accepted_level(entry: Entry) -> int | None:
    """Return the level that stands: the reviewer's, else the machine's."""
    if entry.review is None:
        return entry.level
    return 0 if entry.review.level == NOT_APPLICABLE else int(entry.review.level)


def previous(
    baseline: Baseline,
    name: str,
    documents: Mapping[str, DocumentVerdicts],
    gone: Sequence[str],
) -> Mapping[str, Entry]:
    """Return what the baseline holds of a document, under its old name if it was moved."""
    if name in baseline.documents:
        return baseline.documents[name]
    return baseline.documents.get(renamed(baseline, documents, gone).get(name, ""), {})


def renamed(
    baseline: Baseline, documents: Mapping[str, DocumentVerdicts], gone: Sequence[str]
) -> dict[str, str]:
    """
    Return for each new name the old one of the same text.

    Half of the clauses that the baseline holds of a document that is gone must stand in it.
    """
    found: dict[str, str] = {}
    missing = [name for name in sorted(gone) if name in baseline.documents]
    for name in sorted(set(documents) - set(baseline.documents)):
        held = frozenset[str]().union(*(v.digests() for v in documents[name].verdicts))
        for old in missing:
            wanted = {e.digest for e in baseline.documents[old].values() if e.digest}
            if (
                old not in found.values()
                and wanted
                and len(wanted & held) >= RENAMED_SHARE * len(wanted)
            ):
                found[name] = old
                break
    return found
