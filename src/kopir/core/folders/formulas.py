"""Arithmetic over fact ids: ``F0120 - F0121 - (F0131 + F0133) * 0.5``; nothing else can be written."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

MAX_LENGTH = 2_000
MAX_DEPTH = 50

_OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_NEGATE = "~"
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<sign>[-+*/()]))"
)


class FormulaError(ValueError):
    """The text is not arithmetic over fact ids, or has no finite value."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: its ``names`` in order of appearance and its ``steps`` in postfix order.

    A step is a number, the name of a fact or an operator.
    """

    text: str
    names: tuple[str, ...]
    steps: tuple[float | str, ...]


@lru_cache(maxsize=8_192)
def parse_formula(text: str) -> Formula:
    """Return the formula that ``text`` states; raises :class:`FormulaError` when it states none."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"longer than {MAX_LENGTH} characters")
    tokens: list[str] = []
    names: dict[str, None] = {}
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(f"{text[at:].strip()[:20]!r} is neither a number, a fact nor one of + - * / ( )")
        tokens.append(match[0].strip())
        if match["name"] is not None:
            names[match["name"]] = None
        at = match.end()
    return Formula(text, tuple(names), _Parser(tokens).parse())


def evaluate(formula: Formula, values: Mapping[str, float]) -> float:
    """Return the value of ``formula`` when each name has its value.

    Raises :class:`FormulaError` on a division by zero or a result that is not finite, ``KeyError`` when a name
    has no value.
    """
    stack: list[float] = []
    for step in formula.steps:
        if isinstance(step, float):
            stack.append(step)
        elif step == _NEGATE:
            stack.append(-stack.pop())
        elif step in _OPERATORS:
            right, left = stack.pop(), stack.pop()
            if step == "/" and right == 0:
                raise FormulaError("division by zero")
            stack.append(_OPERATORS[step](left, right))
        else:
            stack.append(values[step])
    if not math.isfinite(stack[0]):
        raise FormulaError("the result is not finite")
    return stack[0]


class _Parser:
    """Recursive descent from tokens to postfix steps."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self.left = list(reversed(tokens))
        self.steps: list[float | str] = []

    def parse(self) -> tuple[float | str, ...]:
        self.total(depth=1)
        if self.left:
            raise FormulaError(f"{self.left[-1]!r} where an operator should stand")
        return tuple(self.steps)

    def total(self, depth: int) -> None:
        self.term(depth)
        while self.left and self.left[-1] in {"+", "-"}:
            sign = self.left.pop()
            self.term(depth)
            self.steps.append(sign)

    def term(self, depth: int) -> None:
        self.atom(depth)
        while self.left and self.left[-1] in {"*", "/"}:
            sign = self.left.pop()
            self.atom(depth)
            self.steps.append(sign)

    def atom(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise FormulaError(f"nested deeper than {MAX_DEPTH}")
        token = self.left.pop() if self.left else ""
        if token in {"+", "-"}:
            self.atom(depth + 1)
            self.steps += [_NEGATE] if token == "-" else []
        elif token == "(":
            self.total(depth + 1)
            if not self.left or self.left.pop() != ")":
                raise FormulaError("a parenthesis is not closed")
        elif token[:1].isalpha():
            self.steps.append(token)
        elif token[:1].isdigit() and math.isfinite(float(token)):
            self.steps.append(float(token))
        else:
            raise FormulaError(f"{token[:20] or 'the end'!r} where a finite number or a fact should stand")
