"""Documents opened and read by a process of their own, which is ended when one of them takes too much.

The process is a fresh Python, so it does not matter how the caller starts processes or what threads it runs. What
it sends back is data of known kinds only: a document that takes the process over gains nothing in the caller.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from kopir.core.encoding import shown_path
from kopir.core.errors import Fault, UnreadableDocument
from kopir.evidence._records import Found
from kopir.evidence.documents._bounds import Bounds, broken, without_memory
from kopir.evidence.documents._hands import Known, Opened, Source

HEAD = 8
"""Bytes that say how long a message is."""
NO_MEMORY = 12
"""With what the process ends when it cannot even answer."""
_BORN = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]);"
    "from kopir.evidence.documents._worker_main import main; main(*map(int, sys.argv[2:]))"
)
_KNOWN = frozenset(
    {
        ("kopir.core.errors", "Fault"),
        ("kopir.evidence._records", "Found"),
        ("kopir.evidence.documents._hands", "Opened"),
        ("kopir.evidence._records", "Claim"),
        ("kopir.evidence._records", "Document"),
        ("kopir.evidence._records", "Relation"),
        ("kopir.evidence._records", "UnreadTable"),
        ("kopir.evidence._spans", "Span"),
        ("collections", "OrderedDict"),
    }
)
_WALL = 30.0
"""Seconds beyond five times the processor time after which a process that only waits is ended."""


class Worker:
    """A :class:`kopir.evidence.documents._hands.Hand` in a process of its own; use it in a ``with`` block."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._process: subprocess.Popen[bytes] | None = None
        self._opened: tuple[Source, int] | None = None

    def __enter__(self) -> Self:
        """Start the process, so that it makes ready while the caller does."""
        self._process = _started(self.bounds)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        """End the process."""
        self._end()

    def open(self, source: Source, known: Known) -> Opened:
        """Open a document; raises UnreadableDocument, among others for one that passes the bounds (K2018)."""
        opened: Opened = self._ask(source, self.bounds.seconds, ("open", source, known))
        self._opened = (source, len(opened.document.text))
        return opened

    def read(self, *, relations: bool) -> Found:
        """Read the document opened last; raises UnreadableDocument as :meth:`open` does."""
        assert self._opened is not None, "a document is opened before it is read"
        source, characters = self._opened
        found: Found = self._ask(source, self.bounds.reading(characters), ("read", relations))
        return found

    def _ask(self, source: Source, seconds: float, request: tuple[object, ...]) -> Any:  # noqa: ANN401
        """Send a request and return the answer of one of the known kinds; its faults are raised."""
        process = self._process or _started(self.bounds)
        self._process = process
        late = threading.Event()
        watch = threading.Timer(_wall(seconds), _too_late, (process, late))
        watch.start()
        try:
            kind, answer = _talk(process, (seconds, *request))
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self._end()
            raise UnreadableDocument(self._death(process.returncode, source, error, late=late.is_set())) from error
        finally:
            watch.cancel()
        if kind == "done":
            return answer
        raise UnreadableDocument(answer)

    def _death(self, code: int, source: Source, error: Exception, *, late: bool) -> Fault:
        """Say of what the process has died."""
        file = shown_path(source.path)
        if late or (sys.platform != "win32" and code == -signal.SIGPROF):
            return self.bounds.late(file)
        if code == NO_MEMORY or (
            sys.platform != "win32" and code in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGTRAP)
        ):
            return without_memory(file)  # what is not written in Python ends so without memory
        return broken(file, f"the process ended with {code} ({type(error).__name__})")

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
            if process.poll() is None:
                process.kill()
            process.wait()


class _Data(pickle.Unpickler):
    """Reads data of known kinds and nothing else."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401
        if (module, name) not in _KNOWN:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of an answer")
        return super().find_class(module, name)


def _started(bounds: Bounds) -> subprocess.Popen[bytes]:
    paths = json.dumps([path for path in sys.path if path])
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _BORN, paths, str(bounds.characters), str(bounds.memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )


def _talk(process: subprocess.Popen[bytes], request: tuple[object, ...]) -> tuple[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    data = pickle.dumps(request)
    process.stdin.write(len(data).to_bytes(HEAD, "big") + data)
    process.stdin.flush()
    head = process.stdout.read(HEAD)
    body = process.stdout.read(int.from_bytes(head, "big")) if len(head) == HEAD else b""
    if len(head) < HEAD or len(body) < int.from_bytes(head, "big"):
        process.wait()
        raise EOFError("no answer")
    kind, answer = _Data(io.BytesIO(body)).load()
    return str(kind), answer


def _wall(seconds: float) -> float:
    return seconds if sys.platform == "win32" else 5 * seconds + _WALL


def _too_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()
