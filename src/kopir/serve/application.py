"""The application: which address shows which view, and in which form."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from starlette.exceptions import HTTPException

from kopir.core.errors import Fault, InputError, KopirError, Locked, ModelError
from kopir.core.outward import finite
from kopir.core.version import __version__
from kopir.report.forms.envelope import as_envelope
from kopir.report.forms.grids import Grid
from kopir.serve.choice import Choice, choice_of
from kopir.serve.described import taken
from kopir.serve.desk import Desk
from kopir.serve.guard import Door, Guard
from kopir.serve.pages.asking import question, question_list
from kopir.serve.pages.documents import document, documents, reviewed
from kopir.serve.pages.editing import table, tables
from kopir.serve.pages.facts import KINDS as KINDS_OF_FACTS
from kopir.serve.pages.facts import facts
from kopir.serve.pages.partners import partner, partners
from kopir.serve.pages.scenarios import scenario, scenario_list
from kopir.serve.pages.start import geojson, ground_at, map_of, start
from kopir.serve.pages.tracing import tracing
from kopir.serve.posting import give_scenarios, take_posts, take_rows, take_scenarios
from kopir.serve.rendering import as_drawing, as_page, as_picture, map_style, style_sheet
from kopir.serve.view import KINDS, TWINS, Twin, View
from kopir.serve.words import Words, words_of

Make = Callable[[Desk, Words, Choice, Request], View]
SUFFIXES = tuple(f".{twin}" for twin in TWINS)
FONT = "IBMPlexSans[wdth,wght].ttf"
_LOG = logging.getLogger("kopir.serve")
_KEEP = {"cache-control": "max-age=86400"}
_BUILT = {"js": "text/javascript", "css": "text/css", "txt": "text/plain"}
"""Files that `make` has built, by the end of their names."""
_ANEW = {"cache-control": "no-cache"}


def application(desk: Desk, door: Door | None = None) -> FastAPI:
    """Return the application that answers for a desk, behind ``door`` (this machine alone unless given)."""
    app = FastAPI(title="kopir", version=__version__, docs_url=None, redoc_url=None)
    office = Office(desk)
    give_scenarios(app, desk, office.choice)
    for path, make in {**_about_answers(), **_about_the_folder()}.items():
        office.show(app, path, make, twins="/refusal" if path == "/" else "")
    take_posts(app, desk, office.choice)
    take_rows(app, desk, office.choice)
    take_scenarios(app, desk, office.choice)
    _drawings(app, office)
    _files(app)
    _faults(app, office)
    app.add_middleware(Guard, door=door or Door())
    return app


def _about_answers() -> Mapping[str, Make]:
    """Return the views of what a model answers, by path."""

    def of_question(desk: Desk, words: Words, choice: Choice, request: Request) -> View:
        data = request.url.path.endswith(SUFFIXES)
        return question(desk, words, choice, _named(request), request.query_params, data=data)

    def of_start(desk: Desk, words: Words, choice: Choice, request: Request) -> View:
        return start(desk, words, choice, data=request.url.path.endswith(SUFFIXES))

    def of_partner(desk: Desk, words: Words, choice: Choice, request: Request) -> View:
        curved = request.query_params.get("curves", "") not in {"", "0"}
        return partner(desk, words, choice, _named(request), curved=curved)

    return {
        "/": of_start,
        "/partners": lambda desk, words, choice, _: partners(desk, words, choice),
        "/partners/{name}": of_partner,
        "/questions": lambda desk, words, choice, _: question_list(desk, words, choice),
        "/questions/{name}": of_question,
        "/why": lambda desk, words, choice, request: tracing(desk, words, choice, request.query_params),
    }


def _about_the_folder() -> Mapping[str, Make]:
    """Return the views of what is read and what a model folder holds, by path."""

    def of_document(desk: Desk, words: Words, choice: Choice, request: Request) -> View:
        sent = request.query_params.get("sent", "")
        return document(desk, words, choice, _named(request), sent=sent)

    def of_scenario(desk: Desk, words: Words, choice: Choice, request: Request) -> View:
        return scenario(desk, words, choice, _named(request), request.query_params)

    def of_table(desk: Desk, words: Words, choice: Choice, request: Request) -> View:
        return table(desk, words, choice, _named(request), request.query_params)

    return {
        "/scenarios": lambda desk, words, choice, _: scenario_list(desk, words, choice),
        "/scenarios/{name}": of_scenario,
        "/documents": lambda desk, words, choice, _: documents(desk, words, choice),
        "/documents/{name}": of_document,
        "/documents/{name}/review": lambda desk, words, choice, request: reviewed(
            desk, words, choice, _named(request)
        ),
        "/facts": lambda desk, words, choice, _: facts(desk, words, choice, KINDS_OF_FACTS[0]),
        "/facts/{name}": lambda desk, words, choice, request: facts(desk, words, choice, _named(request)),
        "/model": lambda desk, words, choice, _: tables(desk, words, choice),
        "/model/{name}": of_table,
    }


def _named(request: Request) -> str:
    name: str = request.path_params["name"]
    return name


class Office:
    """Shows views of one desk, each in the form and the language that a request asks for."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def choice(self, request: Request) -> Choice:
        """Return what the address of a request asks, of the folder as it lies now."""
        self.desk.look()
        accepted = request.headers.get("accept-language", "")
        return self.desk.settled(choice_of(request.query_params.multi_items(), accepted))

    def words(self, choice: Choice) -> Words:
        """Return the words of a choice's language."""
        model = self.desk.project.model
        return self.desk.made(("words", choice.language), lambda: words_of(model, choice.language))

    def show(self, app: FastAPI, path: str, make: Make, *, twins: str = "") -> None:
        """Add the pages at ``path``, and their twins at the same path or at ``twins``."""
        for twin in TWINS:
            app.add_api_route(
                f"{twins or path}.{twin}",
                self._twin(make, twin),
                methods=["GET"],
                response_class=Response,
                name=f"{(twins or path).strip('/')} as {twin}",
                openapi_extra=taken(f"{path}.{twin}"),
            )
        app.add_api_route(
            path,
            self._page(make),
            methods=["GET"],
            response_class=Response,
            name=path,
            openapi_extra=taken(path),
        )

    def _page(self, make: Make) -> Callable[[Request], Response]:
        def page(request: Request) -> Response:
            choice = self.choice(request)
            words = self.words(choice)
            return self.page(request, make(self.desk, words, choice, request), choice)

        return page

    def _twin(self, make: Make, twin: Twin) -> Callable[[Request], Response]:
        def data(request: Request) -> Response:
            choice = self.choice(request)
            view = make(self.desk, self.words(choice), choice, request)
            headers = {"content-disposition": f'attachment; filename="kopir.{twin}"'} if twin == "xlsx" else None
            return Response(view.as_twin(twin), media_type=KINDS[twin], headers=headers)

        return data

    def page(self, request: Request, view: View, choice: Choice, status: int = 200) -> Response:
        """Return a view as a page."""
        words = self.words(choice)
        text = as_page(view, words, choice, request.url.path, request.url.query, self.desk.edition)
        return Response(text, status, media_type="text/html; charset=utf-8", headers={"vary": "accept-language"})


def _drawings(app: FastAPI, office: Office) -> None:
    def drawn(request: Request) -> Response:
        choice = office.choice(request)
        words, desk = office.words(choice), office.desk
        map = map_of(desk, words, choice, desk.refusal(choice).result)
        if map is None:
            raise HTTPException(404)
        return Response(as_drawing(map, words, map_style()), media_type="image/svg+xml")

    def pixels(request: Request) -> Response:
        choice = office.choice(request)
        words, desk = office.words(choice), office.desk
        map = map_of(desk, words, choice, desk.refusal(choice).result)
        if map is None:
            raise HTTPException(404)
        return Response(as_picture(as_drawing(map, words, map_style())), media_type="image/png")

    def lines(request: Request) -> Response:
        choice = office.choice(request)
        found = geojson(office.desk, office.words(choice), choice)
        return JSONResponse(finite(found), media_type="application/geo+json")

    def ground(request: Request) -> Response:
        office.choice(request)
        found = ground_at(office.desk)
        if found is None:
            raise HTTPException(404)
        return JSONResponse(found, headers=_ANEW)

    for kind, make in (("svg", drawn), ("png", pixels), ("geojson", lines)):
        app.add_api_route(
            f"/map.{kind}",
            make,
            methods=["GET"],
            response_class=Response,
            name=f"map as {kind}",
            openapi_extra=taken(f"/map.{kind}"),
        )
    app.add_api_route(
        "/map/ground.json",
        ground,
        methods=["GET"],
        response_class=Response,
        name="ground of the map",
        openapi_extra=taken("/map/ground.json"),
    )


def _files(app: FastAPI) -> None:
    """Add the files that pages need: the style sheet, the font, and scripts that `make` has built."""

    def style() -> Response:
        return Response(style_sheet(), media_type="text/css; charset=utf-8", headers=_ANEW)

    def font() -> Response:
        return FileResponse(
            str(files("fontpkg_ibm_plex_sans").joinpath("files", FONT)), media_type="font/ttf", headers=_KEEP
        )

    def built(name: str, request: Request) -> Response:
        file, kind = files("kopir.serve").joinpath("static", name), _BUILT.get(name.rpartition(".")[2])
        if kind is None or "/" in name or not file.is_file():
            raise HTTPException(404)
        content = file.read_bytes()
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        held = request.headers.get("if-none-match") == tag
        headers = {**_ANEW, "etag": tag}
        return Response(b"" if held else content, 304 if held else 200, headers, f"{kind}; charset=utf-8")

    for path, make in (("/static/style.css", style), ("/static/plex.ttf", font), ("/static/{name}", built)):
        app.add_api_route(path, make, methods=["GET"], response_class=Response, name=path, include_in_schema=False)


def _faults(app: FastAPI, office: Office) -> None:
    """Let every error leave as a page that says what to do, or as the one JSON object of errors."""

    def told(request: Request, faults: tuple[Fault, ...], text: str, status: int) -> Response:
        if request.url.path.endswith((*SUFFIXES, ".svg", ".png", ".geojson")):
            return Response(as_envelope(None, None, faults, {}), status, media_type=KINDS["json"])
        try:
            choice = replace(office.choice(request), deny=(), lose=())
        except InputError:
            choice = Choice()
        title = office.words(choice).text("page.fault")
        context = {"faults": faults, "told": text}
        view = View("fault.html", title, context, {}, Grid((), ()))
        return office.page(request, view, choice, status)

    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, KopirError)
        return told(request, error.faults, str(error), _status(error))

    async def missing(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        choice = Choice()
        text = office.words(choice).text("page.unknown")
        fault = Fault("K0505", text, "follow a link of a page", value=request.url.path[:80])
        return told(request, (fault,), text, error.status_code)

    async def malformed(request: Request, error: Exception) -> Response:
        fault = Fault("K0505", "the request is not as it should be", "follow a link or a form of a page")
        return told(request, (fault,), str(error), 422)

    async def broken(request: Request, error: Exception) -> Response:
        _LOG.error("%s: %r", request.url.path, error)
        return told(request, (), "kopir itself is at fault", 500)

    handlers: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
        KopirError: known,
        HTTPException: missing,
        RequestValidationError: malformed,
        Exception: broken,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def _status(error: KopirError) -> int:
    if isinstance(error, InputError):
        return 404 if any(fault.code == "K0701" for fault in error.faults) else 400
    return 409 if isinstance(error, Locked) else 422 if isinstance(error, ModelError) else 500
