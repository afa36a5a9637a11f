"""The README names only options and make targets that exist."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROBE = Path(os.environ.get("PULLPROBE", ROOT / "build" / "dev" / "pullprobe"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_option_is_the_programs_own():
    told = "".join(subprocess.run([PROBE, verb, "--help"], capture_output=True, text=True,
                                  timeout=30, check=True).stdout
                   for verb in ("check", "explain", "compare"))  # fmt: skip
    named = set(re.findall(r"`(--[a-z-]+)", README)) - {"--help", "--version"}
    assert named and all(option in told for option in named)


def test_every_make_target_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z0-9-]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
