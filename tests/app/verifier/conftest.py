"""Tests of the verifier are given an issuer far away, and a service that knows of the world what that one says."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.client import Client
from tests.far_issuer import FORMS, NOW, FarIssuer
from tests.service import ADMIN_TOKEN, Servers
from tests.stand_ins import SettableClock


@pytest.fixture(scope="module")
def issuer() -> FarIssuer:
    return FarIssuer()


@pytest.fixture(scope="module")
def listening(servers: Servers, issuer: FarIssuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that knows of the world what `issuer` says; a module's tests share it."""
    folder = tmp_path_factory.mktemp("listening")
    values = {"database_url": servers.fresh("sqlite", folder), "admin_token": ADMIN_TOKEN, "state_dir": folder}
    app = create_app(Settings.model_validate(values), clock=SettableClock(NOW), fetch=issuer)
    with Client(app) as client:
        yield client


@pytest.fixture(scope="module")
def texts(issuer: FarIssuer) -> dict[str, str]:
    """A badge of theirs in every form."""
    return {form: issuer.award(form).text for form in FORMS}
