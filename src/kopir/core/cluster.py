"""Work in many parts (worlds, pieces of a file): here, in processes on this machine, or on a Dask cluster.

It is the same lines each time; a part that is worked out twice, since a worker was lost, gives the same bytes.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any, Protocol

from kopir.core.errors import Fault, InputError
from kopir.core.version import __version__

_PATIENCE = 20
"""Seconds until an address that does not answer counts as none."""


class _Client(Protocol):
    """What is asked of a client of Dask, whose library has no types."""

    scatter: Callable[..., Any]
    submit: Callable[..., Any]
    run: Callable[..., Any]


Work = Callable[[Any, int], bytes]
"""From what all share and the number of a part to its bytes."""


def worked_out(
    work: Work, shared: object, worlds: Sequence[int], *, workers: int = 1, scheduler: str | None = None
) -> Iterator[tuple[int, bytes]]:
    """Yield the number of each part (``worlds``) with its bytes, in the order in which they are ready.

    One of the ``workers`` on this machine works in this process; an address of a ``scheduler`` takes their place.
    Raises :class:`InputError` where Dask is asked for and is not there, where the address does not answer or its
    workers have another version of kopir, and where scheduler or workers are lost on the way.
    """
    if scheduler is None and workers == 1:
        yield from ((world, work(shared, world)) for world in worlds)
        return
    distributed = _library()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # a lost worker is told by what follows from it
    try:
        if scheduler is not None:
            with distributed.Client(scheduler, timeout=_PATIENCE) as client:
                _same_version(client, scheduler)
                yield from _over(distributed, client, work, shared, worlds)
            return
        with (
            distributed.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield from _over(distributed, client, work, shared, worlds)
    except (OSError, TimeoutError) as error:
        if isinstance(error, OSError) and error.errno is not None and scheduler is None:
            raise
        raise _lost(scheduler, str(error) or type(error).__name__) from error


def _over(
    distributed: ModuleType, client: _Client, work: Work, shared: object, worlds: Sequence[int]
) -> Iterator[tuple[int, bytes]]:
    given = client.scatter(shared, broadcast=True, hash=False)
    futures = {client.submit(work, given, world, pure=False, retries=3): world for world in worlds}
    for future in distributed.as_completed(list(futures)):
        try:
            found = future.result()
        except (distributed.scheduler.KilledWorker, distributed.client.FutureCancelledError) as error:
            raise _lost(None, str(error)) from error
        yield futures.pop(future), found
        future.release()


def _same_version(client: _Client, scheduler: str) -> None:
    others = {version for version in client.run(_version).values() if version != __version__}
    if others:
        why = f"its workers have kopir {', '.join(sorted(others))}, this is {__version__}"
        mend = "install one version of kopir on all machines"
        raise InputError(Fault("K0604", why, mend, column="--scheduler", value=scheduler))


def _version() -> str:
    return __version__


def _library() -> ModuleType:
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        mend = 'install it: pip install "kopir[cluster]"; or leave out --workers and --scheduler'
        why = "several workers and other machines need Dask, which is not installed"
        raise InputError(Fault("K0604", why, mend)) from error


def _lost(scheduler: str | None, why: str) -> InputError:
    mend = "check the address; ask again: with --store it goes on from what is there"
    column = None if scheduler is None else "--scheduler"
    return InputError(Fault("K0604", f"workers were not reached: {why}", mend, column=column, value=scheduler))
