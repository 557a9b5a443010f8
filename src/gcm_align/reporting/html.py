"""``report.html``: one file that opens offline, from a mail attachment, on any screen.

Everything is inside the file; a content security policy forbids the rest. The template
escapes every text, so that a document can never become markup. Without JavaScript the
page reads in full; the script only filters, sorts, opens and closes.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from gcm_align.coverage import APPLICABILITY, DIGITS, section_text
from gcm_align.figures import MAX_REVIEW_SHARE, MEASURES
from gcm_align.gaps import page_words
from gcm_align.reporting import wording
from gcm_align.reporting.marks import STATES, bar, bar_words, is_range, marked, whole_percent
from gcm_align.reporting.numbers import decimal
from gcm_align.reporting.unread import page_list, unread_frame
from gcm_align.reporting.view import build_view
from gcm_align.translating import translate_templates
from gcm_align.types import Contradiction, Level

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.types import Report


# Templates that report.html.j2 is made of.
PARTS = (
    *("report.html.j2", "macros.html.j2", "row.html.j2", "messages.html.j2", "overview.html.j2"),
    *("principles.html.j2", "filters.html.j2"),
)


def load_templates() -> None:
    """Compile the templates of the page now, else the first page does it."""
    for name in PARTS:
        _environment().get_template(name)


def to_html(report: Report, framework: Framework) -> str:
    """Return the report as one self-contained page; the same report gives the same text."""
    script = resource("report.js")
    return _template().render(
        report=report,
        framework=framework,
        view=build_view(report, framework),
        unread=unread_frame(report).to_dict("records"),
        calibration=wording.calibration(report.run),
        manifest=wording.manifest(report.run),
        caveats=wording.caveats(framework),
        method=wording.method(framework),
        # Our own two files are the only texts that are not escaped.
        style=Markup(resource("report.css")),  # noqa: S704
        script=Markup(script),  # noqa: S704
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def resource(name: str) -> str:
    """Return one of the files that pages are made of."""
    path = files("gcm_align.reporting") / "templates" / name
    return path.read_text(encoding="utf-8")


def _template() -> Template:
    return _environment().get_template("report.html.j2")


@cache
def _environment() -> Environment:
    """Return the environment of this page, which compiles each template once."""
    return page_environment()


def page_environment() -> Environment:
    """Return what pages are made in; an undefined name is an error, never an empty string."""
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(resource),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    translate_templates(environment)
    environment.filters |= {
        "section": section_text,
        "place": page_words,
        "pages": page_list,
        "decimal": decimal,
        "exact": lambda number: f"{number:.{DIGITS}f}",
        "percent": whole_percent,
    }
    environment.globals |= {
        "applicability": APPLICABILITY,
        "bar": bar,
        "bar_words": bar_words,
        "is_range": is_range,
        "marked": marked,
        "wording": wording,
        "Level": Level,
        "C1": Contradiction.TENSION,
        "C2": Contradiction.CONTRADICTION,
        "STATES": STATES,
        "MEASURES": tuple(MEASURES),
        "MEASURE_WORDS": wording.MEASURE_WORDS,
        "MAX_REVIEW_PERCENT": whole_percent(MAX_REVIEW_SHARE),
    }
    return environment
