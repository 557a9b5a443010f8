"""What a check is told: one frozen record, and the keys that a file, a variable or a flag may set.

A flag comes before a variable, that before the file, that before the default. Each value
carries where it came from, for ``gcm-align config --show``.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gcm_align.findings import RULE_BY_ID, RULES, Severity
from gcm_align.reading.sniffing import SUFFIXES
from gcm_align.types import Level

FORMATS = ("human", "json", "sarif", "junit", "github", "gitlab", "markdown")
READ_SUFFIXES = tuple(suffix for suffix in SUFFIXES if suffix != "xml")  # most XML is no law
# Files that speak of the repository, not of the law.
NOT_TEXTS = (".*", "README*", "CHANGELOG*", "CONTRIBUTING*", "LICENSE*", "CODE_OF_CONDUCT*")
BASELINE_NAME = "gcm-align-baseline.json"
# What is typed or set is meant from the working directory; what a file says, from the file.
PATH_KEYS = ("baseline", "cache-dir", "framework")


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """Actions and objectives that a text, or all texts together, must carry."""

    actions: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()  # at least one action of each
    paths: tuple[str, ...] = ("*",)
    level: int = int(Level.ADDRESSED)
    per: str = "document"  # or "together"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckConfig:
    """Every choice of a check, with its origin by key."""

    root: Path  # documents are named from here
    prefix: str = ""  # path from the top of the git repository to the root
    file: str = ""  # the configuration file; "" where there is none
    paths: tuple[str, ...] = (".",)
    include: tuple[str, ...] = tuple(f"*.{suffix}" for suffix in READ_SUFFIXES)
    exclude: tuple[str, ...] = NOT_TEXTS
    baseline: str = BASELINE_NAME
    fail_on: Severity = Severity.ERROR
    format: str = "human"
    output: tuple[str, ...] = ()
    allow_unassessed: bool = False
    exit_zero: bool = False
    jobs: int = 0  # 0: as many as there are cores
    time_budget: float = 0.0  # seconds; 0: no limit
    cache_dir: str = ""
    framework: str = ""
    model: str = "default"
    min_breadth: float = 0.0
    min_depth: float = 0.0
    floor_per: str = "together"
    max_review_share: float = 0.20  # the method: no headline above it
    min_share_read: float = 0.98  # the method: silence is claimed only of what was read
    rules: Mapping[str, Severity] = field(default_factory=dict)
    required: tuple[Required, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)

    def severity(self, rule_id: str) -> Severity:
        """Return how much a rule's findings weigh."""
        return self.rules.get(rule_id, RULE_BY_ID[rule_id].severity)

    def severities(self) -> dict[str, Severity]:
        """Return the severity of every rule."""
        return {rule.id: self.severity(rule.id) for rule in RULES}

    @property
    def baseline_path(self) -> Path:
        """The baseline file's path."""
        return self.root / self.baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of the configuration: its kind, and what it is for."""

    name: str
    kind: str  # texts, text, flag, whole, share, seconds, choice
    help: str
    choices: tuple[str, ...] = ()

    @property
    def attribute(self) -> str:
        """The field of the record."""
        return self.name.replace("-", "_")

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"GCM_ALIGN_{self.attribute.upper()}"


KEYS = (
    Key(name="paths", kind="texts", help="files, folders or patterns to check"),
    Key(name="include", kind="texts", help="patterns of files that folders are searched for"),
    Key(name="exclude", kind="texts", help="patterns of files that are never checked"),
    Key(name="baseline", kind="text", help="what was accepted; committed beside the texts"),
    Key(
        name="fail-on",
        kind="choice",
        help="the severity that fails the gate",
        choices=("error", "warning", "note"),
    ),
    Key(name="format", kind="choice", help="what standard output holds", choices=FORMATS),
    Key(name="output", kind="texts", help="further outputs, each FORMAT=FILE"),
    Key(name="allow-unassessed", kind="flag", help="an unread document does not give exit code 3"),
    Key(name="exit-zero", kind="flag", help="findings never fail the run"),
    Key(name="jobs", kind="whole", help="processes for documents not in the cache; 0: one a core"),
    Key(name="time-budget", kind="seconds", help="seconds after which the rest is left undone"),
    Key(name="cache-dir", kind="text", help="where verdicts and vectors are kept"),
    Key(name="framework", kind="text", help="another set of goals and actions"),
    Key(name="model", kind="text", help="encoder: default, a folder, or NAME@REVISION"),
    Key(name="min-breadth", kind="share", help="floor of breadth, 0 to 1; 0: none"),
    Key(name="min-depth", kind="share", help="floor of depth, 0 to 1; 0: none"),
    Key(
        name="floor-per",
        kind="choice",
        help="floors hold for all texts together, or each",
        choices=("together", "document"),
    ),
    Key(name="max-review-share", kind="share", help="most verdicts that may need review, 0 to 1"),
    Key(name="min-share-read", kind="share", help="least share of pages read, 0 to 1"),
)
KEY_BY_NAME = {key.name: key for key in KEYS}
RULES_TABLE, REQUIRED_TABLE = "rules", "required"
LEVEL_BY_NAME = {level.label: int(level) for level in Level}


def fault(key: Key, value: Any) -> str:
    """Return what was expected where a value is not of its key's kind, else nothing."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    texts = isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
    checks = {
        "texts": (texts, "a list of texts"),
        "text": (isinstance(value, str) and bool(value), "a text"),
        "flag": (isinstance(value, bool), "true or false"),
        "whole": (number and isinstance(value, int) and value >= 0, "a whole number from 0"),
        "seconds": (number and value >= 0, "a number of seconds from 0"),
        "share": (number and 0 <= value <= 1, "a number from 0 to 1"),
        "choice": (value in key.choices, f"one of {', '.join(key.choices)}"),
    }
    good, expected = checks[key.kind]
    if good and key.name == "output":
        wrong = [item for item in value if not is_output(item)]
        return f"FORMAT=FILE, the format one of {', '.join(FORMATS)}" if wrong else ""
    return "" if good else expected


def is_output(text: str) -> bool:
    """Say whether a text is FORMAT=FILE."""
    name, sign, file = text.partition("=")
    return bool(sign and file) and name in FORMATS


def matches(path: str, patterns: tuple[str, ...]) -> bool:
    """
    Say whether a path from the root is of one of the patterns.

    A pattern with a slash is of the whole path (``bills/*.md``, ``**/old/*``), one without
    of any part of it (``*.pdf``, ``drafts``): what is in an excluded folder is excluded.
    """
    # "..", in the name of a text outside the root, is no hidden folder.
    parts = [part for part in path.split("/") if part not in (".", "..")]
    for pattern in patterns:
        wanted = pattern.removeprefix("./").rstrip("/")
        if "/" not in wanted:
            if any(fnmatch.fnmatchcase(part, wanted) for part in parts):
                return True
            continue
        heads = ("/".join(parts[:end]) for end in range(1, len(parts) + 1))
        options = (wanted, wanted.replace("**/", ""))
        if any(fnmatch.fnmatchcase(head, option) for head in heads for option in options):
            return True
    return False
