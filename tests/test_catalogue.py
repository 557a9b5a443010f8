from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.errors import CatalogueError

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "frameworks"
Write = Callable[[object], Path]


@pytest.fixture(scope="module")
def gcm() -> Framework:
    return load_catalogue()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that stores JSON, or text or bytes as they are, in town.json."""

    def store(content: object) -> Path:
        path = tmp_path / "town.json"
        if not isinstance(content, str | bytes):
            content = json.dumps(content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return store


def town(**changes: object) -> dict[str, Any]:
    """Return a small framework of two objectives with every kind of row."""
    data: dict[str, Any] = {
        "key": "town",
        "objectives": [{"number": 1, "title": "Trees"}, {"number": "2", "title": "Roads"}],
        "actions": [
            {"id": "1.a", "text": "Plant trees"},
            {"id": "1.b", "text": "Water the trees", "objective": 1},
            {"id": "2.a", "text": "Mend roads", "objective": "2"},
        ],
        "round_tables": [{"number": 1, "theme": "All", "objectives": [1, 2]}],
        "principles": [{"key": "fair", "name": "Fair"}],
        "confusable": {
            "groups": [{"key": "trees", "ids": ["1.a", "1.b"], "rule": "Ask which."}],
            "soft_accept_pairs": [["1.a", "1.b"]],
        },
    }
    return {**data, **changes}


def with_action(index: int, **fields: object) -> dict[str, Any]:
    """Return the small framework with one action changed; None removes a field."""
    data = town()
    row = {**data["actions"][index], **fields}
    data["actions"][index] = {k: v for k, v in row.items() if v is not None}
    return data


def test_compact_is_loaded_once(gcm: Framework) -> None:
    """Without a path the Compact comes, the same object each time, with its digest."""
    assert load_catalogue() is gcm
    assert gcm.key == "gcm"
    assert len(gcm.sha256) == 64


def test_bare_list(write: Write) -> None:
    """A list of ids and texts is a framework: objectives come from ids, names from the file."""
    rows = [
        {"id": "1.1", "text": "First", "unknown": 3},
        {"id": "16.b", "text": "Second"},
        {"id": "T-4", "text": "  Third\n target "},
    ]
    framework = load_catalogue(str(write(rows)))
    assert (framework.key, framework.name, framework.source) == ("town", "town", "")
    assert [a.objective for a in framework.actions] == ["1", "16", "T-4"]
    assert [o.title for o in framework.objectives] == ["Objective 1", "Objective 16", "T-4"]
    assert framework.action("T-4").text == "Third target"
    assert framework.action("1.1").applicability is None
    lists = (framework.round_tables, framework.principles, framework.groups)
    assert lists == ((), (), ())


def test_goals_and_targets() -> None:
    """Goals and targets, as in the SDGs, are objectives and actions under other names."""
    framework = load_catalogue(EXAMPLES / "municipal-climate-goals.json")
    assert [o.number for o in framework.objectives] == ["H", "M", "W"]
    assert [a.id for a in framework.actions_of("M")] == ["M.1", "M.2"]
    assert framework.objective("M").label == "Mobility"


def test_whole_framework(write: Write) -> None:
    """Numbers and their texts are the same key, and round tables reach the objectives."""
    framework = load_catalogue(write(town()))
    assert [a.objective for a in framework.actions] == ["1", "1", "2"]
    assert [o.round_table for o in framework.objectives] == [1, 1]
    assert framework.groups[0].ids == ("1.a", "1.b")
    assert framework.soft_accept_pairs == (("1.a", "1.b"),)


def test_byte_order_mark_and_blank_fields(write: Write) -> None:
    """Exports of tables load: a byte order mark, nulls and blanks in optional fields."""
    rows = [{"id": "a", "text": "One", "note": "", "objective": " ", "core_elements": None}]
    framework = load_catalogue(write(b"\xef\xbb\xbf" + json.dumps(rows).encode()))
    assert framework.action("a").note == ""
    assert framework.action("a").objective == "a"


def test_objectives_may_be_empty(write: Write) -> None:
    """An empty list of objectives is as good as none; round tables still reach them."""
    framework = load_catalogue(write(town(objectives=[])))
    assert [(o.title, o.round_table) for o in framework.objectives] == [
        ("Objective 1", 1),
        ("Objective 2", 1),
    ]


def group(**changes: object) -> dict[str, Any]:
    """Return the small framework with a changed group."""
    return town(
        confusable={"groups": [{"key": "g", "ids": ["1.a", "1.b"], "rule": "R.", **changes}]}
    )


BROKEN: dict[str, tuple[object, tuple[str, ...]]] = {
    "no JSON": ('{"actions": [\n  {"id": 1,,}]}', ("line 2, column 12",)),
    "empty file": ("", ("line 1, column 1",)),
    "not UTF-8": (b'[{"id": "\xff"}]', ("UTF-8", "byte 9", "0xff")),
    "a number": (7, ("neither an object nor a list", "7")),
    "nested too deep": ("[" * 100_000, ("not usable as JSON",)),
    "no actions": ({"key": "x"}, ("field 'actions'", "missing")),
    "empty list": ([], ("field 'actions'", "at least one action")),
    "actions no list": ({"actions": "1.a"}, ("field 'actions'", "'1.a'", "a list")),
    "row no object": (["1.a"], ("actions[0]", "'1.a'", "an object")),
    "id missing": (with_action(1, id=None), ("actions[1]", "'id'", "missing")),
    "id a number": (with_action(1, id=1.1), ("actions[1]", "'id'", "1.1")),
    "text missing": (
        with_action(1, text=None),
        ("town.json", "actions[1] (id '1.b')", "field 'text'", "missing"),
    ),
    "text blank": (with_action(2, text=" \n"), ("actions[2] (id '2.a')", "'text'", "not empty")),
    "text a list": (with_action(2, text=["a"]), ("actions[2] (id '2.a')", "'text'", "(a list)")),
    "text unprintable": (with_action(0, text="a\x00b"), ("actions[0]", "'text'", "U+0000")),
    "text half a character": (with_action(0, text="a\ud800b"), ("actions[0]", "'text'", "U+D800")),
    "id twice": (with_action(1, id=" 1.a"), ("actions[1]", "'id'", "'1.a'", "row 0")),
    "text twice": (with_action(2, text="PLANT: trees!"), ("actions[2]", "'text'", "of '1.a'")),
    "no such objective": (
        with_action(1, objective=3),
        ("actions[1] (id '1.b')", "'objective'", "'3'", "'2'"),
    ),
    "objective a truth": (with_action(1, objective=True), ("actions[1]", "'objective'", "True")),
    "objective a fraction": (with_action(1, objective=1.5), ("actions[1]", "'objective'", "1.5")),
    "two names": (with_action(1, goal=1), ("actions[1]", "'goal'", "not both")),
    "element blank": (
        with_action(1, core_elements=["a", ""]),
        ("actions[1] (id '1.b')", "'core_elements[1]'"),
    ),
    "elements a text": (with_action(1, core_elements="a"), ("actions[1]", "'core_elements'")),
    "applicability": (
        with_action(1, applicability={"default_if_absent": "maybe"}),
        ("actions[1] (id '1.b').applicability", "'default_if_absent'", "'maybe'"),
    ),
    "version": (town(schema_version="2.0"), ("'schema_version'", "'2.0'", "1.x")),
    "objective twice": (
        town(objectives=[{"number": 1, "title": "A"}, {"number": "1", "title": "B"}]),
        ("objectives[1] (number '1')", "'number'", "row 0"),
    ),
    "objective unused": (
        town(objectives=[{"number": n, "title": f"O{n}"} for n in (1, 2, 3)]),
        ("objectives[2] (number 3)", "'number'", "Add its actions"),
    ),
    "objective untitled": (
        town(objectives=[{"number": 1}]),
        ("objectives[0] (number 1)", "'title'"),
    ),
    "objective at no table": (
        town(round_tables=[{"number": 1, "objectives": [1]}]),
        ("objectives[1] (number '2')", "'round_table'", "missing"),
    ),
    "objective at two tables": (
        town(round_tables=[{"number": n, "objectives": [1, 2]} for n in (1, 2)]),
        ("round_tables[1] (number 2)", "'objectives'", "'1'"),
    ),
    "table unknown": (
        town(round_tables=[{"number": 1, "objectives": [1, 9]}]),
        ("round_tables[0] (number 1)", "'objectives'", "'9'"),
    ),
    "group unknown id": (
        group(ids=["1.a", "9.z"]),
        ("confusable.groups[0] (key 'g')", "'ids'", "'9.z'"),
    ),
    "group of one": (group(ids=["1.a"]), ("confusable.groups[0] (key 'g')", "'ids'", "two")),
    "group without rule": (group(rule=None), ("confusable.groups[0] (key 'g')", "'rule'")),
    "pair unknown id": (
        town(confusable={"soft_accept_pairs": [["1.a", "1.b"], ["1.a", "9.z"]]}),
        ("confusable", "'soft_accept_pairs[1]'", "'9.z'"),
    ),
    "pair of three": (
        town(confusable={"soft_accept_pairs": [["1.a", "1.b", "2.a"]]}),
        ("'soft_accept_pairs[0]'", "two ids"),
    ),
    "pair no list": (
        town(confusable={"soft_accept_pairs": ["1.a"]}),
        ("'soft_accept_pairs[0]'", "'1.a'"),
    ),
    "name twice in a row": (
        '[{"id": "1.a", "text": "One", "text": "Two"}]',
        ("id '1.a'", "'text' twice", "'Two'"),
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_files_name_row_and_field(case: str, write: Write) -> None:
    """The message of each broken file names the file, the row, the field and the value."""
    content, wanted = BROKEN[case]
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(write(content))
    message = str(caught.value)
    assert [part for part in ("town.json", "Expected", *wanted) if part not in message] == [], (
        message
    )
    assert all((caught.value.what, caught.value.expected, caught.value.hint))
    message.encode("utf-8")  # it can be printed
    assert len(message) < 500


def test_path_must_be_a_file(tmp_path: Path) -> None:
    """A folder and a path with nothing there are told apart, both without a traceback of ours."""
    with pytest.raises(CatalogueError, match="not a plain file"):
        load_catalogue(tmp_path)
    with pytest.raises(CatalogueError, match="nothing is there"):
        load_catalogue(tmp_path / "none.json")


def test_derived_number_orders_are_the_files(write: Write) -> None:
    """Actions and derived objectives keep the order of the file; nothing is sorted."""
    rows = [{"id": i, "text": f"Text {i}"} for i in ("10.1", "2.1", "10.2")]
    framework = load_catalogue(write(rows))
    assert [o.number for o in framework.objectives] == ["10", "2"]
    assert [a.id for a in framework.actions_of("10")] == ["10.1", "10.2"]
