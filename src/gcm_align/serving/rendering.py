"""Pages from templates; every text of a document is escaped."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, FunctionLoader, TemplateNotFound
from starlette.responses import HTMLResponse

from gcm_align.reporting.compare_html import teach_comparison
from gcm_align.reporting.html import page_environment
from gcm_align.serving import strings
from gcm_align.serving.library import STATUSES
from gcm_align.serving.security import FORM_FIELD, account_of, keep_session, session_of

if TYPE_CHECKING:
    from fastapi import Request
    from jinja2 import Environment
    from starlette.responses import Response


def page(request: Request, template: str, *, code: int = 200, **values: Any) -> Response:
    """Return a page with what every page needs: who asks, and what its forms send back."""
    secret, _ = session_of(request)
    text = (
        _environment()
        .get_template(template)
        .render(
            account=account_of(request),
            login=request.app.state.login,
            code=code,
            form_token=request.app.state.accounts.form_token(secret),
            **values,
        )
    )
    return keep_session(request, HTMLResponse(text, code))


def static_file(name: str) -> str:
    """Return one of the application's own files."""
    return (files("gcm_align.serving") / "static" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    made = page_environment()
    teach_comparison(made)
    made.loader = ChoiceLoader([FunctionLoader(_own), FunctionLoader(_of_reports)])
    made.globals |= {"strings": strings, "FORM_FIELD": FORM_FIELD, "STATUSES": STATUSES}
    return made


def _own(name: str) -> str | None:
    path = files("gcm_align.serving") / "templates" / name
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _of_reports(name: str) -> str:
    path = files("gcm_align.reporting") / "templates" / name
    if not path.is_file():
        raise TemplateNotFound(name)
    return path.read_text(encoding="utf-8")
