"""Build ``data/gcm.json`` from its four sources, or check and repair its formatting.

::

    python scripts/build_catalogue.py --from ../shared/catalogue data/gcm.json
    python scripts/build_catalogue.py --check data/gcm.json
    python scripts/build_catalogue.py --repair data/gcm.json

Canonical form: JSON in UTF-8 with an indent of one space, no escapes, fields in the order
below, one newline at the end. A change of one action is then a diff of its own lines.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from gcm_align.catalogue import SCHEMA_VERSION, load_catalogue
from gcm_align.errors import GcmAlignError

# The order of fields, by the list or field that holds the object; others follow by name.
ORDER = {
    "": """schema_version key name source provenance round_tables objectives actions
        guiding_principles confusable""",
    "round_tables": "number theme objectives",
    "objectives": "number title short_title label round_table gcm_paragraph commitments",
    "actions": """id objective letter text verb gcm_paragraph core_elements
        official_extra_elements note applicability""",
    "applicability": """primary_roles levels primary_level expressible_in_national_document
        sectors default_if_absent na_needs_written_reason reason""",
    "guiding_principles": "key name gcm_paragraph gist text_cues",
    "confusable": "groups soft_accept_pairs",
    "groups": "key kind title ids rule",
    "provenance": "text annotations rights applicability confusable",
    "expressible_in_national_document": "yes partly rarely",
}
NAME = "Global Compact for Safe, Orderly and Regular Migration"
TEXT = (
    "Titles and actions are worded as the quick reference words them, slips included; a note "
    "says where the resolution differs. Letters of objectives 12 and 13 follow the order."
)
ANNOTATIONS = (
    "Core elements, notes, applicability, principles' cues and groups of confusable actions "
    "are expert judgement, not a classification of the United Nations."
)
RIGHTS = (
    "A simplified rendering of a United Nations resolution; see data/README.md. This is not "
    "an official version: cite A/RES/73/195."
)


def ordered(value: Any, holder: str = "") -> Any:
    """Return the same JSON with the fields of every object in canonical order."""
    if isinstance(value, list):
        return [ordered(item, holder) for item in value]
    if not isinstance(value, dict):
        return value
    order = ORDER.get(holder, "").split()
    names = sorted(value, key=lambda n: (order.index(n) if n in order else len(order), n))
    return {name: ordered(value[name], name) for name in names}


def canonical(data: Any) -> str:
    """Return the one text that this JSON is stored as."""
    return json.dumps(ordered(data), ensure_ascii=False, indent=1) + "\n"


def build(sources: Path) -> dict[str, Any]:
    """Return the framework that the folder's four files describe."""
    objectives, actions, applicability, confusable = (
        json.loads((sources / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("objectives", "actions", "applicability", "confusable")
    )
    about = applicability["_about"]
    return {
        "schema_version": SCHEMA_VERSION,
        "key": "gcm",
        "name": NAME,
        "source": objectives["source"],
        "provenance": {
            "text": TEXT,
            "annotations": ANNOTATIONS,
            "rights": RIGHTS,
            "applicability": about["caution"],
            "expressible_in_national_document": about["expressible_in_national_document"],
            "confusable": confusable["_about"],
        },
        "objectives": [_objective(item) for item in objectives["objectives"]],
        "actions": [
            {**action, "applicability": applicability["actions"][action["id"]]}
            for action in actions
        ],
        "guiding_principles": objectives["guiding_principles"],
        "confusable": {name: confusable[name] for name in ("groups", "soft_accept_pairs")},
        "round_tables": objectives["imrf_round_tables"],
    }


def _objective(item: dict[str, Any]) -> dict[str, Any]:
    """Give two fields their general names; the count of actions is counted, not stored."""
    renamed = {"hub_label": "label", "imrf_round_table": "round_table"}
    return {renamed.get(k, k): v for k, v in item.items() if k != "n_actions"}


def check(path: Path) -> str:
    """Return what is wrong with the file's formatting, with the first line that differs."""
    found = path.read_bytes().decode()  # read_text would hide a carriage return
    wanted = canonical(json.loads(found))
    if found == wanted:
        return ""
    pairs = zip(found.split("\n"), wanted.split("\n"), strict=False)
    line = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), found.count("\n") + 1)
    return (
        f"{path}: not in canonical form from line {line} on. "
        f"Run: python scripts/build_catalogue.py --repair {path}"
    )


def main(arguments: list[str] | None = None) -> int:
    """Build, check or repair; return 0, or 1 where the check fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("file", type=Path, help="the framework file")
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("--from", dest="sources", type=Path, help="folder of the four sources")
    task.add_argument("--check", action="store_true", help="check form and content")
    task.add_argument("--repair", action="store_true", help="write the canonical form")
    options = parser.parse_args(arguments)
    path: Path = options.file
    if options.sources:
        path.write_text(canonical(build(options.sources)), encoding="utf-8", newline="\n")
    elif options.repair:
        text = canonical(json.loads(path.read_text(encoding="utf-8")))
        path.write_text(text, encoding="utf-8", newline="\n")
    problem = check(path)
    try:
        framework = load_catalogue(path)
    except GcmAlignError as error:
        problem = str(error)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{path}: {len(framework.actions)} actions in {len(framework.objectives)} objectives")
    return 0


if __name__ == "__main__":
    sys.exit(main())
