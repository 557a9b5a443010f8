from __future__ import annotations

import importlib.util
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest

from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.prototypes import coded_measures, coded_passages, training_clauses

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = REPOSITORY / "data"
SOURCES = REPOSITORY.parent / "shared" / "catalogue"
COUNTS = [11, 12, 5, 7, 10, 12, 12, 6, 6, 10, 7, 5, 8, 6, 6, 9, 7, 12, 10, 9, 9, 3, 5]
FRAMEWORKS = sorted((REPOSITORY / "examples" / "frameworks").glob("*.json"))


@pytest.fixture(scope="module")
def gcm() -> Framework:
    return load_catalogue()


@pytest.fixture(scope="module")
def raw() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((DATA / "gcm.json").read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    path = DATA / "schema" / "framework.schema.json"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(data)
    return data


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    path = REPOSITORY / "scripts" / "build_catalogue.py"
    spec = importlib.util.spec_from_file_location("build_catalogue", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def plain(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()


def test_counts_per_objective(gcm: Framework) -> None:
    """The Compact has 187 actions, in the 23 counts of the resolution."""
    assert [o.number for o in gcm.objectives] == [str(n) for n in range(1, 24)]
    assert [len(gcm.actions_of(o.number)) for o in gcm.objectives] == COUNTS
    assert len(gcm.actions) == sum(COUNTS) == 187


def test_ids_run_without_holes(gcm: Framework) -> None:
    """Ids are objective.letter, in order, the letters from a on without a hole."""
    wanted = [f"{n}.{chr(97 + k)}" for n, count in enumerate(COUNTS, 1) for k in range(count)]
    assert [a.id for a in gcm.actions] == wanted
    assert all(f"{a.objective}.{a.letter}" == a.id for a in gcm.actions)


def test_no_text_stands_twice(gcm: Framework) -> None:
    """No two actions or objectives say the same, case and punctuation aside."""
    texts = Counter(plain(a.text) for a in gcm.actions)
    titles = Counter(plain(o.title) for o in gcm.objectives)
    assert [t for t, n in (texts + titles).items() if n > 1] == []


def test_objective_20_is_remittances(gcm: Framework) -> None:
    """Objective 20 is its own, not the copy of Objective 2 that a public tool holds."""
    assert "remittances" in gcm.objective(20).title
    told = [a.id for a in gcm.actions if "remittance" in a.text.casefold()]
    assert told == ["20.a", "20.b", "20.c", "20.e", "20.f", "20.g"]


def test_paragraphs_follow_the_resolution(gcm: Framework) -> None:
    """Objective n is paragraph 16+n, and an action is its lettered line."""
    assert all(o.paragraph == str(16 + int(o.number)) for o in gcm.objectives)
    assert all(a.paragraph == f"{16 + int(a.objective)}({a.letter})" for a in gcm.actions)


def test_every_action_is_complete(gcm: Framework) -> None:
    """An action starts with its verb and has core elements that differ; nothing is padded."""
    for action in gcm.actions:
        assert action.text.startswith(action.verb), action.id
        assert len(action.core_elements) == len(set(action.core_elements)) > 0, action.id
        texts = (action.text, action.note, *action.core_elements, *action.extra_elements)
        assert all(text == " ".join(text.split()) for text in texts), action.id


def test_round_tables_share_out_the_objectives(gcm: Framework) -> None:
    """The four round tables hold each objective exactly once, as the objective says."""
    held = {n: t.number for t in gcm.round_tables for n in t.objectives}
    assert sum(len(t.objectives) for t in gcm.round_tables) == 23
    assert [t.number for t in gcm.round_tables] == [1, 2, 3, 4]
    assert {o.number: o.round_table for o in gcm.objectives} == held


def test_confusable_references_resolve(gcm: Framework) -> None:
    """Groups and soft pairs name known actions, and a soft pair is never a repetition."""
    ids = {a.id for a in gcm.actions}
    assert len(gcm.groups) == len({g.key for g in gcm.groups}) == 50
    assert all(set(g.ids) <= ids and len(g.ids) > 1 and g.rule for g in gcm.groups)
    assert {g.kind for g in gcm.groups} == {"near_duplicate", "confusable"}
    assert all(set(pair) <= ids for pair in gcm.soft_accept_pairs)
    assert len({frozenset(pair) for pair in gcm.soft_accept_pairs}) == len(gcm.soft_accept_pairs)


def test_five_actions_are_for_the_international_community(gcm: Framework) -> None:
    """Exactly the five actions of the method stay out of the denominator."""
    left_out = [a.id for a in gcm.actions if a.applicability and not a.applicability.counted]
    assert left_out == ["1.c", "13.b", "20.b", "23.a", "23.d"]


def test_applicability_is_complete(gcm: Framework, raw: dict[str, Any]) -> None:
    """Every action says where it applies, in the known words and with a reason."""
    for action in gcm.actions:
        known = action.applicability
        assert known is not None, action.id
        assert set(known.primary_roles) <= {"origin", "transit", "destination"}, action.id
        assert set(known.levels) <= {"national", "bilateral", "regional", "global"}, action.id
        assert known.primary_level in known.levels, action.id
        assert known.expressible in {"yes", "partly", "rarely"}, action.id
        assert known.counted == (known.expressible != "rarely"), action.id
        assert known.primary_roles, action.id
        assert known.sectors, action.id
        assert known.reason, action.id
    assert all(a["applicability"]["na_needs_written_reason"] is True for a in raw["actions"])


def test_ten_principles(gcm: Framework) -> None:
    """The ten guiding principles are paragraph 15(a) to (j), each with cues."""
    assert [p.paragraph for p in gcm.principles] == [f"15({c})" for c in "abcdefghij"]
    assert len({p.key for p in gcm.principles}) == 10
    assert all(p.name and p.gist and p.cues for p in gcm.principles)


def test_file_says_where_it_comes_from(gcm: Framework, raw: dict[str, Any]) -> None:
    """Source, rights and the nature of the judgements stand in the file itself."""
    assert "A/RES/73/195" in gcm.source
    assert {"text", "annotations", "rights", "applicability", "confusable"} <= set(
        raw["provenance"]
    )


def test_file_is_in_canonical_form(builder: ModuleType) -> None:
    """The stored bytes are the one canonical form."""
    assert builder.check(DATA / "gcm.json") == ""


def test_repair_restores_the_canonical_form(
    builder: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy in another form fails the check by its line, and --repair brings the bytes back."""
    original = (DATA / "gcm.json").read_bytes()
    data = json.loads(original)
    spoilt = dict(reversed(data.items()))
    spoilt["actions"] = [dict(sorted(row.items())) for row in data["actions"]]
    copy = tmp_path / "gcm.json"
    copy.write_text(json.dumps(spoilt, indent=3), encoding="utf-8")
    assert builder.main(["--check", str(copy)]) == 1
    assert re.search(r"from line \d+ on.*--repair", capsys.readouterr().err)
    assert builder.main(["--repair", str(copy)]) == 0
    assert copy.read_bytes() == original
    assert builder.main(["--check", str(copy)]) == 0


@pytest.mark.parametrize("end", [b"", b"\n\n", b"\r\n"])
def test_check_sees_the_last_newline(builder: ModuleType, tmp_path: Path, end: bytes) -> None:
    """A missing or doubled newline at the end is a formatting fault like any other."""
    copy = tmp_path / "gcm.json"
    copy.write_bytes((DATA / "gcm.json").read_bytes().rstrip(b"\n") + end)
    assert builder.check(copy) != ""


def test_check_reads_the_content_too(builder: ModuleType, tmp_path: Path) -> None:
    """A well-formatted file with a broken reference fails the check."""
    data = json.loads((DATA / "gcm.json").read_bytes())
    data["confusable"]["soft_accept_pairs"][0][0] = "2.z"
    copy = tmp_path / "gcm.json"
    copy.write_text(builder.canonical(data), encoding="utf-8")
    assert builder.main(["--check", str(copy)]) == 1


@pytest.mark.parametrize("path", [DATA / "gcm.json", *FRAMEWORKS], ids=lambda path: path.name)
def test_frameworks_are_valid(path: Path, schema: dict[str, Any]) -> None:
    """Every framework of the repository fits the schema and loads."""
    jsonschema.Draft202012Validator(schema).validate(json.loads(path.read_text(encoding="utf-8")))
    assert load_catalogue(path).actions


def test_file_equals_its_sources(builder: ModuleType) -> None:
    """The file is what the script makes of the sources, and no field of theirs is lost."""
    if not SOURCES.is_dir():
        pytest.skip(f"the sources are not at {SOURCES}")
    assert (DATA / "gcm.json").read_text(encoding="utf-8") == builder.canonical(
        builder.build(SOURCES)
    )
    stored = json.loads((DATA / "gcm.json").read_bytes())
    source = json.loads((SOURCES / "actions.json").read_bytes())
    bare = [{k: v for k, v in row.items() if k != "applicability"} for row in stored["actions"]]
    assert bare == source


def test_source_list_is_a_framework(schema: dict[str, Any]) -> None:
    """The bare list of the sources fits the schema and gives the same ids."""
    if not SOURCES.is_dir():
        pytest.skip(f"the sources are not at {SOURCES}")
    path = SOURCES / "actions.json"
    jsonschema.Draft202012Validator(schema).validate(json.loads(path.read_bytes()))
    assert [a.id for a in load_catalogue(path).actions] == [a.id for a in load_catalogue().actions]


@pytest.mark.parametrize("path", sorted((DATA / "codings").glob("*.json")), ids=lambda p: p.stem)
def test_a_coding_has_a_level_for_every_action_and_no_words(path: Path, gcm: Framework) -> None:
    """What is kept of a coded document are facts about it, never its sentences."""
    made = json.loads(path.read_text(encoding="utf-8"))
    assert list(made["levels"]) == [action.id for action in gcm.actions]
    assert set(made["levels"].values()) <= {0, 1, 2, 3, 4}
    assert set(made) == {"document", "sha256", "coder", "levels", "doubt", "contrary"}
    assert set(made["doubt"]) | set(made["contrary"]) <= set(made["levels"])


def test_evaluation_clauses_are_no_training_clauses() -> None:
    """They measure what nothing was tuned on."""
    trained = {row["text"] for row in training_clauses()}
    trained |= {own.text for own in [*coded_passages(), *coded_measures()]}
    for path in sorted((DATA / "training").glob("counter-*.jsonl")):
        trained |= {json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()}
    for name, least in (("other-subjects", 100), ("counter-provisions", 300)):
        rows = json.loads((DATA / "evaluation" / f"{name}.json").read_text(encoding="utf-8"))
        assert len(rows) >= least
        assert not trained & {row["text"] for row in rows}


def test_look_alikes_are_of_four_sorts() -> None:
    """Orders of the opposite name an action, supportive ones what they serve, neutral none."""
    ids = {action.id for action in load_catalogue().actions}
    for path in sorted((DATA / "training").glob("counter-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            flags, served = row["contra"], row["labels"]
            assert set(flags) | set(served) <= ids
            assert bool(flags) == (row["sort"] in {"C1", "C2"})
            assert ("C2" in flags.values()) == (row["sort"] == "C2")
            assert bool(served) or row["sort"] != "supportive"
