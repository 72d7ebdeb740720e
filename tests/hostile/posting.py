"""What a browser posts to ``kopir serve``, one change at a time, to the model ``m`` of this folder."""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from fastapi.testclient import TestClient

import kopir
from kopir.serve.application import application
from kopir.serve.desk import Desk
from kopir.serve.tray import Tray

DONE = {303, 400, 409}
"""Changed, or refused because it is already so: a command that is asked again may be."""


def sent(client: TestClient, desk: Desk) -> int:
    """Put a document on the table and send what it says to the fact book."""
    text = Path("new.txt").read_bytes()
    where = client.post("/documents", files={"files": ("new.txt", text)}, data={"date": "2026-01-15"})
    return client.post(f"{where.headers['location']}/send", data={"version": desk.edition}).status_code


def edited(client: TestClient, desk: Desk) -> int:
    """Change a cell of a table."""
    (row, *_) = desk.project.model.folder.tables["markets"].records()
    cells = {f"cell-{name}": cell for name, cell in (row | {"depth": "90"}).items()}
    return client.post("/model/markets", data={**cells, "line": "2", "version": desk.edition}).status_code


def scenario(client: TestClient, _: Desk) -> int:
    """Keep what is refused on the first page as a scenario."""
    page = client.get("/", params={"deny": "RUS", "severity": "0.5"}).text
    form = re.search(r'<form [^>]*id="keep".*?</form>', page, re.DOTALL)
    assert form is not None
    given = {}
    for field in re.findall(r"<input [^>]*>", form[0]):
        name, value = (re.search(rf'{word}="([^"]*)"', field) for word in ("name", "value"))
        given[name[1] if name else ""] = html.unescape(value[1]) if value else ""
    return client.post("/scenarios", data={**given, "name": "half", "days": "4"}).status_code


POSTS: Mapping[str, Callable[[TestClient, Desk], int]] = {"send": sent, "edit": edited, "scenario": scenario}


def main() -> None:
    """Post what ``argv`` names."""
    desk = Desk(kopir.open("m"), Tray(Path("tray")))
    client = TestClient(application(desk), base_url="http://127.0.0.1", follow_redirects=False)
    code = POSTS[sys.argv[2]](client, desk)
    sys.stdout.write(f"{code}\n")
    sys.exit(0 if code in DONE else code)
