"""One healthy lab for each process that runs tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))


import machine  # noqa: E402
import plan  # noqa: E402
import vpc  # noqa: E402


def pytest_sessionstart() -> None:
    vpc.sweep()


def pytest_unconfigure() -> None:
    """A worker that was killed has left its lab."""
    vpc.sweep()


@pytest.fixture(scope="session")
def lab():
    if reason := machine.missing((*machine.LAB, "process tracing")):
        pytest.skip(reason)
    made = vpc.Lab(plan.Plan(f"o{os.getpid()}"))
    made.up(os.getpid())
    yield made
    made.down()
