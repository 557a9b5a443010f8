"""What counts as a loss against the baseline, on made verdicts; and that records survive."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from gcm_align.catalogue import Framework
from gcm_align.checking.accepting import updated
from gcm_align.checking.baseline import Baseline, Entry, read_baseline, to_text
from gcm_align.checking.configuration import CheckConfig
from gcm_align.checking.ground import Ground
from gcm_align.checking.outcomes import Unread, decode, encode, unread
from gcm_align.checking.rules import apply_rules
from gcm_align.checking.verdicts import DocumentVerdicts, Verdict, Words
from gcm_align.errors import BaselineError
from gcm_align.findings import Place, digest_of

CLAUSE = "No employer shall retain the passport of a migrant worker."
WORDS = Words(
    digest=digest_of(CLAUSE), quote=CLAUSE, place=Place(page=1, line=5, section=("Part I",))
)


def verdict(level: int | None, **changes: Any) -> Verdict:
    values: dict[str, Any] = {
        "action": "6.h",
        "level": level,
        "suggested": level or 0,
        "flag": "",
        "reason": "As made.",
        "addressed": 0.0,
    }
    return Verdict(**values | changes)


def document(*verdicts: Verdict, share_read: float = 1.0) -> DocumentVerdicts:
    other = verdict(0, action="13.h")
    return DocumentVerdicts(
        language="en", pages=4, pages_read=4, share_read=share_read, verdicts=(*verdicts, other)
    )


def ground(catalogue: Framework, found: DocumentVerdicts, before: Entry, **config: Any) -> Ground:
    return Ground(
        config=CheckConfig(root=Path(), **config),
        framework=catalogue,
        made_with={},
        assessed={"act.md": found},
        unread={},
        baseline=Baseline(documents={"act.md": {"6.h": before}}),
        gone=(),
        complete=True,
        today=dt.date(2026, 11, 23),
    )


def rules(made: Ground) -> list[str]:
    return [item.rule_id for item in apply_rules(made) if item.actions]


@pytest.mark.parametrize(
    ("before", "now", "share_read", "expected"),
    [
        (3, verdict(3), 1.0, []),
        (3, verdict(4), 1.0, []),
        (3, verdict(2), 1.0, ["lost-action"]),
        (4, verdict(0), 1.0, ["lost-action"]),
        (4, verdict(3), 1.0, ["weakened-action"]),
        (2, verdict(0), 1.0, ["weakened-action"]),
        # In doubt between lower levels, addressed itself is ruled out.
        (3, verdict(None, addressed=0.1), 1.0, ["lost-action"]),
        # Addressed may be right, or nothing is known of its probability.
        (3, verdict(None, addressed=0.4), 1.0, ["weakened-action"]),
        (3, verdict(None, addressed=1.0), 1.0, ["weakened-action"]),
        # The clause may stand on a page that was not read.
        (3, verdict(0), 0.5, ["weakened-action"]),
        (3, verdict(None, suggested=3), 1.0, []),
    ],
)
def test_what_is_lost(
    catalogue: Framework, before: int, now: Verdict, share_read: float, expected: list[str]
) -> None:
    """Addressed and no longer: for certain, or in a doubt that leaves addressed out."""
    found = document(now, share_read=share_read)
    entry = Entry(level=before, suggested=before, digest="0" * 16)
    assert rules(ground(catalogue, found, entry)) == expected


def test_a_floor_is_not_rounded(catalogue: Framework) -> None:
    """A share just under its floor fails and is printed with the digits that show it."""
    verdicts = [verdict(3 if a.objective == "13" else 0, action=a.id) for a in catalogue.actions]
    found = DocumentVerdicts(
        language="en", pages=1, pages_read=1, share_read=1.0, verdicts=tuple(verdicts)
    )
    under = ground(catalogue, found, Entry(), min_depth=0.0435)
    messages = [item.message for item in apply_rules(under) if item.rule_id == "depth-floor"]
    assert messages == ["Together, the documents' depth is 0.0434, under the floor 0.0435."]
    reached = ground(catalogue, found, Entry(), min_depth=1 / 23)
    assert not [item for item in apply_rules(reached) if item.rule_id == "depth-floor"]


def test_doubt_is_given_its_benefit(catalogue: Framework) -> None:
    """A floor fails only where no outcome of a review can reach it."""
    verdicts = [verdict(None, action=a.id, suggested=3) for a in catalogue.actions]
    found = DocumentVerdicts(
        language="en", pages=1, pages_read=1, share_read=0.9, verdicts=tuple(verdicts)
    )
    made = ground(catalogue, found, Entry(), min_depth=0.9)
    assert not [item for item in apply_rules(made) if item.rule_id == "depth-floor"]


def test_what_is_kept_comes_back() -> None:
    """Verdicts and reasons survive the cache's JSON as they were."""
    found = document(verdict(3, evidence=(WORDS,), nearest=WORDS, addressed=0.9), share_read=0.99)
    for outcome in (found, Unread(error="EmptyFileError", message="No bytes.")):
        assert decode(json.loads(json.dumps(encode(outcome)))) == outcome


def test_a_baseline_comes_back(tmp_path: Path) -> None:
    """What is written is read as the same entries, and written again as the same bytes."""
    found = document(
        verdict(3, evidence=(WORDS,)),
        verdict(0, action="7.f", flag="C2", counter=(WORDS,)),
        verdict(None, action="4.d", suggested=2, evidence=(WORDS,)),
        verdict(None, action="4.f", suggested=0, evidence=(WORDS,)),
    )
    made = updated(Baseline(), {"act.md": found}, made_with={"model": "default"}, gone=())
    assert list(made.documents["act.md"]) == ["6.h", "7.f", "4.d"], "no gap, no doubt about one"
    path = tmp_path / "baseline.json"
    path.write_text(to_text(made), encoding="utf-8")
    assert to_text(read_baseline(path)) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<<<<<<< HEAD\n{}", "A merge left its marks?"),
        ('{"schema_version": "2.0"}', "schema_version"),
        ('{"schema_version": "1.0", "documents": []}', "documents"),
        ('{"schema_version": "1.0", "documents": {"a.md": {"6.h": {"level": 7}}}}', "a.md, 6.h"),
        ('{"schema_version": "1.0", "suppressions": [{"fingerprint": "x"}]}', "reason"),
        (
            (
                '{"schema_version": "1.0", "suppressions": [{"fingerprint": "x", "reason": "y", '
                '"expires": "31.12.2026"}]}'
            ),
            "suppressions[0]: expires",
        ),
    ],
)
def test_a_wrong_baseline_names_the_entry(tmp_path: Path, text: str, words: str) -> None:
    """The message says which entry, what was expected and what to do."""
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError) as caught:
        read_baseline(path)
    assert words in str(caught.value)
    assert caught.value.exit_code == 2


def test_nothing_is_claimed_of_what_nobody_read() -> None:
    """No page, or no verdict at all, is unread; a part that is missing is not."""
    assert unread(document(verdict(0))) is None
    assert unread(document(verdict(None), share_read=0.5)) is None
    nothing = unread(document(verdict(0), share_read=0.0))
    assert nothing is not None
    assert nothing.error == "NoTextError"
    foreign = DocumentVerdicts(
        language="fr", pages=1, pages_read=1, share_read=1.0, verdicts=(verdict(None),)
    )
    assert unread(foreign) == Unread(error="NotAssessed", message="As made.")
