"""The README's table of exit codes, made from the program's own list."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROBE = Path(os.environ.get("PULLPROBE", ROOT / "build" / "dev" / "pullprobe"))
CODES = range(126)


def rows() -> list[dict]:
    """What `explain CODE` says of every code that has a row."""
    found = []
    for code in CODES:
        done = subprocess.run([PROBE, "explain", "--format", "json", str(code)],
                              capture_output=True, text=True, timeout=30, check=False)  # fmt: skip
        if done.returncode == 0:
            found.append(json.loads(done.stdout))
    return found


def table() -> str:
    lines = ["| code | stage | says |", "| --- | --- | --- |"]
    lines += [f"| {row['exit_code']} | {row['stage']} | {row['says']} |" for row in rows()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")
