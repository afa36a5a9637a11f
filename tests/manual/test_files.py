"""Files that are no files: refused at once, in one line. Whatever the caller has open is read."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import machine
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROBE = ROOT / os.environ.get("PULLPROBE", "build/dev/pullprobe")
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1"
# nothing leaves the machine, and nothing answers
OFFLINE = ["--resolver", "127.0.0.1:9", "--timeout", "1", "--deadline", "5"]
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}
KINDS = {
    "pipe": "it is a pipe, a socket or a device, not a regular file",
    "folder": "Is a directory",
    "/dev/zero": "it is a pipe, a socket or a device, not a regular file",
}
USES = {
    "--report": ["check", "--report", "FILE", "nginx"],
    "--ca-file": ["check", "--ca-file", "FILE", "nginx"],
    "--also-from": ["check", "--also-from", "FILE"],
    "--password-file": ["check", "--user", "me", "--password-file", "FILE", "nginx"],
    "explain": ["explain", "FILE"],
    "compare": ["compare", "FILE", "FILE"],
}


def run(words: list[str], **options) -> subprocess.CompletedProcess[str]:
    """A run that waits for a pipe's other end does not end by itself, so the time is generous."""
    environment = ENVIRONMENT | options.pop("env", {})
    return subprocess.run(words, capture_output=True, text=True, timeout=machine.HANG, check=False,
                          env=environment, **options)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("use", USES)
def test_it_is_refused_in_one_line(use: str, kind: str, folder: Path) -> None:
    words = [str(folder / kind) if word == "FILE" else word for word in USES[use]]
    done = run([str(PROBE), *words], stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith(f"{folder / kind}: {KINDS[kind]}\n")


@pytest.mark.parametrize("name", ["AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"])
def test_a_token_file_that_is_a_pipe_is_the_credentials_failure(name: str, folder: Path) -> None:
    env = {name: str(folder / "pipe"), "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/app"}
    if name.startswith("AWS_CONTAINER"):
        env = {name: str(folder / "pipe"), "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/"}
    done = run([str(PROBE), "check", *OFFLINE, "--format", "json", IMAGE], env=env)
    assert KINDS["pipe"] in done.stdout, done.stderr


@pytest.mark.parametrize("name", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_a_profile_that_is_a_pipe_is_none(name: str, folder: Path) -> None:
    done = run([str(PROBE), "check", *OFFLINE, "--format", "json", IMAGE],
               env={name: str(folder / "pipe")})  # fmt: skip
    assert '"no_source"' in done.stdout, done.stderr


def test_a_resolv_conf_that_is_a_pipe_is_refused(folder: Path) -> None:
    apart = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    mount = f"mount --bind {folder}/pipe /etc/resolv.conf"
    if not shutil.which("unshare") or run([*apart, mount]).returncode:
        pytest.skip("no mount namespaces on this machine")
    done = run([*apart, f'{mount} && exec "$0" "$@"', str(PROBE), "check", *OFFLINE, IMAGE])
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "/etc/resolv.conf" in done.stderr


def test_what_a_shell_has_open_is_read() -> None:
    script = '"$0" check --also-from <(printf "{}") ; "$0" explain /dev/stdin <<<"no such host"'
    done = run(["bash", "-c", script, str(PROBE)])
    assert "is not a usable task definition: it has no containerDefinitions" in done.stderr
    assert "dns.nxdomain" in done.stdout


@pytest.mark.parametrize("name", ["/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"])
def test_a_report_goes_to_an_open_descriptor(name: str) -> None:
    done = run([str(PROBE), "check", *OFFLINE, "--report", name, IMAGE])
    assert done.stderr.startswith("{") and done.returncode not in (2, 3)


def test_a_report_into_the_file_of_stdout_is_not_overwritten(tmp_path: Path) -> None:
    with open(tmp_path / "all", "w", encoding="utf-8") as out:
        out.write("before\n")
        out.flush()
        subprocess.run([PROBE, "check", *OFFLINE, "--report", "/dev/stdout", IMAGE], stdout=out,
                       env=ENVIRONMENT, timeout=machine.HANG, check=False)  # fmt: skip
    text = (tmp_path / "all").read_text(encoding="utf-8")
    assert text.startswith("before\n{") and "pull breaks" in text.split("}\n")[-1].lower()


def catches_signals(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def test_a_signal_ends_the_reading_of_stdin() -> None:
    with subprocess.Popen([PROBE, "explain", "-"], stdin=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as probe:  # fmt: skip
        for _ in range(600):
            if catches_signals(probe.pid):
                probe.terminate()
            time.sleep(0.1)
            if probe.poll() is not None:
                break
        else:
            probe.kill()
        assert (probe.returncode, probe.stderr.read().count("\n")) == (2, 1)
