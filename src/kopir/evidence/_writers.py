"""Write claims and relations: JSON Lines, Parquet, CSV table; nothing half-written is left behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kopir.core.folders.together import beside
from kopir.core.outward import as_json
from kopir.evidence._records import Claim, Relation, UnreadTable

if TYPE_CHECKING:
    import polars

JSON_COLUMNS = ("inherited_from", "confidence", "filled_by", "bound_by", "withheld")


def json_lines(records: Iterable[Claim | Relation | UnreadTable]) -> Iterable[str]:
    """Yield one JSON object a line, in the field names of the gold annotation."""
    for record in records:
        yield as_json(record.as_record()) + "\n"


def write_json_lines(records: Iterable[Claim | Relation | UnreadTable], path: Path) -> None:
    """Write claims or relations as JSON Lines (UTF-8)."""

    def body(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(json_lines(records))

    _replaced(path, body)


def claims_frame(claims: Sequence[Claim | UnreadTable]) -> polars.DataFrame:
    """Return claims as a table: one row a claim; partners a list; provenance and confidence as JSON text."""
    import polars as pl

    schema: dict[str, Any] = dict.fromkeys(TEXT, pl.String)
    schema |= dict.fromkeys(INTEGER, pl.Int64) | dict.fromkeys(FLOAT, pl.Float64) | dict.fromkeys(FLAG, pl.Boolean)
    schema["partners"] = pl.List(pl.String)
    rows = [c.as_record() for c in claims]
    for row in rows:
        for name in JSON_COLUMNS:
            row[name] = json.dumps(row[name], ensure_ascii=False)
    names = (
        list(rows[0])
        if rows
        else ["schema_version", "id", *(n for n in schema if n not in ("schema_version", "id"))]
    )
    return pl.DataFrame(rows, schema={name: schema[name] for name in names}, orient="row")


def write_parquet(claims: Sequence[Claim], path: Path) -> None:
    """Write claims as Parquet."""
    _replaced(path, lambda temporary: claims_frame(claims).write_parquet(temporary))


def write_csv(claims: Sequence[Claim | UnreadTable], path: Path) -> None:
    """Write claims and tables not read as CSV (UTF-8); partners are joined by ``+``."""
    import polars as pl

    frame = claims_frame(claims).with_columns(pl.col("partners").list.join("+"))
    _replaced(path, lambda temporary: frame.write_csv(temporary))


def write_text(text: str, path: Path) -> None:
    """Write a text (UTF-8)."""
    _replaced(path, lambda temporary: temporary.write_text(text, encoding="utf-8", newline="\n") and None)


def _replaced(path: Path, body: Callable[[Path], object]) -> None:
    """Write beside the target, then rename over it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path) as whole:
        body(whole)


TEXT = [
    "id",
    "doc",
    "lang",
    "text",
    "sentence",
    "cmp_text",
    "comparator",
    "unit",
    "rate",
    "kind",
    "indicator",
    "subject",
    "route",
    "commodity",
    "perimeter",
    "period",
    "modality",
    "attribution",
    "polarity",
    "inherited_from",
    "confidence",
    "filled_by",
    "bound_by",
    "withheld",
]
INTEGER = ["schema_version", "start", "end", "cmp_start", "cmp_end", "page"]
FLOAT = ["value", "lo", "hi"]
FLAG = ["corrected", "published"]
