"""Running the server: on this machine alone unless told otherwise, and then with a token."""

from __future__ import annotations

import secrets
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kopir.core.errors import Fault, InputError, KopirError
from kopir.serve.guard import LOOPBACK, Door

if TYPE_CHECKING:
    from kopir.project import Project
    from kopir.serve.desk import Desk

HOST = "127.0.0.1"
PORT = 8631


@dataclass(frozen=True)
class Place:
    """Where a server listens: its socket, the address that opens it, and its door."""

    socket: socket.socket
    address: str
    door: Door


def place(host: str = HOST, port: int = PORT) -> Place:
    """Return where to listen: ``port`` 0 takes a free one.

    Raises :class:`InputError` where nobody can listen there.
    """
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    held = socket.socket(kind, socket.SOCK_STREAM)
    try:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((host, port))
        held.listen()
    except (OSError, UnicodeError) as error:
        held.close()
        why = f"cannot listen at {host}:{port}: {getattr(error, 'strerror', None) or error}"
        raise InputError(Fault("K0505", why, "give another --port, or 0 for a free one")) from error
    taken = held.getsockname()[1]
    alone = host in LOOPBACK
    token = "" if alone else secrets.token_urlsafe(24)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{taken}/" + (f"?token={token}" if token else "")
    return Place(held, address, Door(LOOPBACK | {host}, token))


def started(desk: Desk) -> threading.Thread:
    """Make the desk ready for the first page, and begin to solve what each refusal costs beside it."""
    from kopir.serve.choice import Choice
    from kopir.serve.pages.start import ground_at, start
    from kopir.serve.rendering import as_page
    from kopir.serve.words import words_of

    words = words_of(desk.project.model, "en")
    as_page(start(desk, words, Choice()), words, Choice(), "/", "", "")
    ground_at(desk)

    def solve() -> None:
        try:
            desk.warm()
        except KopirError:  # the page that asks for it tells why
            return

    thread = threading.Thread(target=solve, name="kopir-warm", daemon=True)
    thread.start()
    return thread


def run(project: Project, at: Place) -> None:
    """Answer for a project until the process is interrupted."""
    import uvicorn

    from kopir.serve.application import application
    from kopir.serve.desk import Desk

    desk = Desk(project)
    started(desk)
    settings = uvicorn.Config(
        application(desk, at.door),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(settings).run(sockets=[at.socket])
