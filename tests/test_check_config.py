"""The configuration of a check: found upwards, checked with line numbers, overridden, shown."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from check_factory import Gate, git, write

from gcm_align.catalogue import Framework
from gcm_align.checking.config_file import make_config, parse_rule
from gcm_align.checking.configuration import KEYS, CheckConfig, matches
from gcm_align.checking.requirements import check_requirements
from gcm_align.checking.showing import shown
from gcm_align.checking.toml_file import find_file, read_file
from gcm_align.errors import ConfigurationError
from gcm_align.findings import RULES, Severity

OWN = """\
# What the Ministry checks.
paths = ["acts", "bills/*.md"]
min-breadth = 0.25
jobs = 2

[rules]
new-tension = "error"

[[required]]
actions = ["13.c", "13.h"]
paths = ["bills/*"]

[[required]]
objectives = [6, "13"]
level = "partial"
per = "together"
"""


def config(
    folder: Path, text: str | None = None, name: str = "gcm-align.toml", **given: Any
) -> CheckConfig:
    """Return the configuration of a folder, with variables and flags by keyword."""
    if text is not None:
        write(folder, {name: text})
    path = find_file(folder)
    file = read_file(path) if path is not None else None
    return make_config(file, given.get("environment", {}), given.get("flags", {}), start=folder)


def test_it_is_found_upwards(tmp_path: Path) -> None:
    """The nearest file counts, and paths are meant from its folder."""
    write(tmp_path, {"gcm-align.toml": "jobs = 1", "laws/old/gcm-align.toml": "jobs = 3"})
    (tmp_path / "laws" / "new" / "drafts").mkdir(parents=True)
    assert find_file(tmp_path / "laws" / "new" / "drafts") == tmp_path / "gcm-align.toml"
    assert find_file(tmp_path / "laws" / "old") == tmp_path / "laws" / "old" / "gcm-align.toml"
    assert config(tmp_path / "laws" / "new").root == tmp_path


def test_a_table_of_pyproject(tmp_path: Path) -> None:
    """[tool.gcm-align] counts like a file of one's own; other projects' files are passed by."""
    other = '[project]\nname = "x"\n[tool.ruff]\nline-length = 100\n'
    write(tmp_path, {"pyproject.toml": other + "[tool.gcm-align]\njobs = 4\n"})
    write(tmp_path / "inner", {"pyproject.toml": other})
    found = config(tmp_path / "inner")
    assert (found.jobs, found.origins["jobs"]) == (4, "pyproject.toml:6")
    write(tmp_path, {"gcm-align.toml": "jobs = 5"})
    assert config(tmp_path).jobs == 5, "a file of one's own comes before pyproject.toml"


def test_every_kind_of_value(tmp_path: Path) -> None:
    """Lists, numbers, rules and requirements arrive as they are written."""
    found = config(tmp_path, OWN)
    assert (found.paths, found.min_breadth, found.jobs) == (("acts", "bills/*.md"), 0.25, 2)
    assert found.severity("new-tension") is Severity.ERROR
    first, second = found.required
    assert (first.actions, first.level, first.per) == (("13.c", "13.h"), 3, "document")
    assert (second.objectives, second.level, second.per) == (("6", "13"), 2, "together")


WRONG = {
    "a key": ("\njbos = 2\n", "gcm-align.toml:2", "there is no such key"),
    "a kind": ('\n\njobs = "two"\n', "gcm-align.toml:3", "a whole number"),
    "a range": ("min-breadth = 30\n", "gcm-align.toml:1", "a number from 0 to 1"),
    "a boolean": ("jobs = true\n", "gcm-align.toml:1", "a whole number"),
    "a choice": ('fail-on = "never"\n', "gcm-align.toml:1", "error, warning, note"),
    "an output": ('output = ["pdf=x.pdf"]\n', "gcm-align.toml:1", "FORMAT=FILE"),
    "a rule": ('jobs = 1\n[rules]\n\nnew-tensions = "off"\n', "gcm-align.toml:4", "no such rule"),
    "a severity": ('[rules]\nnew-tension = "loud"\n', "gcm-align.toml:2", "one of error"),
    "rules no table": ('rules = ["x"]\n', "gcm-align.toml:1", "a table of rules"),
    "required, key": (
        '[[required]]\nactions = ["6.h"]\n[[required]]\naction = "6.h"\n',
        "gcm-align.toml:4",
        "one of actions",
    ),
    "required, list": ('[[required]]\nactions = "6.h"\n', "gcm-align.toml:2", "a list"),
    "required, level": (
        '[[required]]\nactions = ["6.h"]\nlevel = "good"\n',
        "gcm-align.toml:3",
        "one of gap",
    ),
    "required, empty": (
        '[[required]]\nactions = ["6.h"]\n\n[[required]]\npaths = ["*"]\n',
        "gcm-align.toml:4",
        "actions or objectives",
    ),
    "no TOML": ("jobs = 1\npaths = [\n", "gcm-align.toml:", "a TOML file"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_fault_names_its_line(tmp_path: Path, case: str) -> None:
    """The message holds file and line, the value, what was expected, what to do."""
    text, place, expected = WRONG[case]
    with pytest.raises(ConfigurationError) as caught:
        config(tmp_path, text)
    assert place in str(caught.value)
    assert expected in str(caught.value)
    assert caught.value.hint
    assert caught.value.exit_code == 2


def test_a_fault_in_pyproject_names_its_line(tmp_path: Path) -> None:
    """Lines are those of the file, and equal keys of other tables are passed by."""
    text = '[tool.other]\njobs = "x"\n\n[tool.gcm-align]\njobs = "x"\n'
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml:5"):
        config(tmp_path, text, "pyproject.toml")
    text = '[tool.gcm-align.rules]\nnew-tension = "x"\n'
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml:2"):
        config(tmp_path, text, "pyproject.toml")


def test_required_ids_are_checked(catalogue: Framework, tmp_path: Path) -> None:
    """An action or objective that the framework has not is refused before any work."""
    for line in ('actions = ["13.z"]', "objectives = [24]"):
        with pytest.raises(ConfigurationError, match="number 1"):
            check_requirements(config(tmp_path, f"[[required]]\n{line}\n"), catalogue)
    check_requirements(config(tmp_path, OWN), catalogue)


def test_flags_before_variables_before_the_file(tmp_path: Path) -> None:
    """Each layer overrides the one below, and the origin says which it was."""
    environment = {"GCM_ALIGN_JOBS": "7", "GCM_ALIGN_EXCLUDE": "old, drafts"}
    found = config(tmp_path, OWN, environment=environment, flags={"jobs": 9})
    assert (found.jobs, found.origins["jobs"]) == (9, "command line")
    assert found.exclude == ("old", "drafts")
    assert found.origins["exclude"] == "environment variable GCM_ALIGN_EXCLUDE"
    assert config(tmp_path, environment=environment).jobs == 7
    assert config(tmp_path).origins["jobs"] == "gcm-align.toml:4"


def test_every_key_has_a_variable(tmp_path: Path) -> None:
    """Each key may be set from outside, and a wrong value names the variable."""
    good = {"whole": "1", "share": "0.5", "seconds": "30", "flag": "yes", "text": "x"}
    for key in KEYS:
        text = key.choices[0] if key.choices else good.get(key.kind, "json=x.json")
        assert key.name in config(tmp_path, environment={key.variable: text}).origins
        if key.kind in ("whole", "share", "flag", "choice"):
            with pytest.raises(ConfigurationError, match=key.variable):
                config(tmp_path, environment={key.variable: "perhaps"})


def test_paths_of_a_variable_are_meant_from_here(tmp_path: Path) -> None:
    """A file's paths are from the file, those typed or set from the working directory."""
    write(tmp_path, {"gcm-align.toml": 'baseline = "b.json"\n', "laws/x.md": ""})
    assert config(tmp_path / "laws").baseline_path == tmp_path / "b.json"
    set_ = config(tmp_path / "laws", environment={"GCM_ALIGN_BASELINE": "b.json"})
    assert set_.baseline_path == tmp_path / "laws" / "b.json"


def test_a_rule_on_the_command_line() -> None:
    """RULE=SEVERITY, both checked."""
    assert parse_rule("new-tension=off") == ("new-tension", Severity.OFF)
    for text in ("new-tension", "tension=off", "new-tension=loud"):
        with pytest.raises(ConfigurationError):
            parse_rule(text)


def test_what_is_shown_may_be_used(tmp_path: Path) -> None:
    """The printed configuration is TOML that gives the same configuration."""
    first = config(tmp_path, OWN)
    text = shown(first)
    assert "# gcm-align.toml:3: floor of breadth" in text
    assert set(tomllib.loads(text)["rules"]) == {rule.id for rule in RULES}
    second = config(tmp_path, text)
    for key in KEYS:
        assert getattr(second, key.attribute) == getattr(first, key.attribute)
    assert second.severities() == first.severities()
    assert second.required == first.required


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("acts/a.md", "*.md", True),
        ("acts/a.md", "acts", True),
        ("acts/old/a.md", "acts/*", True),
        ("acts/a.md", "bills/*", False),
        ("laws/acts/a.md", "acts/*", False),
        ("laws/old/a.md", "**/old/*", True),
        ("old/a.md", "**/old/*", True),
        (".git/x.md", ".*", True),
        ("../laws/a.md", ".*", False),
        ("README.md", "README*", True),
    ],
)
def test_patterns(path: str, pattern: str, expected: bool) -> None:
    """With a slash a pattern is of the whole path, without of any part of it."""
    assert matches(path, (pattern,)) is expected


def test_the_command_shows_and_refuses(gate: Gate, tmp_path: Path) -> None:
    """Config --show tells origins in a subfolder of a repository; a fault gives exit code 2."""
    git(tmp_path, "init", "-q")
    write(tmp_path, {"gcm-align.toml": OWN, "laws/note.txt": "x"})
    done = gate.run(tmp_path / "laws", "config", "--show", GCM_ALIGN_JOBS="6")
    assert done.returncode == 0
    assert f"# root: {tmp_path}\n" in done.stdout
    assert "jobs = 6  # environment variable GCM_ALIGN_JOBS" in done.stdout
    assert 'new-tension = "error"  # gcm-align.toml:7' in done.stdout
    write(tmp_path, {"gcm-align.toml": "jobs = 2\nmin-depth = 3\n"})
    for words in (("config",), ("check",), ("baseline", "write")):
        done = gate.run(tmp_path / "laws", *words)
        assert done.returncode == 2
        assert "gcm-align.toml:2: min-depth is not usable: 3. Expected" in done.stderr


def test_rules_are_documented(gate: Gate, tmp_path: Path) -> None:
    """Config --rules prints every rule with its severity here, its meaning and what to do."""
    write(tmp_path, {"gcm-align.toml": '[rules]\nnew-tension = "off"\n'})
    text = gate.run(tmp_path, "config", "--rules").stdout
    assert "new-tension (off)" in text
    for rule in RULES:
        assert f"{rule.id} (" in text
        assert " ".join(rule.help.split()) in " ".join(text.split())
