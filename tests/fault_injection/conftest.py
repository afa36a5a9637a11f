"""One healthy lab for each process that runs tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))


@pytest.fixture(scope="session")
def lab():
    if os.geteuid() != 0:
        pytest.skip("network namespaces need root")
    import plan
    from vpc import Lab

    made = Lab(plan.Plan(f"o{os.getpid()}"))
    made.up()
    yield made
    made.down()
