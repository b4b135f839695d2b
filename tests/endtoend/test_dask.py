"""The same study on a Dask cluster: a scheduler and two workers, one of them killed midway."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from millworks.conf.compose import compose
from millworks.conf.scenarios import packaged_scenarios
from millworks.errors import InputError
from millworks.study.arms import Arm
from millworks.study.battery import Workers, run_battery
from millworks.study.pair_store import PairStore

pytest.importorskip("distributed")
from millworks.study.dask_workers import on_cluster

SECONDS_TO_START = 60


@pytest.fixture
def cluster(tmp_path):
    """Address of a scheduler and its two workers, as processes of their own."""
    port = 20_000 + os.getpid() % 20_000
    address = f"tcp://127.0.0.1:{port}"
    said = (tmp_path / "cluster.txt").open("w")
    run = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"]
    started = [
        subprocess.Popen(
            [*run, "--port", str(port), "--no-dashboard"], stdout=said, stderr=said, cwd=tmp_path
        )
    ]
    one = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1"]
    for _ in range(2):
        started.append(
            subprocess.Popen(
                [*one, "--no-nanny", "--no-dashboard"], stdout=said, stderr=said, cwd=tmp_path
            )
        )
    _wait_for_workers(address, 2)
    yield address, started[1:]
    for process in reversed(started):
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()


def _wait_for_workers(address: str, workers: int) -> None:
    from distributed import Client

    end = time.monotonic() + SECONDS_TO_START
    while True:
        with contextlib.suppress(OSError), Client(address, timeout=5) as client:
            client.wait_for_workers(workers, timeout=SECONDS_TO_START)
            return
        assert time.monotonic() < end, "the cluster did not start"


def battery(tmp_path, name: str, workers: Workers, progress=lambda done, total, label: None):
    small = {"makers": 40, "study.pairs": 4, "study.weeks": 52, "study.burn_in": 26}
    words = ["policy=household_rebate,hub"]
    config = compose("run", small, words, packaged_scenarios(), scenario="hickory_placebo")
    arms = {lever: Arm({lever: config.policies[lever]}, {}) for lever in config.policies}
    with PairStore(tmp_path, name) as store:
        return run_battery(config, arms, store, workers, progress)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_cluster_finds_the_same_bytes_also_when_a_worker_is_killed_midway(tmp_path, cluster):
    address, processes = cluster
    killed = []

    def kill_one(done: int, total: int, label: str) -> None:
        if done > 0 and not killed:
            processes[0].send_signal(signal.SIGKILL)
            killed.append(done)

    there = battery(tmp_path, "there", on_cluster(address), kill_one)
    assert killed
    assert processes[0].wait(10) != 0
    here = battery(tmp_path, "here", Workers())
    assert there.names == here.names
    for name in here.names:
        assert np.array_equal(there.periods(name), here.periods(name))
        assert np.array_equal(there.paths(name), here.paths(name), equal_nan=True)


def test_a_cluster_that_is_not_there_is_said_in_a_sentence():
    with pytest.raises(InputError, match="say where its scheduler is"):
        on_cluster(None)
    with pytest.raises(InputError, match="nobody answers there"):
        on_cluster("tcp://127.0.0.1:9")
