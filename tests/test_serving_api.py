"""The interface for programs against its own OpenAPI description."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance
from test_serving import TEXT, made_report

from gcm_align.serving.accounts import Role
from gcm_align.serving.app import create_app
from gcm_align.serving.worker import work_once


@pytest.fixture(scope="module")
def api_schema(tmp_path_factory: pytest.TempPathFactory) -> schemathesis.schemas.BaseSchema:
    app = create_app(tmp_path_factory.mktemp("web"), hosts=["testserver", "localhost"],
                     worker=False)  # fmt: skip
    token = app.state.accounts.add_token("ana", Role.REVIEWER)
    with TestClient(app) as client:
        headers = {"authorization": f"Bearer {token}"}
        client.post("/api/documents", files={"file": ("act.md", TEXT)}, headers=headers)
    work_once(app.state.library, made_report)
    loaded = schemathesis.openapi.from_asgi(
        "/api/openapi.json", app, headers={"host": "testserver"}
    )
    loaded.config.headers = {"authorization": f"Bearer {token}", "host": "testserver"}
    return loaded


def test_every_answer_is_as_described(api_schema: schemathesis.schemas.BaseSchema) -> None:
    """No server error, and status, type and body as the description says, whatever is asked."""
    asked = 0
    for found in api_schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]

        @given(case=operation.as_strategy())
        @settings(
            max_examples=6, deadline=None, derandomize=True, database=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def ask(case: schemathesis.Case[Any]) -> None:
            # Which bytes are a document, and which decisions go together, no schema can say.
            case.call_and_validate(excluded_checks=[positive_data_acceptance])

        ask()
        asked += 1
    assert asked >= 11


def test_the_description_is_there_without_a_login(tmp_path: Path) -> None:
    """Programs find the description, and it names every path."""
    app = create_app(tmp_path / "web", hosts=["testserver"], login=True, worker=False)
    with TestClient(app) as client:
        found = client.get("/api/openapi.json").json()
    assert len(found["paths"]) >= 8
    assert all(path.startswith("/api/") for path in found["paths"])
