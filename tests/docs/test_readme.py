"""README.md, CONTRIBUTING.md, docs/ci.md and docs/SKILL.md name only what exists: options, make targets, files,
tables, keys."""

import json
import os
import re
import subprocess
from pathlib import Path

import machine
import pytest

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


def test_every_path_that_a_page_names_exists():
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md"), *ROOT.glob("taskdefs/*.md")]
    found = re.compile(r"`((?:src|include|tests|docs|taskdefs)/[^` ]*)`")
    paths = {path for page in pages for path in found.findall(page.read_text(encoding="utf-8"))}
    assert len(paths) > 40
    assert [path for path in sorted(paths) if not any(ROOT.glob(path))] == []


def test_every_target_that_contributing_names_exists():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"\bmake ([a-z0-9-]+)", page)) <= set(
        re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))  # fmt: skip


def test_every_table_that_contributing_names_is_in_its_header():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tables = re.findall(r"`([A-Z]+)` in `(include/[^`]*)`", page)
    assert len(tables) > 5
    for name, path in tables:
        assert re.search(rf"^#define {name}\(", (ROOT / path).read_text(), re.MULTILINE), name


@pytest.mark.parametrize("name", ["ci.md", "SKILL.md"])
def test_every_command_and_file_of_a_page_exists(name):
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    commands = re.findall(r"pullprobe (check|explain|compare|inspect)((?: [^`\n>|]*)?)", page)
    assert len(commands) > 5
    for verb, words in commands:
        told = subprocess.run([PROBE, verb, "--help"], capture_output=True, text=True, check=True,
                              timeout=machine.HANG).stdout  # fmt: skip
        assert [option for option in re.findall(r"--[a-z-]+", words) if f"{option} " not in told] == [], verb
    paths = re.findall(r"`((?:docs|taskdefs)/[^` ]*|README\.md)`", page)
    assert paths and all((ROOT / path).exists() for path in paths)


def test_every_key_that_skill_names_is_in_a_schema():
    page = (ROOT / "docs" / "SKILL.md").read_text(encoding="utf-8")
    schema = json.dumps([json.loads(path.read_text()) for path in (ROOT / "docs").glob("*.schema.json")])
    keys = re.findall(r"`(verdict\.\w+|vantage\.\w+|findings|class|stage|endpoint|says|fix|confirm|resources|steps|certainty"
                      r"|alternatives|decide|severity|asks|unread)`", page)  # fmt: skip
    assert len(set(keys)) > 15
    assert [key for key in keys if f'"{key.split(".")[-1]}":' not in schema] == []
    values = re.findall(r"`(works|breaks|unknown|proven|likely|open|broken|warning|note|failed|skipped)`", page)
    assert [value for value in values if f'"{value}"' not in schema] == []
