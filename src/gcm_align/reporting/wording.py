"""The fixed words of a report, in one place: levels, caveats, method, glossary.

Constants are English, in every run; renderers say them in the language spoken (see
``translating.py``). The functions give words that are translated already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gcm_align.reporting.numbers import decimal
from gcm_align.translating import gettext as _
from gcm_align.types import Assessment, Contradiction, Level, Run

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework

LEVEL_WHEN = {
    Level.GAP: "No clause in scope deals with the action.",
    Level.MENTIONED: "The topic, problem, principle or instrument of this very action is named; "
    "the State undertakes nothing.",
    Level.PARTIAL: "A general, weak or discretionary undertaking, or a firm measure that covers "
    "only some core elements.",
    Level.ADDRESSED: "A firm measure or duty that covers the core elements.",
    Level.OPERATIONALISED: "Addressed, plus two of: responsible body, time, resources, indicator "
    "or target, remedy or sanction.",
}
REVIEW_WHEN = "The machine cannot tell: levels compete, or extraction or language is poor."
NOT_COUNTED_WHEN = (
    "An action for the international community that the text does not carry: it stands in no "
    "denominator and is no gap."
)
NOT_APPLICABLE_WHEN = (
    "An analyst found, with a written reason, that the action does not apply to the document: it "
    "stands in no denominator and is no gap. The machine never says so."
)
FLAG_WHEN = {
    Contradiction.TENSION: "Tension: the clause narrows the action; it may be lawful.",
    Contradiction.CONTRADICTION: "Contradiction: the clause orders the opposite of the action. "
    "It is never averaged away by a supportive clause.",
}
FLAG_NAMES = {Contradiction.TENSION: "tension", Contradiction.CONTRADICTION: "contradiction"}

PRESENT_NAMES = {True: "present", False: "not found", None: "needs review"}
PRINCIPLES_WHEN = (
    "Present where live text in scope names the principle; found by wording, not by judgement. "
    "A principle lifts no level."
)

MEASURE_WORDS = {
    "breadth": "partial or better",
    "depth": "addressed or better",
    "delivery": "operationalised",
}

# Words that records and frames hold in English, as data; said in the reader's language.
WORDS_OF_RECORDS = (
    *("gap", "mentioned", "partial", "addressed", "operationalised", "needs review"),
    *("not counted", "not applicable", "machine", "reviewed", "disputed"),
    *("duty", "right", "measure", "undertaking", "weak", "power", "mention"),
    *("body", "time", "resources", "indicator", "sanction"),
    *("high", "medium", "low", "breadth", "depth", "delivery", "provisional", "calibrated"),
    *("applies", "applies in part", "for the international community"),
    # How pages were read.
    *("text", "text layer", "OCR", "text layer and OCR", "plain text", "web page"),
    *("Word file", "OpenDocument text", "Akoma Ntoso XML"),
)
SUGGESTIONS = "Machine suggestions until reviewed by an analyst."
CAVEATS = (
    "Text on paper, not practice: nothing here says what is done.",
    "Only the documents supplied were read; another law or a treaty may cover what is silent here.",
    "The actions are a menu, not duties{menu}: read “not found in the text”.",
    "Translation and scanning change words; a quote is the file's text, white space aside.",
    "The catalogue is a simplified form of the official text.",
    "Documents and countries are not ranked.",
)
METHOD = (
    (
        "Each document is cut into passages of about a clause or a table row. Each passage is "
        "scored against each action by meaning and by words. A score ranks passages; it is no "
        "probability."
    ),
    (
        "The wording of a clause decides its force: duty, right, programmed measure, undertaking, "
        "weak undertaking, power or mention. Force, the core elements covered and the delivery "
        "facts (body, time, resources, indicator, sanction or remedy) decide the level."
    ),
    (
        "How likely each level is, is estimated from the score and from how near the whole text "
        "stays to the framework's subject. Where a verdict would too often be wrong about the gap, "
        "or by two levels, the machine abstains and gives passages to read."
    ),
    (
        "A clause that orders the opposite of an action is similar to it. Such clauses are flagged "
        "apart (C1 tension, C2 contradiction) and never raise a level."
    ),
    (
        "Breadth is the share of actions at partial or better, depth at addressed or better, "
        "delivery at operationalised. The headline is the mean over the objectives, each weighing "
        "the same; “all actions” weighs each action the same."
    ),
    (
        "Where a pair needs review, shares are a range: the lower end counts it as absent, the "
        "upper end as its suggested level. Where more than 20 % of a document's actions need "
        "review, no headline is given."
    ),
    "A file or page that could not be read is reported as such and is never a gap.",
)
GLOSSARY = (
    ("Action", "One of the ways that the framework suggests to reach an objective."),
    ("Alignment", "The whole assessment of a text against the framework."),
    ("Breadth", "Share of actions at partial or better."),
    ("Core element", "What a clause must contain to cover the action."),
    ("Delivery", "Share of actions operationalised. Delivery facts: who, when, with what."),
    ("Depth", "Share of actions addressed or better."),
    ("Evidence", "A passage that speaks to an action, quoted word for word with its page."),
    ("Force", "What a clause undertakes by its wording: from mention to duty."),
    ("Gap", "No clause was found in the text; not a judgement of a State."),
    ("n", "The number of actions in a denominator."),
    ("Nearest clause", "The passage that comes closest to an action that is not carried."),
    ("Needs review", "The machine abstains; an analyst decides."),
    ("Page", "Page of the file, counted from 1; the printed number is added where it differs."),
    ("Probability", "That the document is above gap for the action; see the calibration status."),
    ("Score", "How near a passage comes to an action; it ranks, and has no unit."),
)


def caveats(framework: Framework) -> tuple[str, ...]:
    """Return what must be printed with every report."""
    menu = " (A/RES/73/195, para. 16)" if framework.key == "gcm" else ""
    return tuple(_(caveat).format(menu=menu) for caveat in CAVEATS)


def method(framework: Framework) -> tuple[str, ...]:
    """Return how the verdicts are made, with the actions that count only if found."""
    rare = [a.id for a in framework.actions if a.applicability and not a.applicability.counted]
    if not rare:
        return tuple(map(_, METHOD))
    note = _(
        "{count} actions are for the international community ({actions}): they count only where "
        "the text carries them."
    ).format(count=len(rare), actions=", ".join(rare))
    return (*map(_, METHOD), note)


def calibration(run: Run) -> tuple[str, str]:
    """Return status and note of the calibrator; silence counts as provisional."""
    status = run.calibrator.get("status", "") or "provisional"
    note = run.calibrator.get("note", "")
    if not note and status == "provisional":
        note = _("Thresholds and probabilities are provisional: they are not calibrated yet.")
    return _(status), note


def calibration_words(run: Run) -> str:
    """Return the two warnings that travel with every figure, as one line."""
    status, note = calibration(run)
    told = _("Calibration: {status}. {note}").format(status=status, note=note)
    return f"{_(SUGGESTIONS)} {told}"


def level_chances(item: Assessment) -> str:
    """Return the probability of each level in words, empty where a report has none."""
    return ", ".join(f"{_(name)} {decimal(chance)}" for name, chance in item.probabilities.items())


def manifest(run: Run) -> list[tuple[str, str]]:
    """Return the run as name and value pairs: enough to make the report again."""
    rows = [("package", run.package), ("started", run.started)]
    for group, values in (
        ("catalogue", run.catalogue),
        ("encoder", run.encoder),
        ("calibrator", run.calibrator),
        ("settings", run.settings),
    ):
        rows += [(f"{group}.{key}", str(values[key])) for key in sorted(values)]
    return rows
