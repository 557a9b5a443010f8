"""``gcm-align serve``: the web application, and the commands of whoever runs it."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gcm_align.errors import UsageError

if TYPE_CHECKING:
    from gcm_align.serving.accounts import Accounts, Role

DataOption = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder of documents, reviews and users. "
                 "Default: the user's data folder."),
]  # fmt: skip
RoleOption = Annotated[str, typer.Option("--role", help="reader or reviewer.")]

server_app = typer.Typer(
    help="Users, tokens, backups and the log of the web application.", no_args_is_help=True
)


def data_folder(given: Path | None) -> Path:
    """Return the folder that was given, or the user's own."""
    from platformdirs import user_data_path

    return given or user_data_path("gcm-align") / "web"


def serve(
    host: Annotated[
        str, typer.Option(help="Address to answer at; any other than this computer's own "
                          "demands a login.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8187,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="HOST", help="Name under which browsers reach it; may be "
                     "repeated."),
    ] = None,
    language: Annotated[
        str, typer.Option(metavar="CODE", help="Language of the pages and exports: en, or one "
                          "with a catalogue in data/locale.")
    ] = "en",
    data: DataOption = None,
) -> None:  # fmt: skip
    """Start the web application: upload, see, question, review, compare, export."""
    import uvicorn

    from gcm_align.serving.app import LOCAL_HOSTS, create_app

    login = host not in LOCAL_HOSTS
    folder = data_folder(data)
    app = create_app(
        folder,
        login=login,
        hosts=(*LOCAL_HOSTS, host, *(name or ())),
        local_user=getpass.getuser(),
        language=language,
    )
    if login and not app.state.accounts.has_users():
        raise UsageError(
            "Others could reach the application, and nobody can log in",
            value=f"--host {host}",
            expected="at least one user",
            hint="Add one: gcm-align server add-user NAME --role reviewer.",
        )
    typer.echo(f"gcm-align is at http://{host}:{port}/  (Ctrl-C ends it)")
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False)


@server_app.command("add-user")
def add_user(
    name: str,
    role: RoleOption = "reviewer",
    password_file: Annotated[
        Path | None, typer.Option(help="File whose first line is the password; else it is asked.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Add a user, or give one a new password and role."""
    if password_file:
        password = password_file.read_text(encoding="utf-8").partition("\n")[0]
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    _accounts(data).add_user(name, password, _role(role))
    typer.echo(f"{name} can log in as {role}.")


@server_app.command("remove")
def remove(name: str, data: DataOption = None) -> None:
    """Remove a user with their sessions and tokens; what they reviewed stays."""
    found = _accounts(data).remove(name)
    typer.echo(f"{name} was removed." if found else f"There is no {name}.")


@server_app.command("add-token")
def add_token(name: str, role: RoleOption = "reader", data: DataOption = None) -> None:
    """Print a new token for programs; it is shown once."""
    typer.echo(_accounts(data).add_token(name, _role(role)))


@server_app.command("log")
def audit_log(
    data: DataOption = None,
    last: Annotated[int, typer.Option("-n", min=1, help="How many lines.")] = 50,
) -> None:
    """Print who did what, the latest last."""
    from gcm_align.serving.database import Database

    database = Database(data_folder(data) / "app.sqlite")
    for row in reversed(database.rows("SELECT * FROM audit ORDER BY number DESC LIMIT ?", (last,))):
        typer.echo(f"{row['at']}  {row['user']}  {row['what']}  {row['object']}")


@server_app.command("backup")
def backup(file: Path, data: DataOption = None) -> None:
    """Write everything into one ZIP file; the server may be running."""
    from gcm_align.serving.backups import write_backup

    count = write_backup(data_folder(data), file)
    typer.echo(f"{count} files are in {file}.")


@server_app.command("restore")
def restore(file: Path, data: DataOption = None) -> None:
    """Put a backup into an empty data folder."""
    from gcm_align.serving.backups import read_backup

    count = read_backup(file, data_folder(data))
    typer.echo(f"{count} files are in {data_folder(data)}.")


def _accounts(data: Path | None) -> Accounts:
    from gcm_align.serving.accounts import Accounts
    from gcm_align.serving.database import Database

    folder = data_folder(data)
    return Accounts(Database(folder / "app.sqlite"), folder / "key")


def _role(text: str) -> Role:
    from gcm_align.serving.accounts import Role

    if text not in set(Role):
        raise UsageError(
            "The role is unknown", value=text, expected=" or ".join(Role),
            hint="Give it with --role.",
        )  # fmt: skip
    return Role(text)
