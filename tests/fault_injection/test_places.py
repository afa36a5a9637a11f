"""Where the program writes and what it stands on: full and read-only disks, closed descriptors, no
resolv.conf, no interfaces."""

from __future__ import annotations

import json
import subprocess

import machine
import pytest
from fault_injection import IMAGE, PROBE, ROOT, Run, check, failed, is_one_line, run

REPORT = str(ROOT / "build/golden/s3-endpoint-policy.json")


def shell(script: str, *words: str) -> Run:
    """The program as "$@" of a script, in a mount namespace of its own."""
    done = subprocess.run(["unshare", "-m", "sh", "-c", script, "sh", str(PROBE), *words],
                          capture_output=True, text=True, timeout=machine.HANG, check=False,
                          stdin=subprocess.DEVNULL)  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


def lines(text: str) -> list[str]:
    return text.splitlines()


# outputs ------------------------------------------------------------------------------------

WORDS = {"explain": ["explain", REPORT], "version": ["--version"], "help": ["--help"],
         "compare": ["compare", REPORT, REPORT]}  # fmt: skip


@pytest.mark.parametrize("where", [">/dev/full", ">&-"])
@pytest.mark.parametrize("name", WORDS)
def test_an_output_that_takes_nothing_is_told(name: str, where: str) -> None:
    done = shell(f'exec "$@" {where}', *WORDS[name])
    assert len(lines(done.err)) == 1 and "cannot write to stdout" in done.err
    assert done.code == 3


@pytest.mark.parametrize("where", [">/dev/full", ">&-", ">&- <&-"])
def test_the_verdict_of_a_check_is_still_its_code(lab, where: str) -> None:
    done = run(lab, before=("sh", "-c", f'exec "$@" {where}', "sh"))
    assert (done.code, done.out) == (0, "")
    assert len(lines(done.err)) == 1 and "cannot write to stdout" in done.err


def test_nothing_of_a_report_gets_into_a_socket_or_file(lab, tmp_path) -> None:
    """Were the numbers of closed descriptors taken by what is opened first, that would be written."""
    file = tmp_path / "report.json"
    done = run(lab, "--report", str(file), before=("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh"))
    assert (done.code, done.out, done.err) == (0, "", "")
    assert json.loads(file.read_text())["verdict"]["pull"] == "works"


def test_a_closed_stderr_harms_nothing(lab) -> None:
    done = run(lab, before=("sh", "-c", 'exec "$@" 2>&-', "sh"))
    assert (done.code, done.report["verdict"]["pull"]) == (0, "works")


FULL = "mount -t tmpfs -o size=4k none /mnt && : >/mnt/r && head -c 4096 /dev/zero >/mnt/fill; "


def test_a_full_disk_is_told_and_the_report_printed(lab) -> None:
    done = run(lab, "--report", "/mnt/r", before=("sh", "-c", FULL + 'exec "$@"', "sh"))
    assert done.code == 0 and done.report["verdict"]["pull"] == "works"
    assert len(lines(done.err)) == 1 and "cannot write the report /mnt/r" in done.err


def test_a_comparison_on_a_full_disk_is_told() -> None:
    done = shell(FULL + 'exec "$@"', "compare", "--format", "html", "--output", "/mnt/r", REPORT,
                 REPORT)  # fmt: skip
    assert len(lines(done.err)) == 1 and "/mnt/r" in done.err and done.code == 3


def test_a_read_only_disk_is_a_mistake_before_any_packet(lab) -> None:
    done = run(lab, "--report", "/mnt/r", before=(
        "sh", "-c", 'mount -t tmpfs -o ro none /mnt && exec "$@"', "sh"))  # fmt: skip
    assert is_one_line(done, 2) and "/mnt/r" in done.err


def test_a_read_only_root_is_enough(lab) -> None:
    done = run(lab, before=("sh", "-c", 'mount -o remount,bind,ro / && exec "$@"', "sh"))
    assert (done.code, done.report["verdict"]["pull"]) == (0, "works")


# the machine --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "# nothing\n", "search example\n", "nameserver\n",
                                  "nameserver nonsense\n"])  # fmt: skip
def test_a_resolv_conf_that_names_nobody(lab, text: str) -> None:
    """Every resolver asks this machine then, where nothing listens."""
    script = f"printf '%b' '{text!r}' >/mnt/c" if not text else f"printf '{text}' >/mnt/c"
    script = "mount -t tmpfs none /mnt; : >/mnt/c; " + script.replace("''''", "''")
    done = run(lab, before=("sh", "-c", script + '; mount --bind /mnt/c /etc/resolv.conf; exec "$@"',
                            "sh"))  # fmt: skip
    verdict = done.report["verdict"]
    assert (verdict["stage"], verdict["class"]) == ("dns", "dns.refused"), verdict
    assert done.report["vantage"]["resolvers"] == ["127.0.0.1"]


def test_no_resolv_conf(lab) -> None:
    hide = "umount /etc/resolv.conf; mount -t tmpfs none /mnt && mkdir /mnt/etc && mount --bind /mnt/etc /etc; "
    done = run(lab, before=("sh", "-c", hide + 'exec "$@"', "sh"))
    assert done.report["verdict"]["class"] == "dns.refused"


def test_resolv_conf_is_read_as_libc_reads_it(lab) -> None:
    text = "# a\\nnameserver\\t10.20.0.2 # ours\\nnameserver fe80::1%%eth0\\n nameserver 1.1.1.1\\n"
    script = f"mount -t tmpfs none /mnt; printf '{text}' >/mnt/c; mount --bind /mnt/c /etc/resolv.conf; "
    done = run(lab, before=("sh", "-c", script + 'exec "$@"', "sh"))
    assert done.code == 0
    assert done.report["vantage"]["resolvers"] == ["10.20.0.2", "fe80::1"]


def test_no_interfaces() -> None:
    done = subprocess.run(["unshare", "-n", str(PROBE), *check(), IMAGE], capture_output=True, text=True,
                          timeout=machine.HANG, check=False, env={"AWS_ACCESS_KEY_ID": "a",
                                                        "AWS_SECRET_ACCESS_KEY": "b"})  # fmt: skip
    report = json.loads(done.stdout)
    verdict = report["verdict"]
    assert (verdict["pull"], verdict["stage"], done.returncode) == ("breaks", "dns", 13)
    assert verdict["class"] in ("net.unreachable", "dns.refused"), (verdict, failed(report))
