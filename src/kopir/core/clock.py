"""The day of today: the one place that looks at a clock."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from kopir.core.errors import Fault, InputError

FIXED = "SOURCE_DATE_EPOCH"
"""Variable that fixes the day, in seconds since 1970 (reproducible-builds.org, *SOURCE_DATE_EPOCH*, 2017)."""


def today() -> date:
    """Return the day in UTC, or the day that :data:`FIXED` names.

    Raises :class:`kopir.core.errors.InputError` (K0505) when the variable holds no such number.
    """
    fixed = os.environ.get(FIXED, "")
    if not fixed:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(fixed), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        why = f"{FIXED} holds no seconds since 1970"
        raise InputError(Fault("K0505", why, f"unset {FIXED}, or give --as-of", value=fixed[:40])) from error
