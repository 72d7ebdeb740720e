"""The questions of this room: flows under a plan that memberships allow, what these ask, who supplies arms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kopir.strategy.value.question import DENY, HORIZON, SEVERITY, WITH, Asked, Option, Question

if TYPE_CHECKING:
    from kopir.core.runs import OptionValue
    from kopir.model.grounds.answers import Answer
    from kopir.model.network.capacity import Horizon
    from kopir.strategy.institutions.lock_in import LockInResult
    from kopir.strategy.institutions.obligations import ObligationResult
    from kopir.strategy.institutions.prospects import ProspectResult
    from kopir.strategy.value.flows import FlowResult

_LEAVE = Option("--leave", "An institution that is left; sanctions that end.", metavar="CODE", of="institutions")
_JOIN = Option("--join", "An institution that is joined.", metavar="CODE", of="institutions")


def flow(
    asked: Asked,
    *,
    denied: Sequence[str] = (),
    severity: float = 1.0,
    plan: Sequence[str] = (),
    horizon: Horizon = "short",
) -> Answer[FlowResult]:
    """Return the optimal flow when ``denied`` jurisdictions refuse and the options of ``plan`` are built.

    ``severity`` is the share (0 to 1) of what their clauses can close. Raises
    :class:`kopir.core.errors.InputError` for an unknown jurisdiction or option and
    :class:`kopir.core.errors.ModelError` when there is no optimum or obligations forbid the plan.
    """
    from kopir.model.network.clauses import Denial
    from kopir.strategy.institutions.obligations import refuse_contradictions
    from kopir.strategy.value.flows import optimal_flow

    if plan:
        refuse_contradictions(asked.model, plan)
    denial = Denial(frozenset(denied), severity)
    result = optimal_flow(asked.setup, span=horizon, denial=denial, plan=plan)
    options: dict[str, OptionValue] = {
        "denied": tuple(sorted(denied)),
        "severity": severity,
        "plan": tuple(sorted(plan)),
    }
    return asked.answer("flow", result, result.table, horizon=horizon, status="optimal", options=options)


FLOW = Question(
    flow,
    names={
        "en": "Best flow",
        "ru": "Наилучший поток",
        "kk": "Ең тиімді ағын",
        "tr": "En iyi akış",
    },
    options={"denied": DENY, "severity": SEVERITY, "plan": WITH, "horizon": HORIZON},
    ids=("flow",),
)


def obligations(
    asked: Asked, *, plan: Sequence[str] = (), leave: Sequence[str] = (), join: Sequence[str] = ()
) -> Answer[ObligationResult]:
    """Return what memberships and agreements ask, and which clauses cannot hold together.

    The options of ``plan`` are taken, some institutions left and joined. Raises
    :class:`kopir.core.errors.InputError` for an unknown option or institution, and
    :class:`kopir.core.errors.LimitReached` when contradictions are too many to list.
    """
    from kopir.strategy.institutions.obligations import obligations as compared

    result = compared(asked.model, plan=plan, leave=leave, join=join)
    options: dict[str, OptionValue] = {"plan": tuple(plan), "leave": tuple(leave), "join": tuple(join)}
    return asked.answer("obligations", result, result.clauses, status="compared", options=options)


OBLIGATIONS = Question(
    obligations,
    names={
        "en": "What memberships and agreements ask",
        "ru": "Чего требуют членства и соглашения",
        "kk": "Мүшеліктер мен келісімдер не талап етеді",
        "tr": "Üyelikler ve anlaşmalar ne ister",
    },
    options={"plan": WITH, "leave": _LEAVE, "join": _JOIN},
)


def prospects(
    asked: Asked,
    denied: Sequence[str],
    *,
    plan: Sequence[str] = (),
    leave: Sequence[str] = (),
    join: Sequence[str] = (),
    horizon: Horizon = "short",
) -> Answer[ProspectResult]:
    """Return what each combination of changes is worth with and without a refusal by ``denied``.

    The changes are the options of ``plan`` and the institutions left and joined. Raises
    :class:`kopir.core.errors.InputError` for unknown codes and too many changes, and
    :class:`kopir.core.errors.ModelError` where there is no optimum.
    """
    from kopir.strategy.institutions.prospects import weigh

    result = weigh(asked.model, denied, plan=plan, leave=leave, join=join, span=horizon)
    options: dict[str, OptionValue] = {"plan": tuple(plan), "leave": tuple(leave), "join": tuple(join)}
    return asked.answer("obligations", result, result.table, horizon=horizon, status="compared", options=options)


PROSPECTS = Question(
    prospects,
    names={
        "en": "Whether leaving or joining pays",
        "ru": "Окупается ли выход или вступление",
        "kk": "Шығу немесе кіру тиімді ме",
        "tr": "Ayrılmak ya da katılmak kazandırır mı",
    },
    options={"denied": DENY, "plan": WITH, "leave": _LEAVE, "join": _JOIN, "horizon": HORIZON},
    command="obligations",
)


def arms(asked: Asked, *, elsewhere: float = 0.5) -> Answer[LockInResult]:
    """Return who supplies arms, how long each standard stays in the stock, and what co-production changes.

    ``elsewhere`` is the share (0 to 1) of a standard's deliveries that turns to other standards.
    """
    from kopir.strategy.institutions.lock_in import lock_in

    result = lock_in(asked.model, elsewhere=elsewhere)
    return asked.answer("arms", result, result.table, status="described", options={"elsewhere": elsewhere})


ARMS = Question(
    arms,
    names={
        "en": "Suppliers of arms and lock-in of standards",
        "ru": "Поставщики вооружений и привязка к стандартам",
        "kk": "Қару-жарақ жеткізушілер және стандарттарға байлану",
        "tr": "Silah tedarikçileri ve standartlara bağlılık",
    },
    options={
        "elsewhere": Option(
            "--elsewhere", "Share of a standard's deliveries turned to other standards.", "number", low=0, high=1
        )
    },
)
