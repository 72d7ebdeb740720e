"""Questions: the list of all, and a page for each, with its options as a form; made from the one list."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from kopir.core.errors import Fault, InputError
from kopir.model.contents.spoken import spoken
from kopir.report.forms.grids import Grid
from kopir.serve.charts.pictures import Picture, picture
from kopir.serve.choice import Choice
from kopir.serve.scenarios import names
from kopir.serve.tables import Shown, shown, why
from kopir.serve.view import View
from kopir.strategy.questions import questions

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from kopir.model.grounds.answers import Answer
    from kopir.serve.desk import Desk
    from kopir.serve.words import Words
    from kopir.strategy.value.question import Option, Question

_NAMED = frozenset(
    {
        "asset",
        "assets",
        "beside",
        "changes",
        "closable",
        "coalition",
        "commodity",
        "controller",
        "corridor",
        "denied",
        "denier",
        "event",
        "first",
        "from_node",
        "function",
        "goods",
        "functions",
        "gainer",
        "institution",
        "jurisdiction",
        "jurisdictions",
        "layer",
        "layers",
        "leader",
        "leading",
        "left",
        "link",
        "lost",
        "member",
        "members",
        "most_party",
        "option",
        "options",
        "owner",
        "partner",
        "party",
        "plan",
        "player",
        "provider",
        "refused",
        "right",
        "second",
        "to_node",
        "transfer",
        "weakest_to",
        "worst",
    }
)
"""Columns of answers that hold codes."""
_OTHER_TABLES = 6
_CITED = 200


@dataclass(frozen=True)
class Field:
    """An option of a question as a form has it: what it may be, and what it is now."""

    name: str
    label: str
    help: str
    kind: str
    value: str
    default: str
    choices: tuple[str, ...] = ()
    known: tuple[tuple[str, str], ...] = ()
    needed: bool = False
    low: float | None = None
    high: float | None = None


def question_list(desk: Desk, words: Words, choice: Choice) -> View:
    """Return the list of all questions."""
    listed = [
        {
            "name": one.name,
            "title": one.names[words.language],
            "about": words.about(one.name, one.about),
            "href": choice_path(choice, f"/questions/{one.name}"),
        }
        for one in sorted(questions(), key=lambda one: one.names[words.language].casefold())
    ]
    table = pl.DataFrame([{"question": one["name"], "title": one["title"]} for one in listed])
    return View(
        template="questions.html",
        title=words.text("questions.title"),
        context={"listed": listed},
        record={"questions": table.to_dicts()},
        main=Grid.of(table),
        run=desk.project.record("questions"),
    )


def question(
    desk: Desk, words: Words, choice: Choice, name: str, query: QueryParams, *, data: bool = False
) -> View:
    """Return the page of a question, with its answer where all it needs is given; asked anyhow for its ``data``.

    Raises :class:`InputError` for a question that there is not, and as the question does.
    """
    asked = next((one for one in questions() if one.name == name), None)
    if asked is None:
        raise InputError(Fault("K0701", "there is no such question", "see /questions", value=name[:80]))
    given = _given(asked, query)
    fields = [_field(desk, words, asked, option, query) for option in asked.options if _offered(asked, option)]
    needs = [field.name for field in fields if field.needed and not field.value]
    if data and needs:
        raise InputError(
            [Fault("K0505", "this has to be given", "add it to the address", column=one) for one in needs]
        )
    wanted = data or "ask" in query or any(key in query for key in asked.options)
    answer = desk.answer(asked, given) if wanted and not needs else None
    context: dict[str, object] = {
        "question": asked,
        "about": words.about(asked.name, asked.about),
        "fields": fields,
        "needs": needs if wanted else [],
        "tables": [] if answer is None else _tables(words, asked, answer),
        "picture": None if answer is None else _picture(words, answer),
        "asked": answer is not None,
        "command": _command(desk, asked, given),
    }
    return View(
        template="question.html",
        title=asked.names[words.language],
        context=context,
        record={} if answer is None else answer.as_record(),
        main=Grid((), ()) if answer is None else Grid.of(answer.table),
        run=None if answer is None else answer.run,
        rates=answer is None or _by_the_year(answer),
    )


def choice_path(choice: Choice, path: str) -> str:
    """Return the address of a page that keeps nothing of a choice but its language."""
    return f"{path}?lang={choice.language}" if choice.own else path


def _offered(asked: Question[..., Any], name: str) -> bool:
    """Return whether a page offers an option: of files only scenarios, by their names."""
    return asked.options[name].kind != "path" or _needed(asked, name)


def _needed(asked: Question[..., Any], name: str) -> bool:
    return asked.defaults[name] is inspect.Parameter.empty


def _field(desk: Desk, words: Words, asked: Question[..., Any], name: str, query: QueryParams) -> Field:
    option, default = asked.options[name], asked.defaults[name]
    known: tuple[tuple[str, str], ...] = ()
    choices = option.choices
    if option.kind == "path":
        choices = names(desk)
    elif option.of is not None:
        known = tuple((code, words.name(code)) for code in spoken(desk.project.model, option.of).names)
    return Field(
        name=name,
        label=words.label(name),
        help=words.help(asked.name, name, option.help),
        kind=option.kind,
        value=",".join(query.getlist(name)),
        default="" if default in {inspect.Parameter.empty, None, ()} or option.kind == "flag" else str(default),
        choices=choices,
        known=known,
        needed=_needed(asked, name),
        low=option.low,
        high=option.high,
    )


def _given(asked: Question[..., Any], query: QueryParams) -> dict[str, object]:
    """Return the options that a query gives, in the form in which the question takes them."""
    found: dict[str, object] = {}
    for name, option in asked.options.items():
        texts = [part.strip() for value in query.getlist(name) for part in _parted(option, value)]
        texts = [text for text in texts if text]
        if texts and _offered(asked, name):
            value = _value(option, name, texts)
            if value is not None:
                found[name] = value
    return found


def _parted(option: Option, value: str) -> Sequence[str]:
    return value.split(",") if option.kind in {"codes", "wholes"} else (value,)


def _value(option: Option, name: str, texts: list[str]) -> object:
    last = texts[-1]
    match option.kind:
        case "codes":
            return tuple(texts)
        case "wholes":
            return tuple(int(_number(option, name, text, whole=True)) for text in texts)
        case "whole":
            return int(_number(option, name, last, whole=True))
        case "number":
            return _number(option, name, last)
        case "flag":
            return option.gives if last not in {"0", "no", "false"} else None
        case "date":
            try:
                return date.fromisoformat(last)
            except ValueError:
                raise _wrong(name, last, "write a day as YYYY-MM-DD") from None
        case "path":
            if "/" in last or "\\" in last or last.startswith("."):
                raise _wrong(name, last, "name a scenario of the model")
            return last
        case _:
            if option.choices and last not in option.choices:
                raise _wrong(name, last, f"write one of {', '.join(option.choices)}")
            return last


def _number(option: Option, name: str, text: str, *, whole: bool = False) -> float:
    low = -1e15 if option.low is None else option.low
    high = 1e15 if option.high is None else option.high
    mend = f"write a {'whole ' if whole else ''}number from {low:g} to {high:g}"
    try:
        value = float(text)
    except ValueError:
        raise _wrong(name, text, mend) from None
    if not low <= value <= high or (whole and value != int(value)):
        raise _wrong(name, text, mend)
    return value


def _wrong(name: str, value: str, mend: str) -> InputError:
    return InputError(Fault("K0505", f"{name} is not as it should be", mend, column=name, value=value[:80]))


def _tables(words: Words, asked: Question[..., Any], answer: Answer[Any]) -> list[Shown]:
    """Return the main table, then the other tables of the result, then the figures that say what they rest on."""
    numbers = answer.numbers
    key = answer.table.columns[0] if answer.table.columns else ""
    stem = asked.ids[0] if asked.ids else asked.name

    def href(row: Mapping[str, object], column: str) -> str:
        name = f"{stem}:{row[key]}:{column}"
        return why(name) if name in numbers else ""

    rates = _by_the_year(answer)
    caption = words.text("questions.asked")
    tables = [shown(words, "answer", answer.table, names=_NAMED, caption=caption, href=href, rates=rates)]
    for name, frame in _frames(answer):
        tables.append(shown(words, name, frame, names=_NAMED, caption=_caption(words, name), rates=rates))
    linked = any(link for table in tables for row in table.rows for _, link in row)
    if numbers and not linked:
        rows = [
            {"figure": name, "value": one.value, "unit": one.unit} for name, one in list(numbers.items())[:_CITED]
        ]
        cited = pl.DataFrame(rows, schema={"figure": pl.String, "value": pl.Float64, "unit": pl.String})
        tables.append(
            shown(
                words,
                "cited",
                cited,
                caption=words.text("questions.cited"),
                href=lambda row, column: why(str(row["figure"])) if column == "figure" else "",
            )
        )
    return tables


def _by_the_year(answer: Answer[Any]) -> bool:
    """Return whether amounts are those of a year: a course of days has those of its days."""
    return answer.run.horizon not in {"days", "scenario"}


def _picture(words: Words, answer: Answer[Any]) -> Picture | None:
    """Return the chart of an answer that has one: what more capital buys, which assets matter most."""
    critical = getattr(answer.result, "critical", None)
    if isinstance(critical, pl.DataFrame) and critical.height:
        return _critical(words, critical)
    frontier = getattr(answer.result, "frontier", None)
    if not isinstance(frontier, pl.DataFrame) or frontier.is_empty():
        return None
    from kopir.report.charts.frontier import frontier_chart

    budget, residual = words.text("questions.budget"), words.text("questions.residual")
    spec = frontier_chart(
        frontier,
        language=words.language,
        rules={rule: words.value(rule) for rule in frontier["rule"].unique()},
        budget=budget,
        residual=residual,
    )

    def tell(value: Mapping[str, Any]) -> str:
        return f"{budget}: {words.number(value['budget'])}\n{residual}: {words.number(value['left'])}"

    caption, about = words.text("questions.frontier"), words.text("questions.frontier_about")
    return picture("frontier", caption, about, spec, tell)


def _critical(words: Words, table: pl.DataFrame) -> Picture:
    from kopir.report.charts.critical import critical_chart

    called = [words.name(code) for code in table["asset"]]
    if len(set(called)) == len(called):
        table = table.with_columns(asset=pl.Series(called))
    axis = words.text("questions.lost_mt" if "alone_mt" in table.columns else "questions.lost_musd")
    spec = critical_chart(
        table,
        language=words.language,
        alone=words.text("questions.alone"),
        added=words.text("questions.added"),
        axis=axis,
    )

    def tell(value: Mapping[str, Any]) -> str:
        return f"{value['asset']}\n{value['what']}: {words.number(value['lost'])} {axis}"

    caption, about = words.text("questions.critical"), words.text("questions.critical_about")
    return picture("critical", caption, about, spec, tell)


def _caption(words: Words, name: str) -> str:
    return words.messages.texts.get(f"answer.{name}", name.replace("_", " "))


def _frames(answer: Answer[Any]) -> list[tuple[str, pl.DataFrame]]:
    """Return the tables of a result beside its main one, by name."""
    found = []
    for name, value in answer.as_record().items():
        rows = value if isinstance(value, list) else []
        if rows and all(isinstance(row, dict) for row in rows):
            frame = pl.DataFrame(rows, infer_schema_length=None, strict=False)
            if not frame.equals(answer.table) and frame.columns != answer.table.columns:
                found.append((name, frame))
    return found[:_OTHER_TABLES]


def _command(desk: Desk, asked: Question[..., Any], given: Mapping[str, object]) -> str:
    """Return the command that asks the same."""
    words = ["kopir", asked.command or asked.name]
    for name, value in given.items():
        option = asked.options[name]
        if option.kind == "flag":
            words.append(option.word)
        else:
            text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            words += [option.word, text]
    return " ".join([*words, desk.project.model.folder.path.name])
