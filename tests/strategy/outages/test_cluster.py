"""Several workers and a Dask cluster: the same bytes, also when a worker is killed or the scheduler is lost."""

import re
import signal
import subprocess
import sys
import time
from importlib.util import find_spec

import pytest

import kopir
from kopir.core.errors import InputError
from tests.folders import routes_model
from tests.strategy.outages.test_sampled import EVENTS, ROUTES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("distributed") is None, reason="Dask distributed is not installed"),
]
SAMPLES = 2000
PATIENCE = 90


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return routes_model(tmp_path_factory.mktemp("asked") / "model", ROUTES, supply=60, extra={"events": EVENTS})


def stress(model, store, *more):
    command = [
        sys.executable,
        "-m",
        "kopir",
        "stress",
        str(model),
        "--samples",
        str(SAMPLES),
        "--store",
        str(store),
    ]
    return subprocess.Popen([*command, *more], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finished(run, code=0):
    told, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode == code, told
    return told


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def wait_for_files(store, count):
    until = time.monotonic() + PATIENCE
    while not store.is_dir() or len(list(store.iterdir())) < count:
        assert time.monotonic() < until
        time.sleep(0.02)


def started(command, pattern):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in process.stdout:
        found = re.search(pattern, line)
        if found:
            return process, found[1]
    raise AssertionError(f"{command} ended")


@pytest.fixture(scope="module")
def alone(model, tmp_path_factory):
    store = tmp_path_factory.mktemp("done") / "alone"
    told = finished(stress(model, store))
    return told, files(store)


def test_two_workers_one_of_them_killed_leave_the_same_bytes(model, alone, tmp_path):
    import psutil

    store = tmp_path / "two"
    run = stress(model, store, "--workers", "2")
    wait_for_files(store, 4)
    workers = [
        one for one in psutil.Process(run.pid).children(recursive=True) if "spawn_main" in " ".join(one.cmdline())
    ]
    assert workers
    workers[0].kill()
    told = finished(run)
    assert files(store) == alone[1]
    assert told == alone[0]


def test_a_lost_scheduler_is_told_and_the_run_goes_on_from_what_is_there(model, alone, tmp_path):
    scheduler, address = started(
        [
            sys.executable,
            "-m",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
        ],
        r"(tcp://\S+)",
    )
    worker = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    store = tmp_path / "lost"
    try:
        run = stress(model, store, "--scheduler", address)
        wait_for_files(store, 10)
        scheduler.send_signal(signal.SIGKILL)
        told = finished(run, code=3)
        assert "K0604" in told
        assert "--store" in told
        assert 1 < len(list(store.iterdir())) < len(alone[1])
        told = finished(stress(model, store))
        assert files(store) == alone[1]
        assert told == alone[0]
    finally:
        for process in (worker, scheduler):
            process.kill()
            process.wait(PATIENCE)
        scheduler.stdout.close()


def test_an_address_that_does_not_answer(model, monkeypatch):
    from kopir.core import cluster

    monkeypatch.setattr(cluster, "_PATIENCE", 1)
    with pytest.raises(InputError, match="K0604"):
        kopir.open(model).sampled_losses(100, scheduler="tcp://127.0.0.1:9")
