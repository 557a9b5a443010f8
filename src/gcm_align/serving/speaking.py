"""The language of the server: every page that it answers is spoken in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gcm_align.translating import speaking

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send


class Speaking:
    """Speaks one language while a request is answered, in its task and in its threads alone."""

    def __init__(self, app: ASGIApp, code: str, folder: Path | None) -> None:
        self._app = app
        self._code = code
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with speaking(self._code, self._folder):
            await self._app(scope, receive, send)
