"""A check as JUnit: a suite a document, a case a rule.

A finding that fails a gate is a failure, a suppressed one is skipped, one that fails no
gate is written into the case's output; a document that could not be assessed is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as Tree

from gcm_align.findings import RULES, UNREAD, CheckResult, Finding, Severity
from gcm_align.reporting.check_words import full_message, place_words

TOGETHER = "all documents"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(result: CheckResult) -> str:
    """Return a check as JUnit XML."""
    top = Tree.Element("testsuites", name="gcm-align")
    names = [document.path for document in result.documents]
    others = {f.document for f in result.findings} - set(names)
    for name in [*names, *sorted(others)]:
        _suite(top, result, name)
    for attribute in ("tests", "failures", "errors", "skipped"):
        total = sum(int(suite.get(attribute, "0")) for suite in top)
        top.set(attribute, str(total))
    Tree.indent(top)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{Tree.tostring(top, encoding="unicode")}\n'


def _suite(top: Tree.Element, result: CheckResult, name: str) -> None:
    label = _clean(result.where(name)) if name else TOGETHER
    suite = Tree.SubElement(top, "testsuite", name=label)
    rules = [rule for rule in RULES if result.rules[rule.id] is not Severity.OFF]
    counts = dict.fromkeys(("failures", "errors", "skipped"), 0)
    unread = [f for f in result.findings if f.document == name and f.rule_id == UNREAD]
    for rule in rules:
        found = [f for f in result.findings if f.document == name and f.rule_id == rule.id]
        case = Tree.SubElement(suite, "testcase", classname=label, name=rule.id, time="0")
        outcome = _case(case, result, found, silent=bool(unread) and rule.id != UNREAD)
        if outcome:
            counts[outcome] += 1
    suite.set("tests", str(len(rules)))
    for attribute, number in counts.items():
        suite.set(attribute, str(number))


def _case(
    case: Tree.Element, result: CheckResult, found: Sequence[Finding], *, silent: bool
) -> str:
    """Fill one case; return which count it belongs to, "" where it passes."""
    failing = [item for item in found if result.fails(item)]
    blocking = [item for item in found if result.blocks(item)]
    passing = [item for item in found if item not in failing and item not in blocking]
    outcome = ""
    if failing:
        _add(case, "failure", failing, result)
        outcome = "failures"
    elif blocking:
        _add(case, "error", blocking, result)
        outcome = "errors"
    elif silent or (passing and all(item.suppressed for item in passing)):
        reason = passing[0].suppressed if passing else "The document could not be assessed."
        Tree.SubElement(case, "skipped", message=_clean(reason))
        outcome = "skipped"
    if passing:
        Tree.SubElement(case, "system-out").text = _lines(passing, result)
    return outcome


def _add(case: Tree.Element, tag: str, found: Sequence[Finding], result: CheckResult) -> None:
    first = found[0]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    kind = first.error or first.severity.value
    node = Tree.SubElement(case, tag, message=_clean(first.message + more), type=kind)
    node.text = _lines(found, result)


def _lines(found: Sequence[Finding], result: CheckResult) -> str:
    return _clean(
        "\n".join(
            f"{place_words(result, item)}: {item.severity}: {full_message(item)} "
            f"[{item.fingerprint}]"
            for item in found
        )
    )


def _clean(text: str) -> str:
    """Return text without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("\ufffd", text)
