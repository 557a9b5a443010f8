"""``comparison.html``: one file that opens offline, in the dress of report.html.

It holds no script. The template escapes every text, so that a document can never become
markup; changed words carry a sign beside their colour.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Template
from markupsafe import Markup

from gcm_align.comparing.changes import Kind
from gcm_align.reporting import compare_wording, wording
from gcm_align.reporting.compare_tables import counts_frame
from gcm_align.reporting.html import page_environment, resource
from gcm_align.reporting.marks import REVIEW_KEY, STATE_BY_KEY, State
from gcm_align.types import Level

if TYPE_CHECKING:
    from gcm_align.reporting.comparisons import Comparison


def comparison_html(comparison: Comparison) -> str:
    """Return the comparison as one self-contained page; the same reports give the same text."""
    return _template().render(
        comparison=comparison,
        result=comparison.result,
        mode=comparison.mode,
        framework=comparison.framework,
        counts=counts_frame(comparison.result).to_dict("records"),
        warnings=compare_wording.warnings(comparison.mismatches, comparison.reports),
        manifests={name: wording.manifest(r.run) for name, r in comparison.reports.items()},
        calibrations={name: wording.calibration(r.run) for name, r in comparison.reports.items()},
        caveats=wording.caveats(comparison.framework),
        # Our own two files are the only texts that are not escaped.
        style=Markup(resource("report.css") + resource("compare.css")),  # noqa: S704
    )


def _state(level: Level | None) -> State:
    return STATE_BY_KEY[REVIEW_KEY if level is None else str(int(level))]


@cache
def _template() -> Template:
    """Compile the template once."""
    environment = page_environment()
    environment.filters["state"] = _state
    environment.globals |= {"words": compare_wording, "Kind": Kind}
    return environment.get_template("compare.html.j2")
