"""The README says what the program does."""

import re
from pathlib import Path

import exit_codes

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_the_exit_codes_are_the_programs_own():
    assert exit_codes.table() in README


def test_every_option_is_the_programs_own():
    import subprocess

    told = "".join(subprocess.run([exit_codes.PROBE, verb, "--help"], capture_output=True, text=True,
                                  timeout=30, check=True).stdout
                   for verb in ("check", "explain", "compare"))  # fmt: skip
    named = set(re.findall(r"`(--[a-z-]+)", README)) - {"--help", "--version"}
    assert named and all(option in told for option in named)


def test_every_make_target_exists():
    makefile = (Path(__file__).resolve().parents[2] / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake ([a-z-]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
