"""Every rule fires where it should, and is silent where it should be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from check_factory import BASELINE, TEXTS, Gate, repository, write

from gcm_align.findings import RULES

SCHEMAS = Path(__file__).resolve().parents[1] / "data" / "schema"
Setup = Callable[[Gate, Path], None]


def texts(**by_path: str) -> Setup:
    """Return a setup with files by stem; without a baseline."""

    def make(gate: Gate, folder: Path) -> None:
        gate.put(folder, **by_path)

    return make


def after(before: str, now: str, edit: Callable[[dict[str, Any]], None] | None = None) -> Setup:
    """Return a setup with a baseline of one text, and another text in its place."""

    def make(gate: Gate, folder: Path) -> None:
        text = gate.baseline(before)
        if edit is not None:
            data = json.loads(text)
            edit(data)
            text = json.dumps(data)
        write(folder, {BASELINE: text})
        gate.put(folder, acts=now)

    return make


def configured(toml: str, **by_path: str) -> Setup:
    """Return a setup with a configuration."""

    def make(gate: Gate, folder: Path) -> None:
        gate.put(folder, **by_path)
        write(folder, {"gcm-align.toml": toml})

    return make


def accept_review(data: dict[str, Any]) -> None:
    entry = data["documents"]["acts/act.md"]["6.h"]
    entry["review"] = {
        "level": 4,
        "reviewer": "R. Holm",
        "date": "2026-11-02",
        "reason": "The fine is imposed by a named body.",
        "digest": entry["digest"],
    }


def suppress(expires: str) -> Callable[[dict[str, Any]], None]:
    def edit(data: dict[str, Any]) -> None:
        data["suppressions"] = [
            {"fingerprint": "0123456789abcdef", "reason": "Under repeal.", "expires": expires}
        ]

    return edit


REQUIRED = '[[required]]\nactions = ["{}"]\nobjectives = [13]\npaths = ["bills/*"]\n'
CASES: dict[str, tuple[Setup, Setup]] = {
    "new-contradiction": (texts(acts="detains"), after("detains", "detains")),
    "new-tension": (texts(acts="tension"), after("tension", "tension")),
    "lost-action": (after("good", "softened"), after("good", "reflowed")),
    "weakened-action": (after("policed", "good"), after("good", "good")),
    "required-action": (
        configured(REQUIRED.format("3.a"), bills="good", acts="softened"),
        configured(REQUIRED.format("6.h"), bills="good", acts="softened"),
    ),
    "breadth-floor": (
        configured("min-breadth = 0.5", acts="good"),
        configured("min-breadth = 0.01", acts="good"),
    ),
    "depth-floor": (
        configured("min-depth = 0.5\nfloor-per = 'document'", acts="good"),
        configured("min-depth = 0.005\nfloor-per = 'document'", acts="good"),
    ),
    "unread-document": (texts(acts="scan"), texts(acts="good")),
    "poorly-read": (texts(acts="half"), configured("min-share-read = 0.5", acts="half")),
    "review-share": (texts(acts="half"), configured("max-review-share = 1", acts="half")),
    "suspect-review": (
        after("good", "softened", accept_review),
        after("good", "reflowed", accept_review),
    ),
    "expired-suppression": (
        after("good", "good", suppress("2026-11-22")),
        after("good", "good", suppress("2026-11-23")),
    ),
}


def test_every_rule_has_a_pair() -> None:
    """No rule is without a test that it fires and one that it is silent."""
    assert list(CASES) == [rule.id for rule in RULES]


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_fires_and_stays_silent(gate: Gate, tmp_path: Path, rule: str) -> None:
    """A rule finds its case, is silent in the other, and finds nothing when it is off."""
    fires, silent = CASES[rule]
    (tmp_path / "fires").mkdir()
    (tmp_path / "silent").mkdir()
    fires(gate, tmp_path / "fires")
    silent(gate, tmp_path / "silent")
    assert rule in gate.rules(tmp_path / "fires")
    assert rule not in gate.rules(tmp_path / "silent")
    assert rule not in gate.rules(tmp_path / "fires", "--rule", f"{rule}=off")


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        ("good", "detains", 1),  # a new C2
        ("good", "softened", 1),  # a lost addressed action
        ("good", "tension", 0),  # a new C1 only warns
        ("good", "good", 0),  # whatever the percentage
    ],
)
def test_the_default_gate(gate: Gate, tmp_path: Path, before: str, now: str, code: int) -> None:
    """By default a new C2 and a lost addressed action fail, and nothing else."""
    after(before, now)(gate, tmp_path)
    assert gate.run(tmp_path, "check").returncode == code


def test_findings_say_where_and_what(gate: Gate, tmp_path: Path) -> None:
    """A lost action names its line, its words now and its words before."""
    after("good", "softened")(gate, tmp_path)
    found = [f for f in gate.check(tmp_path)["findings"] if f["rule_id"] == "lost-action"]
    item = next(f for f in found if f["actions"] == ["6.h"])
    assert item["document"] == "acts/act.md"
    assert item["place"]["line"] == 5
    assert item["before"].startswith("No employer or agency shall retain the passport")
    assert "may issue guidance" in item["quote"]


def test_a_reworded_contradiction_is_new(gate: Gate, tmp_path: Path) -> None:
    """Accepting one clause accepts no other."""
    after("detains", "harsher")(gate, tmp_path)
    assert "new-contradiction" in gate.rules(tmp_path)


def test_the_baseline_is_the_same_for_reflowed_text(gate: Gate, tmp_path: Path) -> None:
    """Other line breaks and a moved page leave every byte of the baseline."""
    after("good", "reflowed")(gate, tmp_path)
    before = (tmp_path / BASELINE).read_bytes()
    assert gate.run(tmp_path, "baseline", "write").returncode == 0
    assert (tmp_path / BASELINE).read_bytes() == before


def test_the_baseline_obeys_its_schema(gate: Gate, tmp_path: Path) -> None:
    """The published schema accepts what is written, with what people add to it."""
    schema = json.loads((SCHEMAS / "baseline.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for name in ("good", "detains", "tension"):
        validator.validate(json.loads(gate.baseline(name)))
    after("good", "good", accept_review)(gate, tmp_path)
    data = json.loads((tmp_path / BASELINE).read_text(encoding="utf-8"))
    suppress("2027-01-01")(data)
    validator.validate(data)


def test_the_baseline_is_read_in_a_review(gate: Gate) -> None:
    """One line an action, in the catalogue's order, with its level and words, and no gap."""
    lines = gate.baseline("good").splitlines()
    found = [json.loads(f"{{{line.strip().rstrip(',')}}}") for line in lines if '"level"' in line]
    actions = [next(iter(item)) for item in found]
    assert {"6.h", "13.h"} <= set(actions)
    assert actions == sorted(actions, key=lambda a: (int(a.split(".")[0]), a.split(".")[1]))
    for item in found:
        entry = next(iter(item.values()))
        assert entry["level"] or entry["suggested"]
        assert entry["words"] in TEXTS["good"]


def test_reviews_and_suppressions_outlive_a_new_baseline(gate: Gate, tmp_path: Path) -> None:
    """Writing the baseline again keeps what people wrote in it, and their level holds."""
    after("good", "good", accept_review)(gate, tmp_path)
    data = json.loads((tmp_path / BASELINE).read_text(encoding="utf-8"))
    suppress("2027-01-01")(data)
    (tmp_path / BASELINE).write_text(json.dumps(data), encoding="utf-8")
    assert gate.run(tmp_path, "baseline", "write").returncode == 0
    kept = json.loads((tmp_path / BASELINE).read_text(encoding="utf-8"))
    assert kept["documents"]["acts/act.md"]["6.h"]["review"]["reviewer"] == "R. Holm"
    assert kept["suppressions"] == data["suppressions"]
    levels = gate.check(tmp_path)["documents"][0]["levels"]
    assert levels[4] == 1, "the reviewer's level stands for the machine's"


def test_a_suppression_needs_its_reason_and_its_day(gate: Gate, tmp_path: Path) -> None:
    """In force a finding passes; past the day it counts again; without a reason it is refused."""
    gate.put(tmp_path, acts="detains")
    mark = gate.check(tmp_path)["findings"][0]["fingerprint"]
    data = {"schema_version": "1.0", "documents": {}}
    entry = {"fingerprint": mark, "reason": "Repealed by bill 12.", "expires": "2026-12-31"}

    def put(item: dict[str, str]) -> None:
        text = json.dumps(data | {"suppressions": [item]})
        (tmp_path / BASELINE).write_text(text, encoding="utf-8")

    put(entry)
    done = gate.run(tmp_path, "check")
    assert done.returncode == 0
    assert "1 suppressed" in done.stdout
    late = str(1_798_848_000)  # 2027-01-02
    assert gate.run(tmp_path, "check", SOURCE_DATE_EPOCH=late).returncode == 1
    put(entry | {"reason": " "})
    bare = gate.run(tmp_path, "check")
    assert bare.returncode == 2
    assert "suppressions[0]: reason" in bare.stderr


def test_a_renamed_act_keeps_its_baseline(gate: Gate, tmp_path: Path) -> None:
    """A moved file is compared with what was accepted under its old name."""
    after("good", "good")(gate, tmp_path)
    (tmp_path / "acts").rename(tmp_path / "laws")
    found = gate.check(tmp_path)
    assert found["exit_code"] == 0
    assert any("laws/act.md is taken for acts/act.md" in note for note in found["notes"])


def test_a_deleted_act_is_a_loss(gate: Gate, tmp_path: Path) -> None:
    """What an act addressed is lost with the act, unless the same clause stands elsewhere."""
    gate.put(tmp_path, a="good", b="softened")
    assert gate.run(tmp_path, "baseline", "write").returncode == 0
    (tmp_path / "a" / "act.md").unlink()
    lost = [f for f in gate.check(tmp_path)["findings"] if f["rule_id"] == "lost-action"]
    assert [f["actions"] for f in lost] == [["6.h"]], "13.h stands in the other act"


def test_a_pattern_that_requires_nothing_is_told(gate: Gate, tmp_path: Path) -> None:
    """A requirement whose paths match no text is said aloud."""
    configured(REQUIRED.format("6.h"), acts="good")(gate, tmp_path)
    assert any("matches no document" in note for note in gate.check(tmp_path)["notes"])


def test_unread_documents(gate: Gate, tmp_path: Path) -> None:
    """Encrypted, empty, scanned and foreign texts give 3 and no gap, or 0 where it is allowed."""
    repository(tmp_path, {"README.md": "Acts.\n"})
    gate.put(tmp_path, french="french", empty="empty", locked="locked", scan="scan")
    found = gate.check(tmp_path)
    assert found["exit_code"] == 3
    assert {f["document"]: f["error"] for f in found["findings"]} == {
        "empty/act.md": "EmptyFileError",
        "french/act.md": "NotAssessed",
        "locked/act.pdf": "EncryptedFileError",
        "scan/act.pdf": "NoTextError",
    }
    assert not any(d["assessed"] for d in found["documents"])
    assert gate.run(tmp_path, "check", "--allow-unassessed").returncode == 0
