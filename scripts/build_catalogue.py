"""Build ``data/gcm.json`` from the catalogue's parts, or check how it is formatted.

    python scripts/build_catalogue.py --from FOLDER     build it again
    python scripts/build_catalogue.py --check           exit 1 where it is not canonical
    python scripts/build_catalogue.py --repair          format it again

FOLDER holds actions.json, objectives.json, applicability.json and confusable.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "data" / "gcm.json"


def canonical(data: object) -> str:
    """Return the one accepted formatting: two spaces, fields in their order, UTF-8."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def build(folder: Path) -> dict[str, Any]:
    """Join the parts of the catalogue into one framework."""
    parts = {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("actions", "objectives", "applicability", "confusable")
    }
    applicability = parts["applicability"]["actions"]
    actions = [{**action, "applicability": applicability[action["id"]]} for action in parts["actions"]]
    return {
        "schema_version": "1.0",
        "key": "gcm",
        "name": "Global Compact for Safe, Orderly and Regular Migration",
        "source": parts["objectives"]["source"],
        "objectives": parts["objectives"]["objectives"],
        "actions": actions,
        "guiding_principles": parts["objectives"]["guiding_principles"],
        "round_tables": parts["objectives"]["imrf_round_tables"],
        "confusable": {
            "groups": parts["confusable"]["groups"],
            "soft_accept_pairs": parts["confusable"]["soft_accept_pairs"],
        },
    }


def main(arguments: list[str] | None = None) -> int:
    """Build, check or repair; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="folder", type=Path, help="folder with the parts")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--repair", action="store_true")
    parser.add_argument("--file", type=Path, default=TARGET)
    given = parser.parse_args(arguments)
    if given.folder:
        given.file.write_text(canonical(build(given.folder)), encoding="utf-8")
        return 0
    text = given.file.read_text(encoding="utf-8")
    wanted = canonical(json.loads(text))
    if text != wanted and given.repair:
        given.file.write_text(wanted, encoding="utf-8")
    elif text != wanted:
        print(f"{given.file} is not canonical; run this script with --repair", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
