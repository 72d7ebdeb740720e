"""Standard output is data: what C libraries print on it goes to stderr."""

from __future__ import annotations

import os
import sys


def keep_stdout_for_data() -> None:
    r"""Let file descriptor 1 lead to stderr for the rest of the process, and ``sys.stdout`` where it led before.

    Solvers and drawing libraries print banners straight to the descriptor, some of them only when the process
    ends; none of that may stand between the braces of ``--json``. Lines end in ``\n`` on every system. Does
    nothing where a descriptor is closed.
    """
    if sys.stdout is None:  # closed by whoever started the process
        return
    sys.stdout.flush()
    try:
        data = os.dup(1)
        os.dup2(2, 1)
    except OSError:
        return
    watched = os.isatty(data)
    sys.stdout = os.fdopen(
        data, "w", encoding="utf-8", errors="replace", newline="\n", buffering=1 if watched else -1
    )
