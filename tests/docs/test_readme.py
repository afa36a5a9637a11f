"""README.md and CONTRIBUTING.md name only options, make targets, files and tables that exist."""

import os
import re
import subprocess
from pathlib import Path

import machine

ROOT = Path(__file__).resolve().parents[2]
PROBE = Path(os.environ.get("PULLPROBE", ROOT / "build" / "dev" / "pullprobe"))
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_option_is_the_programs_own():
    told = "".join(subprocess.run([PROBE, verb, "--help"], capture_output=True, text=True,
                                  timeout=machine.HANG, check=True).stdout
                   for verb in ("check", "explain", "compare", "inspect", "launch"))  # fmt: skip
    named = set(re.findall(r"`(--[a-z-]+)", README)) - {"--help", "--version"}
    assert named and all(option in told for option in named)


def test_every_make_target_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z0-9-]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_path_that_contributing_names_exists():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`((?:src|include|tests|docs)/[^` ]*)`", page))
    assert len(paths) > 20
    assert [path for path in sorted(paths) if not any(ROOT.glob(path))] == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z0-9-]+)", page)) <= set(
        re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))  # fmt: skip


def test_every_table_that_contributing_names_is_in_its_header():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tables = re.findall(r"`([A-Z]+)` in `(include/[^`]*)`", page)
    assert len(tables) > 5
    for name, path in tables:
        assert re.search(rf"^#define {name}\(", (ROOT / path).read_text(), re.MULTILINE), name
