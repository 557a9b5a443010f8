"""An old and an edited draft of an invented act, with every difference planted by hand."""

from __future__ import annotations

from pathlib import Path

from gcm_align.engine import Engine
from gcm_align.pipeline import align
from gcm_align.types import Report

TITLE = "# Norland Labour Migration Act"
FEES = (
    "No agency shall charge a migrant worker a fee for recruitment or placement; the costs of "
    "recruitment are borne by the employer."
)
LICENCE = (
    "A recruitment agency shall hold a licence of the Labour Inspectorate, which shall publish "
    "the register of licensed agencies on 1 March of each year."
)
PASSPORT = (
    "No employer shall retain the passport or any identity document of a migrant worker, and the "
    "Labour Inspectorate shall impose a fine of 50,000 crowns on whoever does so."
)
PASSPORT_WEAK = (
    "Employers should endeavour not to retain the passport or any identity document of a migrant "
    "worker."
)
CONTRACT = (
    "Every migrant worker shall receive a written contract of employment in a language that the "
    "worker understands before departure."
)
CONTRACT_REWORDED = CONTRACT.replace("understands", "can read")
INFORM_WEAK = (
    "The Ministry should endeavour to provide information to migrants on their rights and "
    "obligations before departure."
)
INFORM = INFORM_WEAK.replace("should endeavour to", "shall")
SCHOOL = (
    "Every migrant child has the right to attend a public school under the same conditions as "
    "children who are nationals."
)
BIRTH = (
    "Every child of a migrant who is born in Norland shall be registered at birth and receive a "
    "birth certificate."
)
# The same clause on other lines, with a hyphen at the end of one.
BIRTH_REFLOWED = BIRTH.replace("at birth and", "at birth\nand").replace(
    "certificate.", "certi-\nficate."
)
WOMEN = (
    "A woman under twenty-five years of age shall not leave Norland to take up domestic work "
    "abroad."
)
REMITTANCES = (
    "The Central Bank shall reduce the cost of remittance transfers of migrants to less than "
    "three per cent by 2028."
)
DETENTION = (
    "Migrant children who arrive without papers shall be held in the detention centre until "
    "their removal."
)


def act(*parts: tuple[str, tuple[str, ...]]) -> str:
    """Return an act as Markdown; articles are numbered through, so that a move renumbers."""
    lines, article = [TITLE], 0
    for number, (title, clauses) in enumerate(parts, start=1):
        lines.append(f"## Part {'I' * number}: {title}")
        for clause in clauses:
            article += 1
            lines += [f"### Article {article}", clause]
    return "\n\n".join(lines) + "\n"


OLD = act(
    ("Recruitment", (FEES, LICENCE)),
    ("Conditions of work", (PASSPORT, CONTRACT, INFORM_WEAK)),
    ("Children, women and money", (BIRTH, WOMEN, REMITTANCES)),
)
NEW = act(
    ("Children and families", (BIRTH_REFLOWED, SCHOOL)),
    ("Recruitment", (FEES,)),
    ("Conditions of work", (PASSPORT_WEAK, CONTRACT_REWORDED, INFORM, DETENTION)),
)
# The old act again: its parts in another order, its lines broken elsewhere.
MOVED = act(
    ("Children, women and money", (REMITTANCES, BIRTH_REFLOWED, WOMEN)),
    ("Conditions of work", (INFORM_WEAK, CONTRACT, PASSPORT.replace(" and ", "\nand "))),
    ("Recruitment", (LICENCE, FEES)),
)


def made(path: Path, engine: Engine, text: str) -> Report:
    """Return the report on a text, made by the real engine."""
    path.write_text(text, encoding="utf-8")
    return align([path], engine=engine).report
