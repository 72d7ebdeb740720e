"""kopir.toml: the settings of a model folder."""

from __future__ import annotations

import re
import tomllib
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from kopir.core.errors import Fault, VersionMismatch
from kopir.core.folders.cells import ID_PATTERN
from kopir.core.outward import shown

FORMAT = 1
"""The format of model folders that this kopir writes; older ones are migrated on opening, newer ones refused."""

FILE = "kopir.toml"
_MOST = 200
"""Characters of a value, or of where it stands, that a fault shows."""
MAX_SETTINGS_BYTES = 2**20


def _ordered(months: tuple[int, int]) -> tuple[int, int]:
    if not 1 <= months[0] <= months[1]:
        raise ValueError("the first month is before 1 or after the last")
    return months


def _distinct(players: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(players)) < len(players):
        raise ValueError("a player stands twice")
    return players


# Field(pattern=...) searches; a code has to match as a whole.
_Code = Annotated[str, Field(pattern=rf"^(?:{ID_PATTERN.pattern})$")]
_Months = Annotated[tuple[int, int], AfterValidator(_ordered)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ModelSettings(_Section):
    """The ``[model]`` section."""

    name: str = Field(min_length=1)
    title: str = ""
    focal_state: _Code
    home: _Code = "HOME"
    currency: Literal["USD"] = "USD"
    base_year: int = Field(ge=1990, le=2100)
    languages: tuple[Literal["en", "kk", "ru", "tr"], ...] = ("en",)
    seed: int = Field(default=0, ge=0)
    discount_rate: float = Field(default=0.1, ge=0, le=1)


class Horizons(_Section):
    """The ``[horizons]`` section: first and last month of each."""

    short: _Months = (1, 12)
    medium: _Months = (13, 36)


class Settings(_Section):
    """All settings of a model folder."""

    format: int
    model: ModelSettings
    players: Annotated[tuple[_Code, ...], Field(min_length=1, max_length=40), AfterValidator(_distinct)]
    horizons: Horizons = Horizons()


def parse_settings(text: str) -> Settings | list[Fault]:
    """Return the settings that ``text`` (TOML) holds, or every fault in it.

    Raises :class:`VersionMismatch` when the folder was written in a newer format than this kopir knows.
    """
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: tomllib lets those of int() through
        at = re.search(r"\(at line (\d+)", str(error))
        line = int(at[1]) if at else text.count("\n") + 1 if "end of document" in str(error) else None
        return [Fault("K0107", f"not TOML: {error}", "mend the line named", FILE, line)]
    number = raw.get("format")
    if type(number) is not int or number < 1:
        why, mend = "format is not a whole number from 1", f"write format = {FORMAT}"
        return [Fault("K0108", why, mend, FILE, column="format", value=shown(number, most=_MOST))]
    if number > FORMAT:
        why = f"the folder was written in a newer format; this kopir knows {FORMAT}"
        raise VersionMismatch(
            Fault("K0109", why, "update kopir", FILE, column="format", value=shown(number, most=_MOST))
        )
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        return [
            Fault(
                "K0108",
                detail["msg"],
                _setting_mend(detail["type"], str(detail["loc"][-1])),
                FILE,
                column=".".join(str(part) for part in detail["loc"])[:_MOST],
                value=None if detail["type"] == "missing" else shown(detail["input"], most=_MOST),
            )
            for detail in error.errors()
        ]


def _setting_mend(kind: str, name: str) -> str:
    if kind == "missing":
        return f"add {name} to kopir.toml; its documentation lists what is allowed"
    return "correct the setting; the documentation of kopir.toml lists what is allowed"
