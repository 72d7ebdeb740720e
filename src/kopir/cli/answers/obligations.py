"""``kopir obligations``: memberships and agreements, their clauses, contradictions, and whether leaving pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kopir.cli.options import Codes, Delivery, Deny, Span, Subject, Tongue, With
from kopir.cli.output import Grid, Reply, Stages, deliver, figure

if TYPE_CHECKING:
    from kopir.core.codes import Language
    from kopir.project import Project
    from kopir.strategy.institutions.obligations import Contradiction, ObligationResult, Statement
    from kopir.strategy.institutions.prospects import ProspectResult

_WAYS_SHOWN = 5
_SAYS = {
    "requires": "{left} requires {right}",
    "excludes": "{right} excludes {left}",
    "adds": "{right} added to {left}",
    "triggers": "{left} closes {right}",
    "costs": "{left} costs",
}


def obligations(
    subject: Subject,
    span: Span,
    tongue: Tongue,
    delivery: Delivery,
    *,
    with_: With = None,
    leave: Annotated[
        Codes, typer.Option(metavar="CODE[,CODE]", help="An institution that is left; sanctions that end.")
    ] = None,
    join: Annotated[Codes, typer.Option(metavar="CODE[,CODE]", help="An institution that is joined.")] = None,
    deny: Deny = None,
) -> None:
    """Show what memberships and agreements ask, and which clauses cannot hold together.

    With --deny the changes are weighed against a refusal.
    """
    named = {"plan": _codes(with_), "leave": _codes(leave), "join": _codes(join)}

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        with stages.stage("comparing clauses"):
            answer = project.obligations(**named)
        record, parts, run = answer.as_record(), _parts(project, answer.result, tongue.lang), answer.run
        if deny:
            with stages.stage("solving"):
                weighed = project.prospects(_codes(deny), **named, horizon=span.horizon)
            record, run = record | {"prospects": weighed.as_record()}, weighed.run
            parts += _prospect_parts(weighed.result)
        return Reply(record=record, main=Grid.of(answer.table), parts=tuple(parts), run=run)

    deliver(delivery, ask, folder=subject.model)


def _codes(given: Codes) -> tuple[str, ...]:
    return tuple(sorted(set(given or ())))


def _parts(project: Project, found: ObligationResult, language: Language) -> list[str | Grid]:
    if not len(found.institutions):
        return ["the model has no rows in institutions.csv"]
    from kopir.model.contents.names import name_of

    shown = ("kind", "held", "since", "clauses", "members")
    rows = []
    for row in found.institutions.iter_rows(named=True):
        name = name_of(project.model, row["institution"], language)
        rows.append(
            (row["institution"], name, row["kind"], row["held"], row["since"], row["clauses"], row["members"])
        )
    parts: list[str | Grid] = [
        Grid(
            ("institution", "name", *shown),
            tuple(rows),
            "institutions (sanctions are held while somebody imposes them)",
        ),
        "clauses\n" + "\n".join(_clause(row) for row in found.clauses.iter_rows(named=True)),
    ]
    without = [row for row in found.institutions.iter_rows(named=True) if row["note"] and not row["clauses"]]
    if without:
        parts.append("\n".join(["memberships and agreements without a clause", *map(_remark, without)]))
    if any(found.fees):
        parts.append(f"costs that apply: {_money(found.fees)}")
    if any(found.penalty):
        parts.append(f"penalties of soft clauses that are broken: {_money(found.penalty)}")
    if not found.contradictions:
        parts.append("memberships and plan as they are contradict no clause")
    parts += [_contradiction(number, group) for number, group in enumerate(found.contradictions, 1)]
    if found.impossible:
        sets = "\n".join(f"  {' + '.join(one.subject for one in core)}" for core in found.impossible)
        parts.append(f"what cannot be had together, if every option were taken and everything joined\n{sets}")
    return parts


def _clause(row: Mapping[str, Any]) -> str:
    left, right = (row[side].partition(":")[2] for side in ("left", "right"))
    marks = [row["strength"], row["grade"], row["felt"], *([] if row["binds"] else ["does not bind"])]
    if row["delay"] is not None:
        marks.append(f"{figure(row['delay'])} days [{figure(row['delay_low'])}..{figure(row['delay_high'])}]")
    if row["amount"] is not None:
        marks.append(_money((row["amount"], row["amount_low"], row["amount_high"])))
    ground = "; ".join(part for part in (row["sources"], row["basis"]) if part)
    head = f"  {row['id']}  {_SAYS[row['form']].format(left=left, right=right)} ({', '.join(marks)})"
    return f"{head}\n    {row['text']}\n    {ground}"


def _remark(row: Mapping[str, Any]) -> str:
    """Return what is known of an institution that no clause speaks of: its remark and where it comes from."""
    ground = "; ".join(part for part in (row["sources"], row["basis"]) if part)
    return "\n    ".join(part for part in (f"  {row['id']}", row["note"], ground) if part)


def _contradiction(number: int, group: Contradiction) -> str:
    lines: list[str] = []
    for core in group.cores:
        lines.append(f"contradiction {number}: these cannot all hold")
        for one in core:
            ground = "; ".join(part for part in (*one.sources, one.basis) if part)
            lines.append(f"  - {one.says}" + (f" [{ground}]" if ground else ""))
    lines.append("ways out, cheapest first")
    lines += [f"  - {_way(way)}" for way in group.ways_out[:_WAYS_SHOWN]]
    left = len(group.ways_out) - _WAYS_SHOWN
    if left > 0:
        lines.append(f"  - and {left} more; --json lists them")
    if not group.ways_out:
        lines.append("  - none: only hard clauses and sanctions stand in it")
    return "\n".join(lines)


def _way(way: Sequence[Statement]) -> str:
    from kopir.strategy.institutions.obligations import total_cost

    known, unknown = total_cost(way)
    steps = ", ".join(f"{one.relaxing} {one.subject}" for one in way)
    costs = [_money(known)] if len(way) > unknown else []
    costs += [f"{unknown} of unknown cost" if len(way) > 1 else "cost not known"] if unknown else []
    return f"{steps}: {', '.join(costs)}"


def _money(amount: tuple[float, float, float]) -> str:
    value, low, high = amount
    ends = f" [{figure(low)}..{figure(high)}]" if low < high else ""
    return f"{figure(value)}{ends} million USD a year"


def _prospect_parts(found: ProspectResult) -> list[str | Grid]:
    against = ", ".join(found.denied)
    title = f"value of each combination, million USD a year, undisturbed and when {against} refuses"
    parts: list[str | Grid] = [Grid.of(found.table, title)]
    lines = [f"  {row['changes']}: {row['clauses']}" for row in found.forbidden.iter_rows(named=True)]
    if lines:
        parts.append("forbidden by hard clauses\n" + "\n".join(lines))
    switches = [
        f"from a probability of {row['probability']:.3g} on: {row['after']} instead of {row['before']}"
        for row in found.switches.iter_rows(named=True)
    ]
    parts.append("\n".join([f"best at its worst: {found.robust}", *switches]))
    return parts
