"""A program that hardly gets to run keeps its deadline: what it does after it is little work.

Seconds would depend on the machine, so processor time is measured: of all that the program uses
after its deadline, a tenth of a second is the most. With a tenth of a processor that is one second.
"""

from __future__ import annotations

import json
import subprocess

import judge
import pytest
from test_hostile import PLACES, hostile
from test_lab import lab_of, needs_probe

pytestmark = needs_probe
DEADLINE = 3
AFTER_MOST = 0.1
PATIENCE = 120  # seconds in which a run ends on the busiest machine

# Lets a command run a twentieth of the time only; prints the processor time that it used until so
# many seconds had passed, and in all.
STARVE = """import os, signal, sys, time
deadline, command = float(sys.argv[1]), sys.argv[2:]
begun = time.monotonic()
pid = os.fork()
if pid == 0: os.execv(command[0], command)
clock, before, used = (~pid << 3) | 2, 0.0, 0.0
while True:
    os.kill(pid, signal.SIGSTOP)
    used = time.clock_gettime(clock)
    if time.monotonic() - begun < deadline: before = used
    time.sleep(0.019)
    os.kill(pid, signal.SIGCONT)
    time.sleep(0.001)
    if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        used = time.clock_gettime(clock)
        break
print(before, used, file=sys.stderr)
code = os.waitstatus_to_exitcode(os.wait4(pid, 0)[1])
sys.exit(code if code >= 0 else 128 - code)
"""


def starved(lab, *arguments: str) -> tuple[dict, float]:
    done = lab.run(
        ["/usr/bin/python3", "-ISc", STARVE, str(DEADLINE), str(judge.PROBE), "check", "--format", "json",
         "--timeout", "2", "--deadline", str(DEADLINE), *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)  # fmt: skip
    before, used = map(float, done.stderr.split())
    print(f"{before:.3f} s until the deadline, {used:.3f} s in all")
    return json.loads(done.stdout), used - before


@pytest.mark.parametrize("place", ["blobs", "the bucket", "manifests"])
@pytest.mark.parametrize("do", ["a body without end", "chunks without end", "a drip of a body"])
def test_bytes_without_end_do_not_outlast_the_deadline(place: str, do: str) -> None:
    lab = lab_of("endpoints", "v4")
    with hostile(lab, PLACES[place] | {"do": do}):
        report, after = starved(lab, "--full", lab.plan.image("app:multi"))
    assert report["steps"] and after <= AFTER_MOST


@pytest.mark.parametrize("image", ["app:big", "app:layers30"])
def test_a_large_image_does_not_outlast_the_deadline(image: str) -> None:
    lab = lab_of("endpoints", "v4")
    lab.heal()
    report, after = starved(lab, "--full", lab.plan.image(image))
    assert report["steps"] and after <= AFTER_MOST
