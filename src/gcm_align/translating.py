"""The language in which the product speaks: messages are looked up when they are printed.

Messages are their own English. Other languages are gettext catalogues in
``data/locale/LANGUAGE/LC_MESSAGES/gcm_align.mo``. A constant of a module is English in every
run; it becomes a reader's words where a renderer calls ``_`` on it, so that nothing is fixed
at import and two threads may speak two languages. ``scripts/extract_messages.py`` collects
the messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.artifacts import data_path
from gcm_align.errors import ArtifactError

if TYPE_CHECKING:
    from jinja2 import Environment

ENGLISH = "en"
DOMAIN = "gcm_align"
_SPOKEN: ContextVar[tuple[str, NullTranslations]] = ContextVar("spoken")
_PLAIN = NullTranslations()


def gettext(message: str) -> str:
    """Return a message in the language spoken; an empty one stays empty."""
    # gettext keeps a catalogue's header under the empty message.
    return _catalogue().gettext(message) if message else ""


_ = gettext


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return the form of a message that goes with a count."""
    return _catalogue().ngettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    """Return a message whose English alone is ambiguous, told apart by its context."""
    return _catalogue().pgettext(context, message)


def npgettext(context: str, singular: str, plural: str, n: int) -> str:
    """Return the form of an ambiguous message that goes with a count."""
    return _catalogue().npgettext(context, singular, plural, n)


def language() -> str:
    """Return the code of the language spoken, such as ``en``."""
    return _SPOKEN.get((ENGLISH, _PLAIN))[0]


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """Return the languages that can be spoken: English, then those with a catalogue."""
    place = data_path("locale") if folder is None else folder
    found = {path.parents[1].name for path in place.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    return (ENGLISH, *sorted(found - {ENGLISH}))


@contextmanager
def speaking(code: str, folder: Path | None = None) -> Iterator[None]:
    """
    Speak a language within the block, in this thread or task alone.

    Args:
        code: Language, such as ``fr``.
        folder: Where the catalogues lie; ``data/locale`` by default.

    Raises:
        ArtifactError: There is no catalogue for the language, or it cannot be read.
    """
    token = _SPOKEN.set((code, _load(code, folder)))
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def translate_templates(environment: Environment) -> None:
    """
    Give templates ``{% trans %}``, ``_("...")`` and the filter ``translated``.

    The filter is for constants of the wording modules: ``_`` fills in ``%(name)s`` and so
    stumbles over a percentage; and what the filter gives is escaped.
    """
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    environment.filters["translated"] = gettext
    environment.globals["language"] = language


def _catalogue() -> NullTranslations:
    return _SPOKEN.get((ENGLISH, _PLAIN))[1]


@lru_cache(maxsize=16)  # a server speaks for each request
def _load(code: str, folder: Path | None) -> NullTranslations:
    """Read a catalogue; English needs none."""
    if code == ENGLISH:
        return _PLAIN
    known = languages(folder)
    # The code may come from a browser: a name that is not in the list never reaches a path.
    if code not in known:
        raise ArtifactError(
            "There is no translation into this language",
            value=code,
            expected=f"one of {', '.join(known)}",
            hint=f"Take one of these, or compile a catalogue from {DOMAIN}.pot.",
        )
    place = data_path("locale") if folder is None else folder
    path = place / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
    try:
        with path.open("rb") as file:
            return GNUTranslations(file)
    except (OSError, ValueError, UnicodeError) as error:
        raise ArtifactError(
            "A translation cannot be read",
            value=f"{path} ({type(error).__name__})",
            expected="a compiled gettext catalogue",
            hint="Compile it again from its .po file.",
        ) from error
