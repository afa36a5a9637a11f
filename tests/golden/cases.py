"""All cases: each module adds its own as it is read. `write` makes the files that tests read."""

from __future__ import annotations

import json
import os
from pathlib import Path

import cases_access  # noqa: F401
import cases_credentials  # noqa: F401
import cases_dns  # noqa: F401
import cases_http  # noqa: F401
import cases_ipv6  # noqa: F401
import cases_layers  # noqa: F401
import cases_manifest  # noqa: F401
import cases_notes  # noqa: F401
import cases_other  # noqa: F401
import cases_roles  # noqa: F401
import cases_start  # noqa: F401
import cases_tcp  # noqa: F401
import cases_tls  # noqa: F401
from expect import CASES


def write(folder: Path) -> None:
    """A report for each case, and nothing else. Each appears whole: another make may read it."""
    folder.mkdir(parents=True, exist_ok=True)
    for rule, case in CASES.items():
        part = folder / f".{rule}.{os.getpid()}"
        part.write_text(json.dumps(case.report(), indent=1) + "\n")
        part.rename(folder / f"{rule}.json")
    for path in folder.glob("*.json"):
        if path.stem not in CASES:
            path.unlink()
