"""What a test of ``make quick`` may do, counted and not timed: whoever does more is marked slow, or does less."""

from __future__ import annotations

import functools
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator

import highspy
import pytest

from kopir.core.folders import folder

MOST = {"programmes solved": 1_300, "tables read": 600, "processes started": 5}
"""The most of each in one test that is not marked slow: some four tenths of a second of each."""


class Budget:
    """Counts what tests do while it is installed; ``collecting`` is what was done before the first of them.

    Only a ``quick`` run is held to it: others try more examples of each property.
    """

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self.done: Counter[str] = Counter()
        self.collecting: Counter[str] = Counter()
        highspy.Highs.run = self._counted("programmes solved", highspy.Highs.run)
        folder.parse_table = self._counted("tables read", folder.parse_table)
        subprocess.Popen.__init__ = self._counted("processes started", subprocess.Popen.__init__)

    def _counted(self, what: str, call: Callable) -> Callable:
        @functools.wraps(call)
        def counted(*arguments, **options):
            self.done[what] += 1
            return call(*arguments, **options)

        return counted

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        self.done.clear()  # a worker of pytest-xdist asks the system what machine it is on

    def pytest_collection_finish(self) -> None:
        self.collecting = self.done.copy()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.done.clear()
        told = yield
        over = {what: count for what, count in self.done.items() if count > MOST[what]}
        if self.quick and over and item.get_closest_marker("slow") is None:
            pytest.fail(
                f"this is much for a test that is not marked slow: {over}; do less, or mark it", pytrace=False
            )
        return told
