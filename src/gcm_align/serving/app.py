"""The application put together: pages, programming interface, guards, and its worker."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, RedirectResponse, Response

from gcm_align import __version__
from gcm_align.errors import GcmAlignError
from gcm_align.serving import (
    api,
    comparison_api,
    comparison_pages,
    document_pages,
    pages,
    review_pages,
    strings,
)  # fmt: skip
from gcm_align.serving.accounts import Accounts
from gcm_align.serving.comparisons import Comparisons
from gcm_align.serving.library import Library
from gcm_align.serving.pictures import Pictures
from gcm_align.serving.rendering import page, static_file
from gcm_align.serving.security import Guard, SentForm, session_of, set_session
from gcm_align.serving.speaking import Speaking
from gcm_align.serving.texts import Texts
from gcm_align.translating import ENGLISH, speaking
from gcm_align.translating import gettext as _

MOST_UPLOAD = 400_000_000  # bytes of one request; a reading takes half of that at most
LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "::1")
_STATIC = {
    "app.css": "app.css", "app.js": "app.js", "htmx.min.js": "vendor/htmx.min.js",
    "htmx-ext-sse.min.js": "vendor/htmx-ext-sse.min.js",
}  # fmt: skip

log = logging.getLogger("gcm_align")


def create_app(
    folder: Path,
    *,
    login: bool = False,
    hosts: Sequence[str] = LOCAL_HOSTS,
    local_user: str = "me",
    worker: bool = True,
    most_upload: int = MOST_UPLOAD,
    language: str = ENGLISH,
    locale: Path | None = None,
) -> FastAPI:
    """
    Return the application over one data folder.

    Args:
        folder: Documents, reports, reviews and users; made if it is not there.
        login: Whether everyone has to log in; always true beyond this computer.
        hosts: Names under which it answers, so that no other site's name leads to it.
        local_user: Name of the reviewer where nobody logs in.
        worker: Whether to run the process that assesses; tests do that themselves.
        most_upload: Bytes that one request may hold.
        language: In which every page is; one of ``translating.languages()``.
        locale: Where catalogues lie; ``data/locale`` by default.

    Raises:
        ServerDataError: The folder cannot be used.
        ArtifactError: There is no catalogue for the language.
    """
    with speaking(language, locale):
        pass  # an unknown one is refused now, not at the first page
    library = Library(folder)
    keeper = _WorkerKeeper(folder)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if worker:
            keeper.start()
        yield
        keeper.stop()

    app = FastAPI(
        title="gcm-align", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None,
        openapi_url="/api/openapi.json",
    )  # fmt: skip
    app.state.library = library
    app.state.comparisons = Comparisons(library)
    app.state.accounts = Accounts(library.database, folder / "key")
    app.state.pictures = Pictures(folder / "pictures")
    app.state.texts = Texts(folder / "texts")
    app.state.login = login
    app.state.language, app.state.locale = language, locale
    app.state.local_user = local_user
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False)
    app.add_middleware(Guard, most_bytes=most_upload)
    app.add_middleware(Speaking, code=language, folder=locale)
    for part in (api, comparison_api, pages, document_pages, review_pages, comparison_pages):
        app.include_router(part.routes)
    _add_entrance(app)
    _add_faults(app)
    return app


def _add_entrance(app: FastAPI) -> None:
    """Add the login and the application's own files."""

    @app.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        if name not in _STATIC:
            raise HTTPException(404)
        if name == "app.css":
            from gcm_align.reporting.html import resource

            of_reports = resource("report.css") + resource("compare.css")
            return Response(of_reports + static_file(name), media_type="text/css")
        return Response(static_file(_STATIC[name]), media_type="text/javascript")

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> Response:
        # Under the name that browsers ask for by themselves, on files that we hand out too.
        return Response(static_file("icon.svg"), media_type="image/svg+xml")

    @app.get("/login", include_in_schema=False)
    def login_page(request: Request, goal: str = "/") -> Response:
        return page(request, "login.html.j2", message="", goal=local(goal))

    @app.post("/login", include_in_schema=False)
    async def log_in(request: Request, form: SentForm) -> Response:
        accounts: Accounts = request.app.state.accounts
        address = request.client.host if request.client else ""
        name, goal = str(form.get("name", "")), local(str(form.get("goal", "/")))
        if accounts.must_wait(name, address):
            raise HTTPException(429)
        secret = await run_in_threadpool(
            accounts.login, name, str(form.get("password", "")), address
        )
        if secret is None:
            return page(
                request, "login.html.j2", code=401, message=_(strings.WRONG_LOGIN), goal=goal
            )
        # A new session, so that one that was planted before the login is worth nothing.
        accounts.close_session(session_of(request)[0])
        answer = RedirectResponse(goal, 303)
        return set_session(request, answer, secret)

    @app.post("/logout", include_in_schema=False)
    async def log_out(request: Request, _form: SentForm) -> Response:
        request.app.state.accounts.close_session(session_of(request)[0])
        return RedirectResponse("/login", 303)


def local(goal: str) -> str:
    """Return where to go after the login, if it is a page of ours; else the workspace."""
    ours = goal.startswith("/") and not goal.startswith(("//", "/\\"))
    return goal if ours and goal.isprintable() else "/"


def _add_faults(app: FastAPI) -> None:
    """Answer every fault in words of ours: no path, no trace."""

    def fault(request: Request, code: int, detail: str = "") -> Response:
        if request.url.path.startswith("/api/"):
            return JSONResponse({"detail": detail or _(strings.FAULTS.get(code, ""))}, code)
        if code == 401 and request.method == "GET":
            goal = f"{request.url.path}?{request.url.query}".rstrip("?")
            login = f"/login?goal={quote(goal, safe='')}"
            if "hx-request" in request.headers:  # a whole page, never one within another
                return Response(status_code=401, headers={"HX-Redirect": login})
            return RedirectResponse(login, 303)
        known = detail or _(strings.FAULTS.get(code, strings.FAULTS[500]))
        return page(request, "fault.html.j2", code=code, message=known)

    @app.exception_handler(AnyHTTPException)
    async def refused(request: Request, error: AnyHTTPException) -> Response:
        own = "" if error.detail in _PHRASES else str(error.detail)
        answer = fault(request, error.status_code, own)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        if request.url.path.startswith("/api/"):
            # Without the value itself, which may be anything.
            kept = ("loc", "msg", "type")
            found = [{name: item[name] for name in kept} for item in error.errors()]
            return JSONResponse({"detail": jsonable_encoder(found)}, 422)
        return fault(request, 404)

    @app.exception_handler(GcmAlignError)
    async def known(request: Request, error: GcmAlignError) -> Response:
        log.warning("%s", error)
        return fault(request, 400, f"{error.what}. {error.hint}")

    @app.exception_handler(Exception)
    async def internal(request: Request, error: Exception) -> Response:
        log.error("%s %s", request.method, request.url.path, exc_info=error)
        # The one answer that is given outside of every middleware.
        with speaking(request.app.state.language, request.app.state.locale):
            return fault(request, 500)


_PHRASES = frozenset(
    {"Unauthorized", "Forbidden", "Not Found", "Method Not Allowed", "", "Unknown", "Bad Request",
     "Too Many Requests"}
)  # fmt: skip


class _WorkerKeeper:
    """Keeps one process that assesses: a new one whenever it dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and a thread that looks after it."""
        threading.Thread(target=self._keep, daemon=True).start()

    def stop(self) -> None:
        """End it; the run in hand is queued again at the next start."""
        self._stopped.set()
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _keep(self) -> None:
        wait = 0.0
        command = [sys.executable, "-P", "-m", "gcm_align.serving.worker", str(self._folder)]
        while not self._stopped.wait(wait):
            self._process = subprocess.Popen([*command, str(os.getpid())])  # noqa: S603 (our own)
            if self._stopped.is_set():
                self._process.kill()
            self._process.wait()
            wait = 2.0  # seconds: one that dies at once must not fill the log
