"""Every format of a check: valid for others' tools, within the platforms' limits."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from check_factory import check_result, finding
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from gcm_align.findings import (
    RULES,
    CheckResult,
    DocumentOutcome,
    Finding,
    Place,
    Severity,
)
from gcm_align.reporting.checks import render

ROOT = Path(__file__).resolve().parents[1]
SARIF_SCHEMA = ROOT / "tests" / "data" / "sarif-2.1.0-rtm.5.json"
SCHEMAS = ROOT / "data" / "schema"
# A path and words that break whatever is pasted together instead of written by a library.
HOSTILE: dict[str, Any] = {
    "document": "bills/é 100%,a:b&<c>`|.md",
    "quote": 'Line one\r\nline two ]]> "q" <b> \x0b\x1b[31m \ud800 ::error:: | `x` é 中 😀',
    "message": "A message: 50%, <i>, | and `code`.\nSecond line.",
}
UNREAD: dict[str, Any] = {
    "rule_id": "unread-document",
    "error": "EncryptedFileError",
    "place": Place(),
    "quote": "",
    "actions": (),
    "message": "The file asks for a password.",
}


@pytest.fixture(scope="module")
def everything() -> CheckResult:
    """One finding of each kind: errors, warnings, notes, suppressed, unread, together."""
    return check_result(
        finding(1),
        finding(2, Severity.WARNING, rule_id="new-tension"),
        finding(3, Severity.NOTE, rule_id="weakened-action", before="All of them."),
        finding(4, suppressed="Repealed by bill 12.", suppressed_until="2026-12-31"),
        finding(5, **UNREAD),
        finding(6, rule_id="depth-floor", document="", place=Place(), quote="", actions=()),
        finding(7, **HOSTILE),
        finding(8, place=Place(page=3, section=("Part II",))),
        notes=("a.md is taken for b.md of the baseline.",),
        prefix="laws",
    )


def sarif(result: CheckResult) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(result, "sarif").encode("utf-8", "replace"))
    return found


def many(number: int, *severities: Severity) -> CheckResult:
    weights = severities or (Severity.ERROR,)
    return check_result(*(finding(n, weights[n % len(weights)]) for n in range(1, number + 1)))


def test_sarif_is_valid(everything: CheckResult) -> None:
    """The OASIS schema accepts it, and an empty check."""
    schema = json.loads(SARIF_SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft7Validator(
        schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )
    validator.validate(sarif(everything))
    validator.validate(sarif(check_result()))
    broken = sarif(everything)
    broken["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(broken)


def test_sarif_has_one_rule_a_kind_with_help(everything: CheckResult) -> None:
    """Each rule is described once, and each result points to its own."""
    run = sarif(everything)["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in RULES]
    assert all(len(rule["help"]["text"]) > 60 for rule in rules)
    assert all(rules[item["ruleIndex"]]["id"] == item["ruleId"] for item in run["results"])


def test_sarif_places(everything: CheckResult) -> None:
    """Lines where the source has lines, the page where it has pages, relative paths."""
    results = {
        item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: item
        for item in sarif(everything)["runs"][0]["results"]
        if item["locations"]
    }
    by_line = results["laws/acts/act-2.md"]["locations"][0]["physicalLocation"]["region"]
    assert (by_line["startLine"], by_line["endLine"]) == (2, 3)
    by_page = results["laws/acts/act-8.md"]
    assert by_page["properties"]["page"] == 3
    assert by_page["locations"][0]["physicalLocation"]["region"] == {"startLine": 1}
    assert {"name": "p. 3", "kind": "page"} in by_page["locations"][0]["logicalLocations"]
    assert "laws/bills/%C3%A9%20100%25%2Ca%3Ab%26%3Cc%3E%60%7C.md" in results


def test_sarif_tells_of_unread_and_suppressed(everything: CheckResult) -> None:
    """An unread document is a notification and no result; a suppression carries its reason."""
    run = sarif(everything)["runs"][0]
    told = run["invocations"][0]["toolExecutionNotifications"]
    unread = [item for item in told if item.get("descriptor", {}).get("id") == UNREAD["error"]]
    assert [item["level"] for item in unread] == ["error"]
    assert "laws/acts/act-5.md" in unread[0]["message"]["text"]
    assert not any(item["ruleId"] == "unread-document" for item in run["results"])
    reasons = [item["suppressions"] for item in run["results"] if "suppressions" in item]
    assert reasons == [
        [{"kind": "external", "justification": "Repealed by bill 12. (until 2026-12-31)"}]
    ]


def test_sarif_keeps_what_github_keeps() -> None:
    """Of 5,200 findings the 5,000 heaviest are in it, and a notification counts the rest."""
    made = many(5_200, Severity.NOTE, Severity.ERROR)
    run = sarif(made)["runs"][0]
    assert len(run["results"]) == 5_000
    levels = [item["level"] for item in run["results"]]
    assert levels.count("error") == 2_600
    told = run["invocations"][0]["toolExecutionNotifications"]
    assert any("200 lighter findings are left out" in item["message"]["text"] for item in told)
    assert len(render(made, "sarif").encode()) < 100_000_000


def test_junit_is_read_by_another_tool(everything: CheckResult) -> None:
    """Junitparser finds a suite a document, a case a rule, and each outcome in its place."""
    text = render(everything, "junit")
    suites = {suite.name: suite for suite in JUnitXml.fromstring(text.encode())}
    names = {f"laws/{d.path}" for d in everything.documents} | {"all documents"}
    assert set(suites) == names
    for suite in suites.values():
        assert [case.name for case in suite] == [rule.id for rule in RULES]
    kinds = {
        (suite.name, case.name): type(case.result[0])
        for suite in suites.values()
        for case in suite
        if case.result
    }
    assert kinds[("laws/acts/act-1.md", "new-contradiction")] is Failure
    assert kinds[("laws/acts/act-4.md", "new-contradiction")] is Skipped
    assert kinds[("laws/acts/act-5.md", "unread-document")] is Error
    assert kinds[("laws/acts/act-5.md", "lost-action")] is Skipped, "nothing is known of it"
    assert kinds[("all documents", "depth-floor")] is Failure
    assert ("laws/acts/act-2.md", "new-tension") not in kinds, "a warning fails no gate"


def test_junit_counts(everything: CheckResult) -> None:
    """The counts that CI servers show are those of the cases."""
    read = JUnitXml.fromstring(render(everything, "junit").encode())
    said = (read.tests, read.failures, read.errors, read.skipped)
    for suite in read:
        assert isinstance(suite, TestSuite)
        told = (suite.tests, suite.failures, suite.errors, suite.skipped)
        suite.update_statistics()  # type: ignore[no-untyped-call]
        assert told == (suite.tests, suite.failures, suite.errors, suite.skipped)
    assert said[1:3] == (4, 1)
    assert said[0] == len(RULES) * (len(everything.documents) + 1)
    assert all(isinstance(case, TestCase) for suite in read for case in suite)


def test_a_rule_that_is_off_has_no_case() -> None:
    """JUnit says nothing of what was not asked."""
    rules = {rule.id: rule.severity for rule in RULES} | {"new-tension": Severity.OFF}
    made = check_result(finding(1), rules=rules)
    names = [
        case.name for suite in JUnitXml.fromstring(render(made, "junit").encode()) for case in suite
    ]
    assert "new-tension" not in names
    assert len(names) == len(RULES) - 1


def read_annotations(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as GitHub's runner does."""
    found = []
    for line in text.split("\n"):
        if match := re.fullmatch(r"::(error|warning|notice) (.*?)::(.*)", line):
            pairs = (part.split("=", 1) for part in match[2].split(","))
            properties = {name: _unescape(value) for name, value in pairs}
            found.append((match[1], properties, _unescape(match[3])))
    return found


def _unescape(text: str) -> str:
    for code, sign in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def test_annotations_come_back_as_they_were(everything: CheckResult) -> None:
    """What the runner reads is the path, the lines and the words, whatever is in them."""
    found = read_annotations(render(everything, "github"))
    assert [kind for kind, _, _ in found].count("error") == 5
    hostile = next(item for item in found if "100%" in item[1].get("file", ""))
    assert hostile[1]["file"] == f"laws/{HOSTILE['document']}"
    assert (hostile[1]["line"], hostile[1]["endLine"]) == ("7", "8")
    assert HOSTILE["quote"] in hostile[2]
    assert "Repealed" not in render(everything, "github")
    assert any(text.startswith("p. 3: ") for _, _, text in found)


@pytest.mark.parametrize("number", [10, 11, 500])
def test_annotations_within_the_limit(number: int) -> None:
    """GitHub shows ten of a kind in a step; beyond, the last one counts the rest."""
    found = read_annotations(render(many(number), "github"))
    assert len(found) == 10
    if number > 10:
        assert f"{number - 9} further findings in {number - 9} documents" in found[-1][2]


def test_the_summary_fits() -> None:
    """A summary of 20,000 long findings stays under GitHub's 1 MiB and counts what it leaves."""
    findings = [finding(n, quote="Wörter " * 90) for n in range(1, 20_001)]
    text = render(check_result(*findings), "markdown")
    assert len(text.encode()) < 1_048_576
    rows = text.count("| new-contradiction |")
    left = re.findall(r"and (\d+) findings more", text)
    assert rows + int(left[0]) == 20_000


def test_the_summary_is_a_table(everything: CheckResult) -> None:
    """Whatever stands in the text, a row stays a row, and nothing of it becomes HTML."""
    lines = render(everything, "markdown").splitlines()
    rows = [line for line in lines if line.startswith("| error")]
    assert len(rows) == 5
    for row in rows:
        assert len(re.findall(r"(?<!\\)\|", row)) == 5
        outside_code = re.sub(r"(?<!\\)`[^`]*`", "", row)
        assert set(re.findall(r"<[^>]*>", outside_code)) <= {"<br>"}


def test_gitlab_code_quality(everything: CheckResult) -> None:
    """GitLab's five fields; each fingerprint once."""
    issues = json.loads(render(everything, "gitlab").encode("utf-8", "replace"))
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith("/")
    prints = [issue["fingerprint"] for issue in issues]
    assert len(set(prints)) == len(prints) == len(everything.active())


def test_json_obeys_its_schema(everything: CheckResult) -> None:
    """The published schema accepts it and names every field of the records."""
    schema = json.loads((SCHEMAS / "check.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(render(everything, "json").encode("utf-8", "replace"))
    jsonschema.Draft202012Validator(schema).validate(data)
    for record in (Finding, DocumentOutcome, Place):
        named = set(schema["$defs"][record.__name__]["properties"])
        assert named == {item.name for item in fields(record)}
    assert set(schema["properties"]) == {
        *(item.name for item in fields(CheckResult)),
        "schema_version",
        "exit_code",
    }


def test_human_says_place_and_words(everything: CheckResult) -> None:
    """Path and line as editors know them, or the page; the words now and before."""
    text = render(everything, "human")
    assert "laws/acts/act-1.md:1: error[new-contradiction] 13.c 13.h\n" in text
    assert "laws/acts/act-8.md, p. 3: error" in text
    assert "  before: “All of them.”\n  now:    “Children" in text
    assert text.endswith("5 errors, 1 warning, 1 note, 1 suppressed. The gate fails.\n")
    assert "\x1b" not in text, "no word of a text steers the terminal"
