"""The store of reviews: it only grows, and loses nothing that was committed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from report_factory import assessment, evidence, summary

from gcm_align.errors import ReviewError, ReviewStoreError
from gcm_align.reviewing import (
    Decision,
    DocumentKey,
    Review,
    ReviewStore,
    evidence_digest,
    review_of,
)
from gcm_align.types import Level

KEY = DocumentKey.of(summary())
WRITER = """
import sys
from pathlib import Path
from gcm_align.reviewing import Decision, DocumentKey, Review, ReviewStore
store = ReviewStore(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    store.add(Review(document=DocumentKey(name="a.pdf", sha256="c0"), action_id="1.a",
        machine_level=None, decision=Decision.NOTE, reviewer=sys.argv[2], note=str(number),
        at="2026-11-24T08:00:00+00:00"))
    print(number, flush=True)
"""


def made(decision: Decision = Decision.CHANGE, **changes: object) -> Review:
    level = Level.ADDRESSED if decision == Decision.CHANGE else None
    if decision == Decision.ACCEPT:
        level = Level.PARTIAL
    review = Review(
        document=KEY,
        action_id="6.h",
        machine_level=Level.PARTIAL,
        decision=decision,
        level=level,
        reason="Article 3 covers it.",
        note="See also the decree.",
        reviewer="amina",
        at="2026-11-24T08:00:00+00:00",
        evidence="d1",
        quotes=("No employer shall …",),
    )
    return replace(review, **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> ReviewStore:
    return ReviewStore(tmp_path / "team" / "reviews.sqlite")


def test_a_review_comes_back_as_it_was(store: ReviewStore) -> None:
    """Every field survives, half a surrogate pair as a sign that UTF-8 holds."""
    for decision in Decision:
        store.add(made(decision))
    store.add(made(note="broken \ud800 sign"))
    again = ReviewStore(store.path)
    rows = [row.review for row in again.history(KEY, "6.h")]
    assert rows[:-1] == [made(decision) for decision in Decision]
    assert rows[-1].note == "broken ? sign"
    assert again.history(KEY, "6.g") == ()
    assert again.history() == again.history(KEY)


def test_the_latest_verdict_stands_and_notes_stand_beside(store: ReviewStore) -> None:
    """A note replaces no verdict; the latest verdict of each reviewer is kept."""
    store.add(made())
    store.add(made(reviewer="boris", level=Level.GAP))
    store.add(made(level=Level.OPERATIONALISED))
    store.add(made(Decision.NOTE))
    found = store.current(KEY)["6.h"]
    assert [(r.reviewer, r.level) for r in found.verdicts] == [("boris", 0), ("amina", 4)]
    assert found.standing == made(level=Level.OPERATIONALISED)
    assert [r.decision for r in found.notes] == [Decision.NOTE]


def test_undo_is_a_row_and_brings_back_what_was_before(store: ReviewStore) -> None:
    """Undoing goes back one review at a time, of one reviewer alone, and deletes nothing."""
    store.add(made())
    store.add(made(reviewer="boris", level=Level.GAP))
    store.add(made(level=Level.OPERATIONALISED))
    first, second = (store.undo("amina", KEY, "6.h") for _ in range(2))
    assert first is not None
    assert second is not None
    assert (first.undoes, second.undoes) == (3, 1)
    assert store.undo("amina", KEY, "6.h") is None
    assert store.undo("boris", KEY, "6.g") is None
    standing = store.current(KEY)["6.h"].standing
    assert standing is not None
    assert standing.reviewer == "boris"
    assert len(store.history(KEY)) == 5


def test_a_document_is_known_by_bytes_or_text(store: ReviewStore) -> None:
    """The same bytes under another name, or the same text in other bytes; not a name alone."""
    known = DocumentKey(name="policy.pdf", sha256="aa", text_sha256="tt")
    store.add(made(document=known))
    assert store.current(DocumentKey(name="renamed.pdf", sha256="aa"))
    assert store.current(DocumentKey(name="x.pdf", sha256="bb", text_sha256="tt"))
    assert not store.current(DocumentKey(name="policy.pdf", sha256="bb"))
    assert len(store.named("policy.pdf")) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"reviewer": " "},
        {"level": None},
        {"at": "yesterday"},
        {"at": "2026-11-24T08:00:00"},
        {"decision": Decision.ACCEPT},
        {"decision": Decision.NOT_APPLICABLE, "level": None, "reason": " "},
        {"decision": Decision.NOT_APPLICABLE},
        {"decision": Decision.NOTE, "level": None, "note": ""},
        {"note": "x" * 2001},
        {"action_id": ""},
        {"document": DocumentKey(name="a", sha256="")},
    ],
)
def test_a_review_that_contradicts_itself_is_refused(changes: dict[str, object]) -> None:
    """A level without a change, a change without a level, not applicable without a reason."""
    with pytest.raises(ReviewError, match=r"Expected"):
        replace(made(), **changes)  # type: ignore[arg-type]


def test_rows_can_be_neither_changed_nor_deleted(store: ReviewStore) -> None:
    """The database itself refuses it."""
    store.add(made())
    with closing(sqlite3.connect(store.path)) as connection:
        for statement in ("UPDATE reviews SET level = 0", "DELETE FROM reviews"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                connection.execute(statement)
        connection.rollback()
    assert len(store.history()) == 1


def test_a_set_of_reviews_is_kept_whole_or_not_at_all(store: ReviewStore) -> None:
    """A fault in the middle leaves nothing of the set."""
    broken = made()
    object.__setattr__(broken, "reviewer", None)
    with pytest.raises(ReviewStoreError):
        store.add_all([made(), broken])
    assert store.history() == ()


def test_two_processes_and_threads_write_at_once(store: ReviewStore) -> None:
    """Nothing is lost and nothing is locked out."""
    path = str(store.path)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, path, name, "40"], stdout=subprocess.DEVNULL
        )
        for name in ("p1", "p2")
    ]
    threads = [
        threading.Thread(target=lambda: [store.add(made()) for _ in range(10)]) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [writer.wait(60) for writer in writers] == [0, 0]
    names = [row.review.reviewer for row in store.history()]
    assert [names.count(n) for n in ("p1", "p2", "amina")] == [40, 40, 30]


def test_a_killed_process_loses_nothing_committed(store: ReviewStore) -> None:
    """All that was said to be kept is there, and the next one can write."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(store.path), "p1", "100000"], stdout=subprocess.PIPE
    )
    assert writer.stdout is not None
    with writer.stdout as lines:
        for _ in range(20):
            said = int(lines.readline())
        writer.kill()
        said = max([said, *map(int, lines.read().decode().split("\n")[:-1])])
    writer.wait()
    notes = [int(row.review.note) for row in store.history()]
    assert notes[: said + 1] == list(range(said + 1))
    assert len(notes) <= said + 2  # at most the one that was kept and not yet said
    store.add(made())


def test_files_that_are_no_store_are_refused(tmp_path: Path) -> None:
    """Damaged, newer, another program's: each is named, and left as it is."""
    damaged, newer, other = (tmp_path / f"{name}.sqlite" for name in ("bad", "new", "other"))
    damaged.write_bytes(b"no database at all" * 100)
    ReviewStore(newer)
    for path, statement in ((newer, "PRAGMA user_version = 99"), (other, "CREATE TABLE x (y)")):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(statement)
    for path, word in ((damaged, "not a database"), (newer, "newer"), (other, "another program")):
        before = path.read_bytes()
        with pytest.raises(ReviewStoreError, match=word):
            ReviewStore(path)
        assert path.read_bytes() == before or path == other
    with pytest.raises(ReviewStoreError):
        ReviewStore(tmp_path)
    with pytest.raises(ReviewStoreError):
        ReviewStore(damaged / "reviews.sqlite")


def test_the_digest_follows_the_words_not_their_place() -> None:
    """Another page or line break keeps it; other words, level or flag change it."""
    item = assessment("6.h", Level.ADDRESSED)
    digest = evidence_digest(item)
    first = item.evidence[0]
    moved = replace(first, page=3, quote=first.quote.replace(" ", "\n "), score=0.5)
    assert evidence_digest(replace(item, evidence=(moved,))) == digest
    changed = replace(first, quote=first.quote.replace("No", "Any"))
    others = (
        replace(item, evidence=(changed,)),
        replace(item, evidence=(first, evidence(Level.PARTIAL))),
        replace(item, level=None),
        replace(item, counter_evidence=(first,)),
    )
    assert len({digest, *map(evidence_digest, others)}) == 5
    assert evidence_digest(replace(item, evidence=(), nearest=None)) == ""


def test_a_review_of_a_verdict_remembers_what_was_shown() -> None:
    """Level, digest and leading quotes of the machine travel with the decision."""
    item = assessment("6.h", Level.ADDRESSED)
    review = review_of(item, summary(), Decision.ACCEPT, reviewer=" amina ")
    assert (review.level, review.machine_level) == (Level.ADDRESSED, Level.ADDRESSED)
    assert (review.reviewer, review.evidence) == ("amina", evidence_digest(item))
    assert review.quotes == (item.evidence[0].quote,)
