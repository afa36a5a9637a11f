"""Reports to compare: the golden cases, and one with markup in every string."""

from __future__ import annotations

import copy
import json
import os
import subprocess
from pathlib import Path

import machine

ROOT = Path(__file__).resolve().parents[2]
PROBE = os.environ.get("PULLPROBE", str(ROOT / "build/dev/pullprobe"))
CASES = sorted((ROOT / "build/golden").glob("*.json"))

# strings that a report's reader holds to a closed list or a form
CLOSED = {"schema", "stage", "endpoint", "outcome", "cause", "asks", "registry", "partition",
          "reference_kind", "platform", "started_at", "name"}  # fmt: skip
HOSTILE = ("\"'><script>x</script><img src=x onerror=x> &lt;b&gt; <!-- ]]> </style></script> {{matrix}} "
           "$ \r\n\t\x1b[2J\x07\x00 \u202e\u2066\u200b\ufeff\x85\u2028 é 漢 %s%n")  # fmt: skip


def run(*arguments: str, **more) -> str:
    done = subprocess.run([PROBE, *arguments], capture_output=True, check=True, timeout=machine.HANG, **more)
    return done.stdout.decode("utf-8")


def replaced(value, new: str, key: str = ""):
    """The same shape, with every free string `new`."""
    if isinstance(value, dict):
        return {k: replaced(v, new, k) for k, v in value.items()}
    if isinstance(value, list):
        return [replaced(one, new, key) for one in value]
    return new if isinstance(value, str) and key not in CLOSED else value


def write_reports(folder: Path, names: list[str], new: str | None = None) -> list[str]:
    """Golden cases as vantages a, b, ...; with `new` in every free string where it is given."""
    paths = []
    for i, name in enumerate(names):
        report = json.loads((ROOT / f"build/golden/{name}.json").read_text())
        report["vantage"]["label"] = f"subnet-{chr(97 + i)}"
        report = copy.deepcopy(report) if new is None else replaced(report, new)
        paths.append(str(folder / f"{i}.json"))
        Path(paths[-1]).write_text(json.dumps(report))
    return paths
