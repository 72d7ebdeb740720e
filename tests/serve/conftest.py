"""A server on a small model with two ways out, asked without a network."""

import pytest
from fastapi.testclient import TestClient

import kopir
from kopir.serve.application import application
from kopir.serve.desk import Desk
from tests.folders import routes_model

ROUTES = [
    {"id": "NORTH", "capacity": 8, "netback": 300, "jurisdictions": ["RUS"]},
    {"id": "EAST", "capacity": 5, "netback": 200, "jurisdictions": ["CHN"]},
]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    places = {"FIELD": (50, 47), "END_NORTH": (55, 60), "END_EAST": (62, 45)}
    path = routes_model(tmp_path_factory.mktemp("serve") / "two_ways", ROUTES, supply=10)
    nodes = path / "nodes.csv"
    lines = nodes.read_text("utf-8").splitlines()
    told = [f"{lines[0]},lon,lat"] + [
        f"{line},{places[line.split(',')[0]][0]},{places[line.split(',')[0]][1]}" for line in lines[1:]
    ]
    nodes.write_text("\n".join(told) + "\n", "utf-8")
    return path


@pytest.fixture(scope="session")
def desk(folder):
    return Desk(kopir.open(folder))


@pytest.fixture(scope="session")
def client(desk):
    return TestClient(application(desk), base_url="http://127.0.0.1:8631", follow_redirects=False)
