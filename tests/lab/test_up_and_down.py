"""The lab itself: side by side, idempotent, and nothing left of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import faults
import machine
import plan as p
import vpc

LAB = Path(__file__).resolve().parent / "lab"
MINE = ("--owner", str(os.getpid()))


pytestmark = pytest.mark.needs(*machine.LAB)


def lab(name: str, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run([LAB, "--name", name, *words], capture_output=True, text=True,
                          timeout=machine.HANG, check=False)  # fmt: skip


def traces(name: str) -> list[str]:
    """What exists of a lab: namespaces, files, processes."""
    found = [one.name for one in Path("/run/netns").glob(f"{name}-*")]
    found += [str(one) for one in vpc.BASE.glob(name)]
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if f"/lab/{name}".encode() in command.read_bytes():
                found.append(str(command))
        except OSError:
            continue
    return found


def test_two_labs_side_by_side_and_nothing_left() -> None:
    one, two = f"x{os.getpid()}", f"y{os.getpid()}"
    try:
        for name, topology in ((one, "endpoints"), (two, "nat"), (one, "endpoints")):
            done = lab(name, "up", "--topology", topology, *MINE)
            assert done.returncode == 0, done.stderr
        assert lab(one, "fault", "tcp-api-endpoint-group").returncode == 0
        for name, timeout in ((one, True), (two, False)):
            address = p.SERVICES["api"].addresses4("endpoints" if name == one else "nat")[0]
            done = lab(name, "run", "--", "curl", "-sk", "-m", "1", f"https://{address}/")
            assert (done.returncode == 28) == timeout, done
        assert lab(one, "heal").returncode == 0
        kept = subprocess.run(["ip", "netns", "exec", f"{one}-router", "conntrack", "-L"],
                              capture_output=True, text=True, check=True)  # fmt: skip
        assert kept.stdout == ""  # no port is led as the fault led it
        assert lab(one, "prove", "tcp-dkr-endpoint-group").returncode == 0
    finally:
        for name in (one, two, one):
            assert lab(name, "down").returncode == 0
    assert not traces(one) + traces(two)


def test_a_lab_that_is_not_up_says_so() -> None:
    done = lab("nosuch", "status")
    assert done.returncode == 1
    assert done.stderr == "lab: no lab named nosuch is up\n"


def test_the_task_has_a_container_environment_alone() -> None:
    name = f"x{os.getpid()}"
    try:
        assert lab(name, "up", *MINE).returncode == 0
        done = lab(name, "run", "--", "env")
        found = dict(line.split("=", 1) for line in done.stdout.splitlines())
        assert found["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] == p.CREDENTIALS_PATH
        assert found["AWS_CA_BUNDLE"].endswith("/ca.pem")
        assert not {"SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE"} & found.keys()
        resolvers = lab(name, "run", "--", "cat", "/etc/resolv.conf").stdout
        assert f"nameserver {p.RESOLVER4}" in resolvers
    finally:
        lab(name, "down")


def test_what_a_killed_process_has_left_is_swept_up() -> None:
    name = f"x{os.getpid()}"
    with subprocess.Popen(["sleep", "infinity"]) as owner:
        assert lab(name, "up", "--owner", str(owner.pid)).returncode == 0
        vpc.sweep()
        assert vpc.Lab.open(name).is_up()
        owner.kill()
    vpc.sweep()
    assert not traces(name)


def test_two_faults_of_one_name_are_a_mistake() -> None:
    row = faults.ALL[0]
    with pytest.raises(ValueError, match=row.name):
        faults.named([row, row])
