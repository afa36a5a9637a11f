"""The probe in a container as tight as can be: nobody, a root that cannot be written, no capability, no new
privileges, and the system calls of docs/seccomp.json. runc makes it, as Docker and ECS do."""

from __future__ import annotations

import copy
import json
import platform
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest

import faults
import judge
import machine
from test_lab import complain, lab_of, needs_probe, prove
from vpc import ROOT, Lab

PROFILE = json.loads((ROOT / "docs" / "seccomp.json").read_text())
NOBODY = 65532
CA = "/ca.pem"
ARCHITECTURE = {"x86_64": "SCMP_ARCH_X86_64", "aarch64": "SCMP_ARCH_AARCH64"}[platform.machine()]
FAULTS = ["tcp-s3-no-gateway", "tls-all-intercepted", "tls-mtu-s3"]


# runc makes no container where no control group hierarchy is mounted
pytestmark = [needs_probe, pytest.mark.needs("control groups"),
              pytest.mark.skipif(machine.SANITIZED, reason="is of the static program")]


def filter_of(profile: dict) -> dict:
    """Docker's profile as runc has it."""
    return {
        "defaultAction": profile["defaultAction"],
        "defaultErrnoRet": profile["defaultErrnoRet"],
        "architectures": [ARCHITECTURE],
        "syscalls": [{key: row[key] for key in ("names", "action", "args") if key in row}
                     for row in profile["syscalls"]],
    }  # fmt: skip


def bundle(lab: Lab, folder: Path, command: list[str], profile: dict) -> None:
    for place in ("proc", "dev", "etc"):
        (folder / "rootfs" / place).mkdir(parents=True)
    shutil.copy(judge.PROBE, folder / "rootfs" / "pullprobe")
    bound = {"/etc/resolv.conf": lab.directory / "resolv.conf", CA: lab.ca_file}
    environment = lab.environment() | {"AWS_CA_BUNDLE": CA}
    config = {
        "ociVersion": "1.0.2",
        "process": {
            "user": {"uid": NOBODY, "gid": NOBODY},
            "args": ["/pullprobe", *command],
            "env": [f"{name}={value}" for name, value in environment.items()],
            "cwd": "/",
            "noNewPrivileges": True,
            "capabilities": {kind: [] for kind in ("bounding", "effective", "permitted",
                                                   "inheritable", "ambient")},
        },
        "root": {"path": "rootfs", "readonly": True},
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            *({"destination": place, "type": "bind", "source": str(source), "options": ["bind", "ro"]}
              for place, source in bound.items()),
        ],
        "linux": {
            "namespaces": [*({"type": kind} for kind in ("pid", "ipc", "uts", "mount")),
                           {"type": "network", "path": f"/run/netns/{lab.plan.ns('task')}"}],
            "seccomp": filter_of(profile),
        },
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))


def contained(lab: Lab, folder: Path, *arguments: str, profile: dict = PROFILE) -> judge.Outcome:
    name = f"{lab.plan.name}-{uuid.uuid4().hex[:8]}"
    bundle(lab, folder, ["check", "--format", "json", "--timeout", str(machine.limit(2)), *arguments], profile)
    runc = ["runc", "--root", str(folder / "state")]
    try:
        done = subprocess.run([*runc, "run", "--bundle", str(folder), name],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=machine.HANG, check=False)  # fmt: skip
    finally:
        subprocess.run([*runc, "delete", "--force", name], capture_output=True, check=False)
    return judge.Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("topology,family", [("endpoints", "v4"), ("endpoints", "dual")])
@pytest.mark.parametrize("options", [[], ["--full", "--also", "logs,sts"]], ids=" ".join)
def test_a_healthy_subnet_works(topology: str, family: str, options: list[str],
                                tmp_path: Path) -> None:  # fmt: skip
    lab = lab_of(topology, family)
    lab.heal()
    outcome = contained(lab, tmp_path, *options, lab.plan.image("app:multi"))
    assert outcome.complaints == ""
    complain(lab, outcome, judge.health(outcome.report, outcome.code))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named(name: str, tmp_path: Path) -> None:
    row = faults.by_name(name)
    lab = lab_of(row.topology, row.family)
    lab.apply(faults.together([row], lab.plan))
    prove(lab, row)
    outcome = contained(lab, tmp_path, *row.arguments(lab.plan))
    assert outcome.complaints == ""
    complain(lab, outcome, judge.against(row, outcome.report, outcome.code))


def test_the_filter_is_in_force(tmp_path: Path) -> None:
    """Without sockets in it no name is resolved."""
    profile = copy.deepcopy(PROFILE)
    profile["syscalls"] = [row for row in profile["syscalls"] if row["names"] != ["socket"]]
    lab = lab_of("endpoints", "v4")
    lab.heal()
    outcome = contained(lab, tmp_path, lab.plan.image("app:multi"), profile=profile)
    assert outcome.code != 0
    assert {step["cause"] for step in outcome.report["steps"] if step["stage"] == "dns"} == {
        "prohibited"}  # fmt: skip


def test_a_report_cannot_be_written_there(tmp_path: Path) -> None:
    lab = lab_of("endpoints", "v4")
    outcome = contained(lab, tmp_path, "--report", "/report.json", lab.plan.image("app:multi"))
    assert (outcome.code, outcome.text) == (2, "")
    assert "Read-only file system" in outcome.complaints


def test_nothing_is_allowed_that_makes_a_process_a_program_or_a_privilege() -> None:
    allowed = {name for row in PROFILE["syscalls"] for name in row["names"]}
    assert PROFILE["defaultAction"] == "SCMP_ACT_ERRNO"
    assert not allowed & {"clone", "clone3", "fork", "vfork", "execveat", "ptrace", "mount", "unshare",
                          "setns", "bpf", "setuid", "setgid", "capset", "chmod", "chown", "unlink",
                          "rename", "listen", "accept", "accept4", "kill", "process_vm_writev",
                          "keyctl", "io_uring_setup", "personality", "userfaultfd"}  # fmt: skip
    limited = {row["names"][0] for row in PROFILE["syscalls"] if row.get("args")}
    assert limited == {"socket", "mmap"}
