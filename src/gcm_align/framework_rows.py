"""Rows of a framework file to records; references between rows are checked in catalogue.py."""

from __future__ import annotations

from gcm_align.checked_json import Row
from gcm_align.framework import (
    Action,
    Applicability,
    Group,
    Objective,
    Principle,
    RoundTable,
)

# Each field has one name, the first; the others are what files of SDG goals and targets and
# the sources of the Compact's catalogue call it.
ACTIONS = ("actions", "targets")
OBJECTIVES = ("objectives", "goals")
OBJECTIVE = ("objective", "goal")
PARAGRAPH = ("paragraph", "gcm_paragraph")
EXTRA_ELEMENTS = ("extra_elements", "official_extra_elements")
PRINCIPLES = ("principles", "guiding_principles")
CUES = ("cues", "text_cues")

NOT_COUNTED = "not_counted_in_denominator"


def make_action(row: Row) -> Action:
    """Return an action; without an objective its id up to the last full stop is one."""
    action_id = row.text("id")
    chapter = action_id.rpartition(".")[0].strip() or action_id
    applicability = row.row("applicability")
    return Action(
        id=action_id,
        objective=row.key(*OBJECTIVE, default=chapter),
        letter=row.key("letter", default=""),
        text=row.text("text"),
        verb=row.text("verb", default=""),
        paragraph=row.key(*PARAGRAPH, default=""),
        core_elements=row.texts("core_elements"),
        extra_elements=row.texts(*EXTRA_ELEMENTS),
        note=row.text("note", default=""),
        applicability=make_applicability(applicability) if applicability else None,
    )


def make_applicability(row: Row) -> Applicability:
    """Return what is known of where an action applies."""
    absent = row.text("default_if_absent", default="gap")
    if absent not in {"gap", NOT_COUNTED}:
        hint = "Correct it or leave it out."
        raise row.error("default_if_absent", absent, f"'gap' or {NOT_COUNTED!r}", hint)
    return Applicability(
        primary_roles=row.texts("primary_roles"),
        levels=row.texts("levels"),
        primary_level=row.text("primary_level", default=""),
        expressible=row.text("expressible_in_national_document", default=""),
        counted=absent != NOT_COUNTED,
        sectors=row.texts("sectors"),
        reason=row.text("reason", default=""),
    )


def make_objective(row: Row) -> Objective:
    """Return an objective; its title stands in for the shorter names."""
    title = row.text("title")
    return Objective(
        number=row.key("number"),
        title=title,
        short_title=row.text("short_title", default=title),
        label=row.text("label", default=title),
        round_table=row.number("round_table"),
        paragraph=row.key(*PARAGRAPH, default=""),
        commitments=row.texts("commitments"),
    )


def derived_objective(number: str) -> Objective:
    """Return the objective that actions name where the file lists none."""
    title = f"Objective {number}" if number.isdigit() else number
    return Objective(
        number=number,
        title=title,
        short_title=title,
        label=title,
        round_table=None,
        paragraph="",
        commitments=(),
    )


def make_principle(row: Row) -> Principle:
    """Return a guiding principle."""
    return Principle(
        key=row.key("key"),
        name=row.text("name"),
        paragraph=row.key(*PARAGRAPH, default=""),
        gist=row.text("gist", default=""),
        cues=row.texts(*CUES),
    )


def make_group(row: Row) -> Group:
    """Return a group of easily confused actions."""
    members = row.keys("ids")
    if len(members) < 2 or len(set(members)) < len(members):
        hint = "Correct the list or remove the group."
        raise row.error("ids", list(members), "at least two ids, each once", hint)
    return Group(
        key=row.key("key"),
        kind=row.text("kind", default="confusable"),
        title=row.text("title", default=""),
        ids=members,
        rule=row.text("rule"),
    )


def make_round_table(row: Row) -> RoundTable:
    """Return a round table."""
    number = row.number("number")
    if number is None:
        raise row.error("number", "missing", "a whole number", "Add the field to this row.")
    return RoundTable(
        number=number, theme=row.text("theme", default=""), objectives=row.keys("objectives")
    )
