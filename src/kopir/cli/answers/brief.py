"""``kopir brief`` and ``kopir demo``: the answer on paper, with everything it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kopir.cli.answers.solve import leverage_reply
from kopir.cli.folders.start import copy_model
from kopir.cli.options import Delivery, Holding, Span, Subject, Tongue
from kopir.cli.output import Reply, Stages, deliver
from kopir.report.content import FORMS, Form

if TYPE_CHECKING:
    from kopir.project import Project

OUT = Path("out")


def brief(
    subject: Subject,
    span: Span,
    tongue: Tongue,
    holding: Holding,
    delivery: Delivery,
    *,
    format: Annotated[
        list[str] | None,
        typer.Option("--format", metavar="html,pdf,md", help="Forms to write; all unless given, JSON always."),
    ] = None,
    solver: Annotated[
        bool,
        typer.Option(
            "--solver/--no-solver",
            help="Whether brief.html carries a solver, so that partners can be switched off in it; "
            "without, it has no script.",
        ),
    ] = True,
) -> None:
    """Write the brief into a folder (--out, else ./out): two pages, then an annex; and show the main table."""
    out, forms = delivery.out or OUT, _forms(format or ())

    def ask(stages: Stages) -> Reply:
        with stages.stage("reading"):
            project = subject.open()
        return _brief_reply(stages, project, span, tongue, out, holding, forms, solver=solver)

    deliver(replace(delivery, out=None), ask, folder=subject.model)


def demo(
    span: Span,
    tongue: Tongue,
    holding: Holding,
    delivery: Delivery,
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Where to copy the bundled model; must not exist or be empty.")
    ] = Path("kopir-demo"),
) -> None:
    """Copy the bundled model into a folder, check it, solve it and write its brief into DIR/out."""
    out = delivery.out or folder / OUT

    def ask(stages: Stages) -> Reply:
        from kopir.model.bundled import bundled_path, default_model
        from kopir.project import open_project

        source = bundled_path(default_model())
        assert source is not None, "a bundled model has a folder"
        with stages.stage("copying"):
            copy_model(source, folder)
        with stages.stage("checking"):
            project = open_project(folder)
        reply = _brief_reply(stages, project, span, tongue, out, holding)
        notes = (
            f"next: kopir check {folder} --all        every assumption",
            f"      kopir coalitions {folder}         what partners can take together",
            f"      kopir why leverage:{project.model.settings.players[0]}:leverage_musd {folder}",
        )
        return replace(reply, notes=(*reply.notes[-1:], *notes))

    deliver(replace(delivery, out=None), ask, folder=folder)


def _forms(named: Sequence[str]) -> tuple[Form, ...]:
    """Return the forms named, all where none is; raises :class:`typer.BadParameter` for one that there is not."""
    wrong = [name for name in named if name not in FORMS]
    if wrong:
        raise typer.BadParameter(f"no form {wrong[0]!r}: the brief is written as {', '.join(FORMS)}")
    return tuple(form for form in FORMS if form in named) or FORMS


def _brief_reply(
    stages: Stages,
    project: Project,
    span: Span,
    tongue: Tongue,
    out: Path,
    holding: Holding,
    forms: Sequence[Form] = FORMS,
    *,
    solver: bool = True,
) -> Reply:
    with stages.stage("solving"):
        main = project.leverage(horizon=span.horizon, draws=0)
        page = project.brief(language=tongue.lang, horizon=span.horizon)
    with stages.stage("writing"):
        from kopir.report.brief import write_brief
        from kopir.report.recall import remember

        remember(page, project.record("brief", horizon=span.horizon))
        files = [
            str(file) for file in write_brief(page, out, formats=forms, wait=holding.wait, interactive=solver)
        ]
    reply = leverage_reply(project, main, tongue.lang)
    return replace(
        reply,
        record={"files": files, "leverage": reply.record},
        notes=(
            *reply.notes,
            f"written: {', '.join(file for file in files if not file.endswith('.svg'))}",
            *(_weight(out / "brief.html") if "html" in forms and solver else ()),
        ),
    )


def _weight(page: Path) -> tuple[str, ...]:
    """Return what the solver in a page weighs, or that it is not there."""
    from kopir.report.forms.solver import packed_solver

    packed = packed_solver()
    if packed is None:
        return ("brief.html has no solver, so partners cannot be switched off in it: make web builds it",)
    whole, own = (size / 1e6 for size in (page.stat().st_size, len(packed.script) + len(packed.binary)))
    return (f"brief.html: {whole:.1f} MB, {own:.1f} of it the solver; --no-solver leaves it out",)
