"""The process that opens and reads documents for :class:`kopir.evidence.documents._worker.Worker`."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from pathlib import Path
from typing import BinaryIO

from kopir.core.errors import UnreadableDocument
from kopir.evidence.documents._opening import Here
from kopir.evidence.documents._worker import HEAD, NO_MEMORY

MIB = 2**20


def main(characters: int, memory: int) -> None:
    """Answer requests until there are no more; ``characters`` and ``memory`` (MiB) bound a document."""
    # Answers go out by a handle of their own: what a library prints must not mix with them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if sys.platform != "win32":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _bound_memory(memory)
    hand = Here(characters)
    requests = sys.stdin.buffer
    try:
        while (size := requests.read(HEAD)) and len(size) == HEAD:
            seconds, *request = pickle.loads(requests.read(int.from_bytes(size, "big")))
            _answer(answers, hand, seconds, request)
    except MemoryError:  # where the answer itself does not fit
        os._exit(NO_MEMORY)


def _answer(answers: BinaryIO, hand: Here, seconds: float, request: list[object]) -> None:
    _bound_time(seconds)
    try:
        match request:
            case ["open", source, known]:
                data = pickle.dumps(("done", hand.open(source, known)))  # type: ignore[arg-type]
            case ["read", relations]:
                data = pickle.dumps(("done", hand.read(relations=bool(relations))))
            case _:
                return
    except UnreadableDocument as error:
        data = pickle.dumps(("faults", error.faults))
    _bound_time(0)
    answers.write(len(data).to_bytes(HEAD, "big") + data)
    answers.flush()


def _bound_time(seconds: float) -> None:
    """Let the system end this process after so many seconds of processor time; 0 lifts the bound."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _bound_memory(memory: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # Of what is mapped so far, what is not resident is code that nobody has called.
        size, resident = map(int, Path("/proc/self/statm").read_text("ascii").split()[:2])
        limit = (size - resident) * resource.getpagesize() + memory * MIB
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
