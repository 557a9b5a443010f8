"""``comparison.html``: one file that opens offline, in the dress of report.html.

It holds no script. The template escapes every text, so that a document can never become
markup; changed words carry a sign beside their colour.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, Template
from markupsafe import Markup

from gcm_align.comparing.changes import Kind, Side
from gcm_align.comparing.documents import Together
from gcm_align.reporting import compare_wording, wording
from gcm_align.reporting.compare_tables import counts_frame
from gcm_align.reporting.html import page_environment, resource
from gcm_align.reporting.marks import NOT_APPLICABLE_KEY, REVIEW_KEY, STATE_BY_KEY, State
from gcm_align.types import Level

if TYPE_CHECKING:
    from gcm_align.reporting.comparisons import Comparison


def comparison_html(comparison: Comparison) -> str:
    """Return the comparison as one self-contained page; the same reports give the same text."""
    return _template().render(
        **comparison_values(comparison),
        frame="main",
        # Our own two files are the only texts that are not escaped.
        style=Markup(resource("report.css") + resource("compare.css")),  # noqa: S704
    )


def comparison_values(comparison: Comparison) -> dict[str, Any]:
    """Return what the parts of the page need, for a page of its own or within another one."""
    reports = comparison.reports
    return {
        "comparison": comparison,
        "result": comparison.result,
        "mode": comparison.mode,
        "framework": comparison.framework,
        "counts": counts_frame(comparison.result).to_dict("records"),
        "warnings": compare_wording.warnings(comparison.mismatches, reports),
        "reviewed": compare_wording.reviewed_lines(comparison.parties),
        "manifests": {name: wording.manifest(r.run) for name, r in reports.items()},
        "calibrations": {name: wording.calibration(r.run) for name, r in reports.items()},
        "caveats": wording.caveats(comparison.framework),
    }


def teach_comparison(environment: Environment) -> None:
    """Give an environment of pages what the parts of a comparison ask of it."""
    environment.filters["state"] = _state
    environment.filters["standing"] = _standing
    environment.globals |= {"words": compare_wording, "Kind": Kind}


def _state(level: Level | None) -> State:
    return STATE_BY_KEY[REVIEW_KEY if level is None else str(int(level))]


def _standing(verdict: Side | Together) -> State:
    """Return how a side of a change, or an action over documents, is shown."""
    return _state(verdict.level) if verdict.applicable else STATE_BY_KEY[NOT_APPLICABLE_KEY]


@cache
def _template() -> Template:
    """Compile the template once."""
    environment = page_environment()
    teach_comparison(environment)
    return environment.get_template("compare.html.j2")
