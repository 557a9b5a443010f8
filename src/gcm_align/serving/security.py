"""What stands between a request and a page: limits, sessions, forms, headers."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from gcm_align.serving import strings
from gcm_align.serving.accounts import Account, Role
from gcm_align.translating import gettext as _

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from gcm_align.serving.accounts import Accounts

COOKIE = "gcm_align_session"
FORM_FIELD = "form_token"
EXPIRED = 419  # as other frameworks answer a form that is too old
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
# A report is one file with its own style and script; it is shown without any right of ours.
REPORT_POLICY = (
    "sandbox allow-scripts allow-downloads; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'"
)

log = logging.getLogger("gcm_align")


class TooLargeError(Exception):
    """A request holds more bytes than it may."""


class Guard:
    """Counts the bytes of a request, and puts the headers on every answer."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = 0
        started = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._most:
                raise TooLargeError
            return message

        async def headed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                names = {name.lower() for name, _value in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.encode(), value.encode())
                        for name, value in HEADERS.items()
                        if name.lower().encode() not in names
                    ),
                ]
            await send(message)

        try:
            await self._app(scope, counted, headed)
        except TooLargeError:
            if not started:
                answer = Response(_("The request is too large."), 413, media_type="text/plain")
                await answer(scope, receive, headed)


def session_of(request: Request) -> tuple[str, str]:
    """Return the secret of a request's session and its user; a new one where it has none."""
    accounts: Accounts = request.app.state.accounts
    if not hasattr(request.state, "session"):
        secret = request.cookies.get(COOKIE, "")
        user = accounts.session_user(secret) if secret else None
        if user is None:  # a secret that we did not make is never taken
            secret, user = accounts.open_session(), ""
            request.state.fresh = secret
        request.state.session = (secret, user)
    found: tuple[str, str] = request.state.session
    return found


def keep_session(request: Request, response: Response) -> Response:
    """Send a new session with an answer."""
    fresh = getattr(request.state, "fresh", None)
    if fresh is not None:
        set_session(request, response, fresh)
    return response


def set_session(request: Request, response: Response, secret: str) -> Response:
    """Put a session into an answer's cookie."""
    # Lax, so that a link in a message leads to its page; forms have a token of their own.
    response.set_cookie(
        COOKIE, secret, httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return response


def account_of(request: Request) -> Account | None:
    """Return who asks: whoever logged in, or the person at this computer."""
    if not request.app.state.login:
        return Account(name=request.app.state.local_user, role=Role.REVIEWER)
    accounts: Accounts = request.app.state.accounts
    _secret, user = session_of(request)
    return accounts.account(user) if user else None


def reader(request: Request) -> Account:
    """Return who asks, or send them to the login."""
    account = account_of(request)
    if account is None:
        raise HTTPException(401)
    return account


def reviewer(request: Request) -> Account:
    """Return who asks, if they may upload and review."""
    account = reader(request)
    if not account.may_write:
        raise HTTPException(403)
    return account


async def form_of(request: Request) -> AsyncIterator[FormData]:
    """Give the fields of a form that one of our pages sent."""
    async with request.form(max_files=200, max_fields=500) as form:
        secret, _user = session_of(request)
        accounts: Accounts = request.app.state.accounts
        if not accounts.is_form_token(secret, str(form.get(FORM_FIELD, ""))):
            raise HTTPException(EXPIRED)
        yield form


def token_reader(request: Request) -> Account:
    """Return whose token a request carries; without users, reading needs none."""
    found = _token(request)
    if found is None and not request.app.state.login and "authorization" not in request.headers:
        return Account(name=request.app.state.local_user, role=Role.READER)
    if found is None:
        raise HTTPException(401, _(strings.NO_TOKEN))
    return found


def token_writer(request: Request) -> Account:
    """Return whose token it is; changing anything always needs one, on any machine."""
    found = _token(request)
    if found is None:
        raise HTTPException(401, _(strings.NO_TOKEN))
    if not found.may_write:
        raise HTTPException(403, _("This token may read, not change."))
    return found


def _token(request: Request) -> Account | None:
    scheme, _space, secret = request.headers.get("authorization", "").partition(" ")
    accounts: Accounts = request.app.state.accounts
    return accounts.token_account(secret) if scheme.lower() == "bearer" else None


SentForm = Annotated[FormData, Depends(form_of)]
