"""What the documents say of commands and files is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "CHANGELOG.md", "DECISIONS.md", "data/README.md", "models/CARD.md")


def code_blocks(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S)


def test_the_two_commands_of_the_readme_are_those_of_ci() -> None:
    """.ci/run calls what a newcomer is told to type."""
    commands = code_blocks("README.md")[0].split("\n")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [c for c in commands if c] == ["make demo", "make test"]
    assert {"make demo", "make test", "make lint", "make types"} <= set(ci)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    """Every relative link is a file, and its anchor a heading there."""
    broken = []
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("http"):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        if not file.exists():
            broken.append(target)
        elif anchor:
            heads = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.M)
            if anchor not in {h.lower().replace(" ", "-").strip("`") for h in heads}:
                broken.append(target)
    assert broken == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_has_a_blank_to_fill(name: str) -> None:
    assert "@@" not in (ROOT / name).read_text(encoding="utf-8")


def test_every_command_is_in_the_readme() -> None:
    """The table of commands names what the command line has, and nothing else."""
    from gcm_align.cli import app

    names = {c.callback.__name__ for c in app.registered_commands if c.callback}
    names |= {str(group.name) for group in app.registered_groups}
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `gcm-align (\w+)", text, re.M)) == names


def test_files_named_in_the_documents_exist() -> None:
    """Scripts, tests and folders in code spans are there."""
    missing = []
    for name in DOCUMENTS:
        text = (ROOT / name).read_text(encoding="utf-8")
        for path in re.findall(
            r"`((?:scripts|tests|benchmarks|data|models|examples)/[\w./-]+)`", text
        ):
            missing += [] if (ROOT / path).exists() else [(name, path)]
    assert missing == []
