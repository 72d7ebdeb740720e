"""An optional plug-in that may only choose among offered spans for slots the rules left empty.

It is off unless an endpoint is named. It never supplies a number, and every slot it settles is marked in
``filled_by`` with the model's name; such claims are never published by themselves.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kopir.core.errors import Fault, InputError
from kopir.evidence._extract import layout_of, sentences_of
from kopir.evidence._records import Claim, Document, Span
from kopir.evidence.layout._flow import Flow, flow_of
from kopir.evidence.sentence._sentence import Sentence

SLOTS = ("subject", "period")
CHOSEN = 0.5
WINDOW = 3
MAX_ANSWER = 65_536


@dataclass(frozen=True, slots=True)
class Offer:
    """A span that may fill a slot, and the code it stands for."""

    code: str
    span: Span


@dataclass
class SpanChooser:
    """Asks an OpenAI-compatible endpoint which offered span fills an empty slot.

    ``budget`` bounds the number of questions; answers are kept by question, so that one run asks nothing twice.
    An answer that is late, broken or not among the offers leaves the slot empty.
    """

    endpoint: str
    model: str
    key: str | None = None
    budget: int = 100
    timeout: float = 20.0
    asked: int = 0
    _answers: dict[str, int | None] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not self.endpoint.startswith(("http://", "https://")):
            raise InputError(
                Fault(
                    "K2015",
                    "the endpoint is no http address",
                    "give the address of /v1/chat/completions",
                    value=self.endpoint,
                )
            )

    def __call__(self, document: Document, claims: Sequence[Claim]) -> list[Claim]:
        """Return the claims with empty slots filled where the endpoint chose an offered span."""
        flow = flow_of(layout_of(document))
        held = list(sentences_of(document, flow)) if any(_empty(c) for c in claims) else []
        return [self._filled(document, flow, held, claim) for claim in claims]

    def _filled(self, document: Document, flow: Flow, held: Sequence[Sentence], claim: Claim) -> Claim:
        for slot in _empty(claim):
            offers = _offers(flow, held, claim, slot)
            choice = self._ask(document, claim, slot, offers) if offers else None
            if choice is None:
                continue
            claim = replace(
                claim,
                **{slot: offers[choice].code},  # type: ignore[arg-type]
                filled_by={**claim.filled_by, slot: f"llm:{self.model}"},
                inherited_from={**claim.inherited_from, slot: offers[choice].span},
                confidence={**claim.confidence, slot: CHOSEN},
                published=False,
            )
        return claim

    def _ask(self, document: Document, claim: Claim, slot: str, offers: Sequence[Offer]) -> int | None:
        listed = "\n".join(
            f"{n}: {document.text[o.span.start : o.span.end]} = {o.code}" for n, o in enumerate(offers)
        )
        window = document.text[max(0, claim.start - 600) : claim.end + 300]
        question = (
            f"Text:\n{window}\n\nWhich of these is the {slot} of the figure '{claim.text}'?\n{listed}\n"
            'Answer with JSON only: {"choice": number or null}'
        )
        if question not in self._answers:
            if self.asked >= self.budget:
                return None
            self.asked += 1
            self._answers[question] = self._choice(question, len(offers))
        return self._answers[question]

    def _choice(self, question: str, count: int) -> int | None:
        body = {"model": self.model, "temperature": 0, "messages": [{"role": "user", "content": question}]}
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {self.key}"} if self.key else {}
        )
        request = urllib.request.Request(self.endpoint, json.dumps(body).encode(), headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                reply = json.loads(answer.read(MAX_ANSWER))
            choice = json.loads(reply["choices"][0]["message"]["content"])["choice"]
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            return None
        return choice if type(choice) is int and 0 <= choice < count else None


def _empty(claim: Claim) -> list[str]:
    return [slot for slot in SLOTS if getattr(claim, slot) is None]


def _offers(flow: Flow, held: Sequence[Sentence], claim: Claim, slot: str) -> list[Offer]:
    """List the spans of the claim's sentence and those just before it that could fill the slot."""
    here = flow.here(claim.start)
    at = next((n for n, s in enumerate(held) if s.start <= here < s.end), None)
    if at is None:
        return []
    found: Mapping[str, Offer] = {
        code: Offer(code, flow.span(*sentence.span(first, last)))
        for sentence in held[max(0, at - WINDOW) : at + 1]
        for code, first, last in _candidates(sentence, slot)
    }
    return list(found.values())


def _candidates(sentence: Sentence, slot: str) -> list[tuple[str, int, int]]:
    if slot == "period":
        return [(p.text, p.first, p.last) for p in sentence.periods if p.text]
    return [(m.state or m.code, m.first, m.last) for m in sentence.mentions]
