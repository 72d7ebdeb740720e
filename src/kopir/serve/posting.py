"""What is posted: documents for the tray, corrections of their claims, and documents for the fact book."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from kopir.core.errors import Fault, InputError
from kopir.core.folders.cells import parse_number
from kopir.core.folders.schema import table_schemas
from kopir.serve.changes import row_changed, scenario_kept, scenario_removed, scenario_renamed, sent
from kopir.serve.choice import Choice, choice_of
from kopir.serve.described import posted, taken
from kopir.serve.desk import Desk
from kopir.serve.earlier import earlier_text
from kopir.serve.pages.documents import read_of, slots
from kopir.serve.pages.scenarios import choice_page
from kopir.serve.scenarios import plan_of, scenario_named, text_of
from kopir.serve.tray import MOST_BYTES, Kept

if TYPE_CHECKING:
    from pathlib import Path

MOST_FILES = 40
_MOST_FIELDS = 20
_MOST_CELLS = 80
_CELL = "cell-"
_NAME = 60
_OF_PLAN = ("name", "title", "first", "days")
SEE_OTHER = 303
_NUMBERS = frozenset({"value", "lo", "hi"})


@dataclass(frozen=True)
class Given:
    """A document of a form, not kept yet."""

    name: str
    data: bytes


def take_posts(app: FastAPI, desk: Desk, choice_at: Callable[[Request], Choice]) -> None:
    """Add what may be posted to an application: each answers with the page that shows what came of it."""

    async def give(request: Request) -> Response:
        async with request.form(max_files=MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=MOST_BYTES) as form:
            given = await _given(form)
            date, about = _field(form, "date"), _field(form, "about")
            review = "review" in form
        kept = await run_in_threadpool(_keep, desk, given, date, about)
        if len(kept) > 1:
            return _led(choice_at(request).at("/documents"))
        path = f"/documents/{kept[0].key}{'/review' if review else ''}"
        return _led(choice_at(request).at(path))

    async def correct(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
            row = {name: _field(form, name) for name in ("start", "end", "slot", "value")}
        key = request.path_params["key"]
        await run_in_threadpool(_correct, desk, key, row)
        return _led(f"{choice_at(request).at(f'/documents/{key}')}#c{row['start']}-{row['end']}")

    async def send(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
            version = _field(form, "version")
        key = request.path_params["key"]
        written = await run_in_threadpool(_send, desk, key, version)
        return _led(choice_at(request).at(f"/documents/{key}", sent=" ".join(path.name for path in written)))

    posts: dict[str, Callable[[Request], Awaitable[Response]]] = {
        "/documents": give,
        "/documents/{key}/correct": correct,
        "/documents/{key}/send": send,
    }
    for path, handler in posts.items():
        _add_post(app, path, handler)


def _add_post(app: FastAPI, path: str, handler: Callable[[Request], Awaitable[Response]]) -> None:
    app.add_api_route(
        path, handler, methods=["POST"], response_class=Response, name=f"post {path}", openapi_extra=posted(path)
    )


def take_rows(app: FastAPI, desk: Desk, choice_at: Callable[[Request], Choice]) -> None:
    """Add the rows of tables that may be posted: each answers with its table."""

    async def change(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=_MOST_CELLS) as form:
            version, line, remove = _field(form, "version"), _field(form, "line"), "remove" in form
            values = {name.removeprefix(_CELL): _field(form, name) for name in form if name.startswith(_CELL)}
        table = request.path_params["name"]
        schema = table_schemas().get(table)
        if schema is None or not values.keys() <= set(schema.names):
            raise InputError(Fault("K0701", "there is no such table or column", "see /model", value=table[:80]))
        await run_in_threadpool(row_changed, desk, table, version, line, None if remove else values)
        return _led(choice_at(request).at(f"/model/{table}"))

    _add_post(app, "/model/{name}", change)


def take_scenarios(app: FastAPI, desk: Desk, choice_at: Callable[[Request], Choice]) -> None:
    """Add the scenarios that may be posted: what stands on the map under a new name, or another text of one."""

    async def keep(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=_MOST_CELLS) as form:
            version = _field(form, "version")
            given = {name: _field(form, name) for name in _OF_PLAN}
            choice = desk.settled(choice_of(_texts(form)))

        def keep_it() -> str:
            plan = plan_of(desk, choice, given)
            scenario_kept(desk, plan.name, text_of(desk, choice, plan), version, "")
            return plan.name

        name = await run_in_threadpool(keep_it)
        return _led(choice_page(choice, name))

    async def change(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
            version, replaced = _field(form, "version"), _field(form, "replaced")
            text = "\n".join(_field(form, "text").splitlines()) + "\n"
        choice, name = choice_at(request), request.path_params["name"]
        scenario_named(desk, name)
        await run_in_threadpool(scenario_kept, desk, name, text, version, replaced)
        return _led(choice_page(choice, name))

    for path, handler in (("/scenarios", keep), ("/scenarios/{name}", change)):
        _add_post(app, path, handler)
    _take_removals(app, desk, choice_at)


def _take_removals(app: FastAPI, desk: Desk, choice_at: Callable[[Request], Choice]) -> None:
    """Add what may become of a scenario as a whole: another name, away, or a text that it had before."""

    async def fields(request: Request) -> dict[str, str]:
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
            return {name: _field(form, name) for name in form}

    async def rename(request: Request) -> Response:
        given, name = await fields(request), request.path_params["name"]
        to, shown = given.get("to", ""), (given.get("version", ""), given.get("replaced", ""))
        await run_in_threadpool(scenario_renamed, desk, name, to, *shown)
        return _led(choice_page(choice_at(request), to))

    async def remove(request: Request) -> Response:
        given, name = await fields(request), request.path_params["name"]
        if not given.get("sure"):
            mend = "tick that it is meant, and send it again"
            raise InputError(Fault("K0505", "nobody has said that this is meant", mend, column="sure"))
        await run_in_threadpool(scenario_removed, desk, name, given.get("version", ""), given.get("replaced", ""))
        return _led(choice_at(request).at("/scenarios"))

    async def put_back(request: Request) -> Response:
        given, name = await fields(request), request.path_params["name"]

        def put_it_back() -> None:
            text = earlier_text(desk.project.model.folder.path, name, given.get("number", ""))
            scenario_kept(desk, name, text, given.get("version", ""), given.get("replaced", ""))

        await run_in_threadpool(put_it_back)
        return _led(choice_page(choice_at(request), name))

    for what, handler in (("rename", rename), ("remove", remove), ("put_back", put_back)):
        _add_post(app, f"/scenarios/{{name}}/{what}", handler)


def give_scenarios(app: FastAPI, desk: Desk, choice_at: Callable[[Request], Choice]) -> None:
    """Add scenarios as files: those of the folder, and what stands on the map, which is not kept by asking."""

    def kept(request: Request) -> Response:
        choice_at(request)
        name = request.path_params["name"]
        return _file(name, scenario_named(desk, name).text)

    def made(request: Request) -> Response:
        choice = choice_at(request)
        plan = plan_of(desk, choice, {name: request.query_params.get(name, "") for name in _OF_PLAN})
        return _file(plan.name, text_of(desk, choice, plan))

    for path, handler in (("/scenario.toml", made), ("/scenarios/{name}.toml", kept)):
        app.add_api_route(
            path, handler, methods=["GET"], response_class=Response, name=path, openapi_extra=taken(path)
        )


def _file(name: str, text: str) -> Response:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}.toml"}
    return Response(text, media_type="application/toml; charset=utf-8", headers=headers)


def _texts(form: FormData) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def _led(address: str) -> Response:
    return RedirectResponse(address, SEE_OTHER)


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


async def _given(form: FormData) -> list[Given]:
    found = [
        Given(item.filename, await item.read(MOST_BYTES + 1))
        for item in form.getlist("files")
        if isinstance(item, UploadFile) and item.filename
    ]
    text = _field(form, "text")
    if text:
        found.append(
            Given(" ".join(text[:_NAME].split()).replace("/", " ").replace(".", " ") + ".txt", text.encode())
        )
    return found


def _keep(desk: Desk, given: Sequence[Given], date: str, about: str) -> list[Kept]:
    from kopir.evidence.documents._catalogue import option_faults

    faults = option_faults(date or None, "auto", about or None)
    if faults:
        raise InputError(list(faults))
    if not given:
        raise InputError(Fault("K0505", "no document is given", "choose files or paste text"))
    return [desk.tray.keep(one.name, one.data, date=date, about=about) for one in given]


def _correct(desk: Desk, key: str, row: dict[str, str]) -> None:
    kept = desk.tray.document(key)
    place = (row["start"], row["end"])
    claims = [one for one in read_of(desk, kept).claims if (str(one.start), str(one.end)) == place]
    if not claims or row["slot"] not in slots():
        raise InputError(
            Fault("K2012", "the correction finds no claim", "open the document anew and correct there")
        )
    if row["slot"] in _NUMBERS and row["value"] and parse_number(row["value"]) is None:
        raise InputError(
            Fault("K2011", "this slot holds a number", "give a number in base units", value=row["value"][:80])
        )
    desk.tray.correct(kept, {**row, "doc": kept.name, "text": claims[0].text})


def _send(desk: Desk, key: str, version: str) -> Sequence[Path]:
    return sent(desk, read_of(desk, desk.tray.document(key)), version)
