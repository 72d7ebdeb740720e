"""Read documents: quantitative and relational claims in Russian, English, Turkish and Kazakh."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kopir.evidence._chooser import SpanChooser
    from kopir.evidence._corrections import Correction, apply_corrections, read_corrections
    from kopir.evidence._highlight import highlight
    from kopir.evidence._reading import ReadResult, iter_readings, read, read_text
    from kopir.evidence._records import Claim, Document, Reading, Relation, Span, UnreadTable
    from kopir.evidence._stream import ClaimStream
    from kopir.evidence._writers import (
        claims_frame,
        json_lines,
        write_csv,
        write_json_lines,
        write_parquet,
        write_text,
    )
    from kopir.evidence.documents._bounds import Bounds
    from kopir.evidence.documents._catalogue import read_catalogue
    from kopir.evidence.figures._money import money_noun, money_of
    from kopir.evidence.sentence._named import Named, measures_of, named
    from kopir.evidence.words._firms import transliterated

_HOME = {
    "Bounds": "documents._bounds",
    "Claim": "_records",
    "ClaimStream": "_stream",
    "Correction": "_corrections",
    "Document": "_records",
    "ReadResult": "_reading",
    "Reading": "_records",
    "Relation": "_records",
    "Span": "_records",
    "SpanChooser": "_chooser",
    "UnreadTable": "_records",
    "apply_corrections": "_corrections",
    "claims_frame": "_writers",
    "Named": "sentence._named",
    "highlight": "_highlight",
    "iter_readings": "_reading",
    "json_lines": "_writers",
    "measures_of": "sentence._named",
    "money_noun": "figures._money",
    "money_of": "figures._money",
    "named": "sentence._named",
    "read": "_reading",
    "read_catalogue": "documents._catalogue",
    "read_corrections": "_corrections",
    "read_text": "_reading",
    "transliterated": "words._firms",
    "write_csv": "_writers",
    "write_json_lines": "_writers",
    "write_parquet": "_writers",
    "write_text": "_writers",
}

__all__ = [
    "Bounds",
    "Claim",
    "ClaimStream",
    "Correction",
    "Document",
    "Named",
    "ReadResult",
    "Reading",
    "Relation",
    "Span",
    "SpanChooser",
    "UnreadTable",
    "apply_corrections",
    "claims_frame",
    "highlight",
    "iter_readings",
    "json_lines",
    "measures_of",
    "money_noun",
    "money_of",
    "named",
    "read",
    "read_catalogue",
    "read_corrections",
    "read_text",
    "transliterated",
    "write_csv",
    "write_json_lines",
    "write_parquet",
    "write_text",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    return found


def __dir__() -> list[str]:
    return __all__
