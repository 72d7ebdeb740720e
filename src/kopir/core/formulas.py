"""Arithmetic over fact ids: ``F0120 - F0121 - (F0131 + F0133) * 0.5``; nothing else can be written."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MAX_LENGTH = 2_000
MAX_DEPTH = 50
_OPERATORS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}

_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z]\w*)|(?P<sign>[-+*/()]))")


class FormulaError(ValueError):
    """The text is not arithmetic over fact ids, or divides by zero."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula: its ``names`` in order of appearance and the tokens it is made of."""

    text: str
    names: tuple[str, ...]
    tokens: tuple[str, ...]


def parse_formula(text: str) -> Formula:
    """Return the formula that ``text`` states; raises :class:`FormulaError` when it states none."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"longer than {MAX_LENGTH} characters")
    tokens: list[str] = []
    names: dict[str, None] = {}
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise FormulaError(f"{text[at:].strip()[:20]!r} is neither a number, a fact nor one of + - * / ( )")
        tokens.append(match[0].strip())
        if match["name"] is not None:
            names[match["name"]] = None
        at = match.end()
    formula = Formula(text, tuple(names), tuple(tokens))
    evaluate(formula, dict.fromkeys(names, 1.0), checking=True)
    return formula


def evaluate(formula: Formula, values: Mapping[str, float], *, checking: bool = False) -> float:
    """Return the value of ``formula`` when each name has its value.

    Raises :class:`FormulaError` on a division by zero (not while ``checking`` syntax) or a malformed formula,
    ``KeyError`` when a name has no value.
    """
    tokens = formula.tokens
    position = 0
    depth = 0

    def peek() -> str:
        return tokens[position] if position < len(tokens) else ""

    def take() -> str:
        nonlocal position
        position += 1
        return tokens[position - 1]

    def chain(operand: Callable[[], float], signs: str) -> float:
        result = operand()
        while peek() and peek() in signs:
            sign = take()
            right = operand()
            if sign == "/" and right == 0:
                if not checking:
                    raise FormulaError("division by zero")
                right = 1.0
            result = _OPERATORS[sign](result, right)
        return result

    def atom() -> float:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise FormulaError(f"nested deeper than {MAX_DEPTH}")
        token = take() if peek() else ""
        if token in {"+", "-"}:
            result = atom() if token == "+" else -atom()
        elif token == "(":
            result = total()
            if not peek() or take() != ")":
                raise FormulaError("a parenthesis is not closed")
        elif token[:1].isalpha():
            result = values[token]
        elif token[:1].isdigit():
            result = float(token)
        else:
            raise FormulaError(f"{token or 'the end'!r} where a number or fact should stand")
        depth -= 1
        return result

    def term() -> float:
        return chain(atom, "*/")

    def total() -> float:
        return chain(term, "+-")

    result = total()
    if position != len(tokens):
        raise FormulaError(f"{peek()!r} where an operator should stand")
    return result
