"""What addresses take, as OpenAPI tells it (``/openapi.json``): for programs, and for a test that tries all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kopir.core.codes import LANGUAGES
from kopir.core.folders.schema import table_schemas
from kopir.serve.choice import MOST_MONTHS
from kopir.serve.pages.facts import KINDS as KINDS_OF_FACTS
from kopir.strategy.questions import questions

_NAME = re.compile(r"\{(\w+)\}")
Schema = Mapping[str, Any]
_TEXT: Schema = {"type": "string"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_FLAG: Schema = {"type": "string", "enum": ["0", "1"]}
_CHOICE: Mapping[str, Schema] = {
    "deny": _TEXTS,
    "lose": _TEXTS,
    "severity": {"type": "number", "minimum": 0, "maximum": 1},
    "months": {"type": "integer", "minimum": 1, "maximum": MOST_MONTHS},
    "draws": _FLAG,
    "side": {"type": "string", "enum": ["before", "after"]},
    "map": {"type": "string", "enum": ["drawn", "zoom"]},
    "lang": {"type": "string", "enum": list(LANGUAGES)},
}
"""What any address takes: the state of a page."""
_DAY: Schema = {"type": "string", "format": "date"}
_WHOLE: Schema = {"type": "integer", "minimum": 0}
_OF_PLAN: Mapping[str, Schema] = {"name": _TEXT, "title": _TEXT, "first": _DAY, "days": _WHOLE}
_MORE: Mapping[str, Mapping[str, Schema]] = {
    "/why": {"id": _TEXT},
    "/partners/{name}": {"curves": _FLAG},
    "/scenarios/{name}": {"step": _WHOLE},
    "/model/{name}": {"line": _TEXT, "from": _WHOLE},
    "/scenario.toml": _OF_PLAN,
}
"""What single addresses take beside it."""
_FORMS: Mapping[str, Mapping[str, Schema]] = {
    "/documents": {"text": _TEXT, "date": _TEXT, "about": _TEXT, "review": _FLAG},
    "/documents/{key}/correct": {"start": _TEXT, "end": _TEXT, "slot": _TEXT, "value": _TEXT},
    "/documents/{key}/send": {"version": _TEXT},
    "/model/{name}": {"version": _TEXT, "line": _TEXT, "remove": _FLAG},
    "/scenarios": {**_OF_PLAN, "version": _TEXT, "deny": _TEXTS, "lose": _TEXTS, "severity": _CHOICE["severity"]},
    "/scenarios/{name}": {"version": _TEXT, "replaced": _TEXT, "text": _TEXT},
    "/scenarios/{name}/rename": {"version": _TEXT, "replaced": _TEXT, "to": _TEXT},
    "/scenarios/{name}/remove": {"version": _TEXT, "replaced": _TEXT, "sure": _FLAG},
    "/scenarios/{name}/put_back": {"version": _TEXT, "replaced": _TEXT, "number": _TEXT},
}
"""The fields of what is posted."""


def taken(path: str) -> dict[str, Any]:
    """Return what a GET of ``path`` takes, as an operation of OpenAPI has it."""
    stem = path if path in _MORE else path.rpartition(".")[0] if "." in path else path
    more = _options() if stem == "/questions/{name}" else _MORE.get(stem, {})
    return {"parameters": [*_named(stem), *_asked({**_CHOICE, **more})]}


def posted(path: str) -> dict[str, Any]:
    """Return what a POST to ``path`` takes."""
    schema = {"type": "object", "properties": dict(_FORMS[path])}
    content = {"application/x-www-form-urlencoded": {"schema": schema}}
    return {"parameters": _named(path), "requestBody": {"required": True, "content": content}}


def _named(path: str) -> list[dict[str, Any]]:
    known: Mapping[str, Iterable[str]] = {
        "/questions/{name}": [one.name for one in questions()],
        "/model/{name}": table_schemas(),
        "/facts/{name}": KINDS_OF_FACTS,
    }
    schema = {**_TEXT, "enum": list(known[path])} if path in known else _TEXT
    return [{"name": name, "in": "path", "required": True, "schema": schema} for name in _NAME.findall(path)]


def _asked(fields: Mapping[str, Schema]) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": schema} for name, schema in fields.items()]


def _options() -> Mapping[str, Schema]:
    """Return the options of all questions; one page takes those of its own."""
    return {"ask": _FLAG} | {name: _TEXT for one in questions() for name in one.options}
