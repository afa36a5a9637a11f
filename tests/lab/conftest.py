"""The labs that tests bring up go with the process that did."""

from __future__ import annotations

import pytest

import vpc


@pytest.fixture(scope="session", autouse=True)
def taken_down():
    from test_lab import UP

    yield
    for lab in UP.values():
        lab.down()


def pytest_sessionstart() -> None:
    vpc.sweep()


def pytest_unconfigure() -> None:
    """A worker that was killed has left its labs."""
    vpc.sweep()
