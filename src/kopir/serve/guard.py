"""What stands before every page: who may ask, under which name, how much may be sent, what pages may do."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES = 21 * 2**20
"""Bytes that one request may send."""
COOKIE = "kopir"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""The content security policy of every page: nothing but files of kopir's own, no script in a page."""
# With no referrer at all a browser sends "null" as the origin of its own forms, and they would be refused.
_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Door:
    """Who is let in: requests whose ``Host`` is one of ``names`` or, with a ``token``, an address in numbers.

    Without a token only this machine can reach the server, and needs none.
    """

    names: frozenset[str] = LOOPBACK
    token: str = ""

    def knows(self, host: str) -> bool:
        """Return whether a ``Host`` header names this server: a foreign name that leads here does not."""
        name = _host_name(host)
        return name in self.names or (bool(self.token) and _is_number(name))

    def holds(self, cookie: str) -> bool:
        """Return whether a ``Cookie`` header holds the token, or none is needed."""
        if not self.token:
            return True
        try:
            held = SimpleCookie(cookie).get(COOKIE)
        except CookieError:
            return False
        return held is not None and secrets.compare_digest(held.value.encode(), self.token.encode())


class Guard:
    """An ASGI application that lets through to another what its door and its bounds allow."""

    def __init__(self, app: App, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        guarded = _with_headers(send)
        if not self._door.knows(headers.get("host", "")):
            await _refuse(guarded, 421, "this is not the address of this kopir")
            return
        if self._door.token and (given := self._given(scope)):
            await _welcome(guarded, scope, given)
            return
        if not self._door.holds(headers.get("cookie", "")):
            await _refuse(guarded, 401, "open the address that kopir serve printed, with its token")
            return
        if scope["method"] in _CHANGING and not _from_here(headers):
            await _refuse(guarded, 403, "what changes something is sent from a page of kopir's own")
            return
        if _length(headers) > MOST_BYTES:
            await _refuse(guarded, 413, f"more than {MOST_BYTES // 2**20} MB")
            return
        await self._app(scope, _bounded(receive), guarded)

    def _given(self, scope: Scope) -> str:
        query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        token = query.get("token", "")
        return token if token and secrets.compare_digest(token.encode(), self._door.token.encode()) else ""


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _from_here(headers: MutableMapping[str, str]) -> bool:
    """Return whether a request comes from a page of the same address, or from no browser at all."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None:
        return urlsplit(origin).netloc == headers.get("host")
    return site in {None, "same-origin"}


def _length(headers: MutableMapping[str, str]) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdecimal() else MOST_BYTES + 1


def _bounded(receive: Receive) -> Receive:
    """Return a ``receive`` that ends a body which says nothing of its length and grows beyond all bounds."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        return {"type": "http.disconnect"} if seen > MOST_BYTES else message

    return counted


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [(name, value) for name, value in message.get("headers", []) if name != b"server"]
            message = {**message, "headers": [*own, *_HEADERS]}
        await send(message)

    return sent


async def _refuse(send: Send, status: int, why: str) -> None:
    body = f"{why}\n".encode()
    kind = (b"content-type", b"text/plain; charset=utf-8")
    headers = [kind, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _welcome(send: Send, scope: Scope, token: str) -> None:
    """Keep the token in a cookie and lead to the same address without it."""
    query = [
        (name, value)
        for name, value in parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        if name != "token"
    ]
    address = "/" + quote(scope["path"].lstrip("/\\")) + (f"?{urlencode(query)}" if query else "")
    cookie = f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/"
    headers = [(b"location", address.encode()), (b"set-cookie", cookie.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
