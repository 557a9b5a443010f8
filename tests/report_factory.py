"""Made reports for the tests of figures and renderers: small, plausible, the same each time."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

from gcm_align.catalogue import Action, Framework, load_catalogue
from gcm_align.types import (
    Assessment,
    Contradiction,
    DocumentSummary,
    Evidence,
    Force,
    Level,
    PrincipleFinding,
    Quality,
    Quote,
    Report,
    Run,
    RunnerUp,
    Skipped,
)

QUOTES = {
    Level.GAP: "Labour migration has grown steadily over the last decade and remains a concern.",
    Level.MENTIONED: "The Government recognises that the costs of recruitment are a challenge.",
    Level.PARTIAL: "The Ministry should endeavour to strengthen the oversight of recruiters.",
    Level.ADDRESSED: "No person shall operate a recruitment agency without a licence.",
    Level.OPERATIONALISED: "Train 60 consular officers / MoFA / 2027 / USD 200,000 / 60 trained",
}
FORCES = {
    Level.GAP: (Force.MENTION, ("concern",)),
    Level.MENTIONED: (Force.MENTION, ("recognises",)),
    Level.PARTIAL: (Force.WEAK, ("should endeavour",)),
    Level.ADDRESSED: (Force.DUTY, ("shall",)),
    Level.OPERATIONALISED: (Force.MEASURE, ("Train",)),
}
ELEMENTS = {0: (), 1: (), 2: (0,), 3: (0, 1, 2), 4: (0, 1, 2)}
DELIVERY = {"body": "MoFA", "time": "2027", "resources": "USD 200,000"}
COUNTER_QUOTE = "Unlawful non-citizens, accompanying minors included, shall be held until removal."


@cache
def framework() -> Framework:
    """Return the Compact's catalogue, loaded once."""
    return load_catalogue()


def evidence(level: Level = Level.ADDRESSED, **changes: object) -> Evidence:
    """Return one passage that carries a level."""
    force, words = FORCES[level]
    made = Evidence(
        rank=1,
        level=level,
        score=1.23456,
        parts={"dense": 0.512345, "lexical": 7.5},
        quote=QUOTES[level],
        page=31,
        page_label="19",
        section=("5 Policy framework", "5.2 Recruitment"),
        context=f"The Government will: {QUOTES[level]} The Ministry reports every year.",
        start=100,
        end=190,
        force=force,
        force_words=words,
        delivery=DELIVERY if level == Level.OPERATIONALISED else {},
        elements=ELEMENTS[level],
        runners_up=(RunnerUp(action="6.g", score=0.75), RunnerUp(action="3.e", score=-1.5)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def assessment(action: str, level: Level | None, **changes: object) -> Assessment:
    """Return a verdict with one passage, or with a nearest clause where it is a gap."""
    carried = level if level is not None else Level.PARTIAL
    found = (evidence(carried),) if carried > Level.GAP else ()
    made = Assessment(
        document_id="doc-1",
        action=action,
        level=level,
        suggested=carried,
        probability=0.08123 if carried == Level.GAP else 0.912345,
        contradiction=Contradiction.NONE,
        status="machine",
        reason="A firm clause comes near; gap and partial compete."
        if level is None
        else f"Made to be {carried.label}.",
        evidence=found,
        counter_evidence=(),
        nearest=None if found else evidence(Level.GAP, page=12, page_label=""),
        elements_found=found[0].elements if found else (),
        delivery=found[0].delivery if found else {},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def contradicted(action: str, level: Level = Level.GAP) -> Assessment:
    """Return a verdict with a counter-provision beside its level."""
    counter = evidence(
        Level.GAP,
        quote=COUNTER_QUOTE,
        page=44,
        page_label="",
        force=Force.DUTY,
        force_words=("shall",),
    )
    flag = Contradiction.CONTRADICTION
    return assessment(action, level, contradiction=flag, counter_evidence=(counter,))


def summary(
    document_id: str = "doc-1", name: str = "policy.pdf", **changes: object
) -> DocumentSummary:
    """Return a document of 57 pages, one blank and two unread."""
    made = DocumentSummary(
        id=document_id,
        name=name,
        sha256="c0ffee" * 10 + "beef",
        language="en",
        title="National Policy on Labour Migration",
        media_type="application/pdf",
        quality=Quality(pages=57, pages_read=54, pages_blank=(2,), pages_unread=(55, 56)),
        passages=812,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def run() -> Run:
    """Return a manifest."""
    return Run(
        package="0.1.0",
        catalogue={"key": "gcm", "name": framework().name, "sha256": framework().sha256},
        encoder={"name": "all-MiniLM-L6-v2", "revision": "0.1.0", "sha256": "5a" * 32},
        calibrator={
            "name": "matcher.json",
            "sha256": "7b" * 32,
            "status": "provisional",
            "note": "Thresholds were set on development data; probabilities are not calibrated.",
        },
        settings={"max_pages": 2000, "quote_words": 60},
        started="2026-11-23T14:00:00+00:00",
    )


def report(
    assessments: tuple[Assessment, ...],
    documents: tuple[DocumentSummary, ...] | None = None,
    skipped: tuple[Skipped, ...] = (),
    principles: tuple[PrincipleFinding, ...] = (),
) -> Report:
    """Return a report over the verdicts given."""
    return Report(
        schema_version="1.0",
        run=run(),
        documents=documents if documents is not None else (summary(),),
        assessments=assessments,
        skipped=skipped,
        principles=principles,
    )


def principles(document_id: str) -> tuple[PrincipleFinding, ...]:
    """Return the ten principles: the first present with a quote, the last not told."""
    quote = Quote(
        words="dignity of migrants",
        quote="The dignity of migrants guides this policy.",
        page=8,
        page_label="2",
        section=("1 Principles",),
        context="The dignity of migrants guides this policy. It is read with the law.",
        start=10,
        end=53,
    )
    keys = [item.key for item in framework().principles]
    return tuple(
        PrincipleFinding(
            document_id=document_id,
            principle=key,
            present=True if key == keys[0] else (None if key == keys[-1] else False),
            reason="Named in 2 passages." if key == keys[0] else "Made so.",
            passages=2 if key == keys[0] else 0,
            evidence=(quote,) if key == keys[0] else (),
        )
        for key in keys
    )


def full_report(names: tuple[str, ...] = ("policy.pdf",), seed: int = 7) -> Report:
    """Return a report on all 187 actions for each name, with plausible levels."""
    documents = tuple(summary(f"doc-{i}", name) for i, name in enumerate(names, start=1))
    verdicts = [
        _plausible(action, document.id, random.Random(f"{seed}:{document.id}:{action.id}"))  # noqa: S311
        for document in documents
        for action in framework().actions
    ]
    missing = Skipped(
        path="annex.pdf",
        error="EncryptedFileError",
        message="The file asks for a password: annex.pdf. Expected a readable PDF. Unlock it.",
    )
    named = tuple(finding for d in documents for finding in principles(d.id))
    return report(tuple(verdicts), documents, (missing,), named)


def _plausible(action: Action, document_id: str, chance: random.Random) -> Assessment:
    if action.id in ("13.h", "16.e", "13.c") and chance.random() < 0.8:
        return replace(contradicted(action.id), document_id=document_id)
    rare = action.applicability is not None and not action.applicability.counted
    weights = (80, 10, 5, 5, 0, 0) if rare else (60, 22, 50, 30, 10, 12)
    level = chance.choices((*Level, None), weights=weights)[0]
    made = assessment(action.id, level, document_id=document_id)
    probability = chance.uniform(0.02, 0.35) if level == Level.GAP else chance.uniform(0.6, 0.99)
    passages = tuple(
        evidence(
            item.level, rank=rank, page=chance.randint(3, 54), quote=_wording(item.level, chance)
        )
        for item in made.evidence
        for rank in range(1, chance.randint(2, 4))
    )
    nearest = made.nearest and replace(
        made.nearest, page=chance.randint(3, 54), quote=_wording(Level.GAP, chance)
    )
    return replace(made, probability=probability, evidence=passages, nearest=nearest)


def _wording(level: Level, chance: random.Random) -> str:
    return f"{QUOTES[level]} (clause {chance.randint(1, 400)})"
