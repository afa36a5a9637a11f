"""For all tests: `needs` skips what this machine cannot do, and a failure that may be the machine's
lateness is looked at once more (lab/machine.py)."""

from __future__ import annotations

import shutil
import signal
import sys
import threading
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parent / "lab"))
import machine  # noqa: E402

LATE = "late"


def pytest_configure(config) -> None:
    config.addinivalue_line("markers", "needs(name, ...): of machine.HAS; skipped without them")
    # so that fixtures take down what they made, as after Ctrl-C
    if threading.current_thread() is threading.main_thread():  # xdist may have begun in another
        signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item) -> None:
    names = tuple(name for mark in item.iter_markers("needs") for name in mark.args)
    if reason := machine.missing(names):
        pytest.skip(reason)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem) -> bool:
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    machine.asked_for_limits()
    try:
        pyfuncitem.obj(**arguments)
    except Exception as error:
        if not machine.asked_for_limits():
            raise
        if folder := arguments.get("tmp_path"):
            shutil.rmtree(folder)
            folder.mkdir()
        with machine.unhurried():
            pyfuncitem.obj(**arguments)
        pyfuncitem.user_properties.append((LATE, str(error)))
    return True


def pytest_terminal_summary(terminalreporter) -> None:
    late = {report.nodeid: text for report in terminalreporter.getreports("passed")
            for name, text in report.user_properties if name == LATE}  # fmt: skip
    for name, text in late.items():
        terminalreporter.write_line(f"late, then correct: {name}: {text.splitlines()[:1]}")
    if late:
        terminalreporter.write_line(f"{len(late)} passed with longer limits")
