"""Out of memory, out of descriptors, out of buffers: at every call in turn, once and for good."""

from __future__ import annotations

import json
import os
import subprocess

import pytest
from own import CHECK, IMAGE, PROBE, ROOT, Run, is_one_line, run, wrong

# a check makes some 500 calls of mmap, 30 of socket, 300 of recvfrom, 60 of sendto
MAPS = (1, 2, 3, 4, 6, 9, 14, 20, 30, 45, 70, 110, 170, 250, 330, 410, 440, 455, 462, 480)


@pytest.mark.parametrize("number", MAPS)
def test_out_of_memory_is_one_line(lab, number: int) -> None:
    done = run(lab, inject=f"mmap,brk:error=ENOMEM:when={number}+")
    assert is_one_line(done) or not wrong(done), wrong(done)


@pytest.mark.parametrize("number", [*range(1, 8), *range(8, 30, 3)])
def test_no_sockets_any_more(lab, number: int) -> None:
    done = run(lab, inject=f"socket:error=EMFILE:when={number}+")
    assert not wrong(done), wrong(done)
    if number >= 3 and not is_one_line(done):
        assert done.code in (0, 3)


ONCE = {
    "socket:error=EMFILE": (4, 11, 18, 20, 22, 23, 25),
    "open:error=EMFILE": (1, 2, 3, 4),
    "open:error=ENFILE": (1, 2),
    "connect:error=ENOBUFS": (3, 9, 10, 15, 17, 19, 22),
    "sendmsg:error=ENOBUFS": (1, 3, 5),
    "sendto:error=ENOBUFS": (2, 5, 9, 13, 17, 21, 25, 40, 55),
    "recvfrom:error=ENOMEM": (5, 20, 40, 60, 80, 120, 200),
    "getsockopt:error=ENOBUFS": (1, 4),
    "setsockopt:error=ENOMEM": (1, 9),
    "poll:error=ENOMEM": (1, 5, 10, 30),
}


@pytest.mark.parametrize("fault,number", [(fault, number) for fault, numbers in ONCE.items()
                                          for number in numbers])  # fmt: skip
def test_a_call_without_means_proves_nothing(lab, fault: str, number: int) -> None:
    done = run(lab, inject=f"{fault}:when={number}")
    assert not wrong(done), wrong(done)


@pytest.mark.parametrize("limit", range(3, 18))
def test_few_descriptors(lab, limit: int) -> None:
    done = run(lab, before=("sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh"))
    assert not wrong(done), wrong(done)


def test_a_break_is_found_though_descriptors_are_few(lab) -> None:
    """What was settled before stays: the lack of means is said beside it."""
    import faults

    lab.apply(faults.together([faults.by_name("dns-nxdomain-s3")], lab.plan)) if any(
        row.name == "dns-nxdomain-s3" for row in faults.ALL) else pytest.skip("no such fault")
    try:
        done = run(lab, inject="socket:error=EMFILE:when=18+")
        assert done.report["verdict"]["class"].startswith(("s3.dns", "dns."))
    finally:
        lab.heal()


@pytest.mark.parametrize("megabytes", [5, 6, 8, 10, 12, 16])
def test_a_small_address_space(lab, megabytes: int) -> None:
    done = run(lab, before=("sh", "-c", f'ulimit -v {megabytes * 1024}; exec "$@"', "sh"))
    assert not wrong(done) or "Killed" in done.err, wrong(done)


# The pure half, by a library that lets the Nth allocation fail: it needs a program that takes one.

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
static long left = -1;
static int denied(void)
{
	if (left < 0) {
		const char *nth = getenv("FAIL_NTH");
		left = nth ? atol(nth) : 0;
	}
	if (left == 0 || --left > 0)
		return 0;
	left = 1; /* and every one after it */
	errno = ENOMEM;
	return 1;
}
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *malloc(size_t size) { return denied() ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return denied() ? NULL : __libc_calloc(count, size); }
void *realloc(void *at, size_t size) { return denied() ? NULL : __libc_realloc(at, size); }
"""
PLAIN = ROOT / os.environ.get("PLAIN", "build/plain/pullprobe")
REPORT = ROOT / "tests/golden/cases/s3-endpoint-policy.json"
TEXT = ("CannotPullContainerError: Error response from daemon: Get https://123456789012.dkr.ecr."
        "us-east-1.amazonaws.com/v2/: net/http: request canceled (Client.Timeout)")  # fmt: skip
PURE = {
    "report": ["explain", str(REPORT)],
    "report as JSON": ["explain", "--format", "json", str(REPORT)],
    "text": ["explain", TEXT],
    "code": ["explain", "22"],
    "compare": ["compare", str(REPORT), str(REPORT.with_name("run-ended.json"))],
    "compare as HTML": ["compare", "--format", "html", str(REPORT), str(REPORT)],
    "help": ["check", "--help"],
    "mistake": ["check", "--nope"],
}


@pytest.fixture(scope="session")
def shim(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shim")
    (folder / "shim.c").write_text(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-fno-builtin", "-o", folder / "shim.so",
                    folder / "shim.c"], check=True)  # fmt: skip
    return folder / "shim.so"


def failing(shim, number: int, words: list[str]) -> Run:
    done = subprocess.run([PLAIN, *words], capture_output=True, text=True, timeout=60, check=False,
                          env={"LD_PRELOAD": str(shim), "FAIL_NTH": str(number)})  # fmt: skip
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("name", PURE)
def test_the_nth_allocation_of_the_pure_half(shim, name: str) -> None:
    whole = failing(shim, 0, PURE[name])
    assert whole.code in (0, 2)
    number, misses = 1, 0
    while misses < 3:
        done = failing(shim, number, PURE[name])
        same = (done.code, done.out) == (whole.code, whole.out)
        assert same or is_one_line(done), (number, done)
        misses = misses + 1 if same else 0
        number = number + 1 if number < 12 else number * 5 // 4


@pytest.mark.parametrize("number", [1, 2, 5, 20, 60, 200, 600, 2000, 6000, 12000, 20000, 40000])
def test_the_nth_allocation_of_a_check(lab, shim, number: int) -> None:
    """Debian's libcurl signs wrongly, so that this program comes as far as the token."""
    done = lab.run([str(PLAIN), *CHECK, IMAGE], capture_output=True, text=True, timeout=60,
                   variables={"LD_PRELOAD": str(shim), "FAIL_NTH": str(number)})  # fmt: skip
    if not is_one_line(Run(done.returncode, done.stdout, done.stderr)):
        verdict = json.loads(done.stdout)["verdict"]
        assert verdict["pull"] == "works" or verdict["stage"] == "token", verdict
