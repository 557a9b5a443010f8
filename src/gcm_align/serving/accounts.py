"""Who may do what: users, sessions, tokens, failed logins, and a log of what was done."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from gcm_align.errors import UsageError
from gcm_align.serving.database import Database, now

if TYPE_CHECKING:
    from pathlib import Path

SESSION_HOURS = 12  # a working day; after it one logs in again
# Wrong passwords within the waiting time: for one name from one address; for one name from
# anywhere; for any name from one address, which may be a proxy that many share.
MOST_FAILURES = 5
MOST_FOR_NAME, MOST_FROM_ADDRESS = 20, 50
WAIT_SECONDS = 900
LEAST_PASSWORD = 10  # characters; NIST SP 800-63B asks for 8 at least
MOST_NAME = 60  # characters


class Role(StrEnum):
    """What a user may do."""

    READER = "reader"
    REVIEWER = "reviewer"  # reads, uploads and reviews


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who asks: a user, or the person at this computer where nobody has to log in."""

    name: str
    role: Role

    @property
    def may_write(self) -> bool:
        """Whether the account may upload and review."""
        return self.role == Role.REVIEWER


class Accounts:
    """Users, sessions and tokens of one data folder; only digests of secrets are kept."""

    def __init__(self, database: Database, key_file: Path) -> None:
        self._database = database
        self._failures: list[tuple[float, str, str]] = []  # when, name, address
        self._key = _key(key_file)

    def add_user(self, name: str, password: str, role: Role) -> None:
        """
        Add a user, or give one a new password and role; their sessions end.

        Raises:
            UsageError: The name or the password cannot be used.
        """
        from argon2 import PasswordHasher

        if not name.strip() or len(name) > MOST_NAME or not name.isprintable():
            raise _refused("The name", name, f"1 to {MOST_NAME} printable characters")
        if len(password) < LEAST_PASSWORD:
            raise _refused("The password", "*" * len(password), f"{LEAST_PASSWORD} characters")
        digest = PasswordHasher().hash(password)
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO users VALUES (?, ?, ?, ?) ON CONFLICT(name) DO UPDATE "
                "SET role = excluded.role, password = excluded.password",
                (name.strip(), role.value, digest, now()),
            )
            connection.execute("DELETE FROM sessions WHERE user = ?", (name.strip(),))

    def has_users(self) -> bool:
        """Say whether anybody can log in."""
        return self._database.row("SELECT 1 FROM users LIMIT 1") is not None

    def must_wait(self, name: str, address: str) -> bool:
        """Say whether too many wrong passwords were given of late; only time clears them."""
        since = time.monotonic() - WAIT_SECONDS
        self._failures = [failure for failure in self._failures if failure[0] > since]
        names = [own for _, own, _ in self._failures]
        addresses = [own for _, _, own in self._failures]
        pairs = list(zip(names, addresses, strict=True))
        return (
            pairs.count((name, address)) >= MOST_FAILURES
            or names.count(name) >= MOST_FOR_NAME
            or addresses.count(address) >= MOST_FROM_ADDRESS
        )

    def login(self, name: str, password: str, address: str) -> str | None:
        """Return a new session for a right password, None for a wrong one."""
        from argon2 import PasswordHasher
        from argon2.exceptions import VerificationError

        row = self._database.row("SELECT password FROM users WHERE name = ?", (name,))
        # An unknown name takes as long as a known one, so that names cannot be guessed.
        digest = row["password"] if row else PasswordHasher().hash(secrets.token_hex())
        try:
            PasswordHasher().verify(digest, password)
        except VerificationError:
            self._failures.append((time.monotonic(), name, address))
            self.record(name[:MOST_NAME], "login refused", address)
            return None
        self.record(name, "login", address)
        return self.open_session(name)

    def open_session(self, user: str = "") -> str:
        """Return the secret of a new session; "" is a visitor who has not logged in."""
        secret = secrets.token_urlsafe(32)
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM sessions WHERE made < datetime('now', ?)", (f"-{SESSION_HOURS} hours",)
            )
            connection.execute(
                "INSERT INTO sessions VALUES (?, ?, datetime('now'))", (_digest(secret), user)
            )
        return secret

    def session_user(self, secret: str) -> str | None:
        """Return whose session it is; None where there is none, or it is too old."""
        row = self._database.row(
            "SELECT user FROM sessions WHERE digest = ? AND made >= datetime('now', ?)",
            (_digest(secret), f"-{SESSION_HOURS} hours"),
        )
        return None if row is None else str(row["user"])

    def close_session(self, secret: str) -> None:
        """End a session."""
        self._database.change("DELETE FROM sessions WHERE digest = ?", (_digest(secret),))

    def account(self, user: str) -> Account | None:
        """Return a user's account."""
        row = self._database.row("SELECT name, role FROM users WHERE name = ?", (user,))
        return Account(name=row["name"], role=Role(row["role"])) if row else None

    def form_token(self, session: str) -> str:
        """Return what a form must send back, so that no other site can send it."""
        return hmac.new(self._key, session.encode(), "sha256").hexdigest()

    def is_form_token(self, session: str, token: str) -> bool:
        """Say whether a form came from a page of this session."""
        return hmac.compare_digest(
            self.form_token(session).encode(), token.encode("utf-8", "replace")
        )

    def add_token(self, user: str, role: Role) -> str:
        """Return a new secret for the programming interface."""
        secret = f"gcm_{secrets.token_urlsafe(32)}"
        self._database.change(
            "INSERT INTO tokens VALUES (?, ?, ?, ?)", (_digest(secret), user, role.value, now())
        )
        return secret

    def token_account(self, secret: str) -> Account | None:
        """Return the account of a token."""
        row = self._database.row(
            "SELECT user, role FROM tokens WHERE digest = ?", (_digest(secret),)
        )
        if row is None:
            return None
        user = self.account(row["user"])
        if user is not None and not user.may_write:  # the role was taken back since
            return user
        return Account(name=row["user"], role=Role(row["role"]))

    def remove(self, name: str) -> bool:
        """Remove a user with their sessions and tokens; say whether there was anything."""
        with self._database.write() as connection:
            counts = [
                connection.execute(statement, (name,)).rowcount
                for statement in (
                    "DELETE FROM users WHERE name = ?",
                    "DELETE FROM sessions WHERE user = ?",
                    "DELETE FROM tokens WHERE user = ?",
                )
            ]
        return any(counts)

    def record(self, user: str, what: str, on: str = "") -> None:
        """Write down who did what, on which document, run or address."""
        self._database.change(
            "INSERT INTO audit (at, user, what, object) VALUES (?, ?, ?, ?)",
            (now(), user, what, on),
        )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _key(path: Path) -> bytes:
    """Return the key that signs form tokens, made at the first start."""
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    return path.read_bytes()


def _refused(what: str, value: str, expected: str) -> UsageError:
    return UsageError(
        f"{what} cannot be used", value=value, expected=expected, hint="Give another one."
    )
