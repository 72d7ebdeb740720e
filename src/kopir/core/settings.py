"""kopir.toml: the settings of a model folder."""

from __future__ import annotations

import tomllib
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kopir.core.cells import ID_PATTERN
from kopir.core.errors import Fault, VersionMismatch

FORMAT = 1
"""The format of model folders that this kopir writes; older ones are migrated on opening, newer ones refused."""

FILE = "kopir.toml"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ModelSettings(_Section):
    """The ``[model]`` section."""

    name: str = Field(min_length=1)
    title: str = ""
    focal_state: str = Field(pattern=ID_PATTERN.pattern)
    home: str = Field(default="HOME", pattern=ID_PATTERN.pattern)
    currency: Literal["USD"] = "USD"
    base_year: int = Field(ge=1990, le=2100)
    languages: tuple[Literal["en", "kk", "ru", "tr"], ...] = ("en",)
    seed: int = Field(default=0, ge=0)
    discount_rate: float = Field(default=0.1, ge=0, le=1)


class Horizons(_Section):
    """The ``[horizons]`` section: first and last month of each."""

    short: tuple[int, int] = (1, 12)
    medium: tuple[int, int] = (13, 36)


class Settings(_Section):
    """All settings of a model folder."""

    format: int
    model: ModelSettings
    players: tuple[str, ...] = Field(min_length=1, max_length=40)
    horizons: Horizons = Horizons()


def parse_settings(text: str) -> Settings | list[Fault]:
    """Return the settings that ``text`` (TOML) holds, or every fault in it.

    Raises :class:`VersionMismatch` when the folder was written in a newer format than this kopir knows.
    """
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return [Fault("K0107", f"not TOML: {error}", "mend the line named", FILE)]
    number = raw.get("format")
    if isinstance(number, int) and number > FORMAT:
        why = f"the folder has format {number}, this kopir knows {FORMAT}"
        raise VersionMismatch(Fault("K0109", why, "update kopir", FILE, column="format", value=str(number)))
    if not isinstance(number, int) or number < 1:
        return [
            Fault(
                "K0108",
                "format is not a whole number from 1",
                f"write format = {FORMAT}",
                FILE,
                column="format",
                value=str(number),
            )
        ]
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        return [
            Fault(
                "K0108",
                detail["msg"],
                "correct the setting; the documentation of kopir.toml lists what is allowed",
                FILE,
                column=".".join(str(part) for part in detail["loc"]),
                value=str(detail["input"])[:200],
            )
            for detail in error.errors()
        ]
