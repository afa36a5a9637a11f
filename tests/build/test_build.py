"""What the static program must be: see docs and the budgets of the design."""

import gzip
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / os.environ.get("PULLPROBE", "build/pullprobe")
STRIPPED_BYTES = 2_800_000
COMPRESSED_BYTES = 1_400_000


def readelf(option):
    return subprocess.run(
        ["readelf", "--wide", option, PROGRAM], capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture(scope="module")
def header():
    return readelf("--file-header")


@pytest.fixture(scope="module")
def segments():
    return readelf("--program-headers")


def test_is_for_x86_64(header):
    assert "X86-64" in header


def test_is_position_independent(header):
    assert re.search(r"Type:\s+DYN", header)


def test_needs_no_interpreter_and_no_library(segments):
    assert "INTERP" not in segments
    assert "NEEDED" not in readelf("--dynamic")


def test_stack_is_not_executable(segments):
    stack = re.search(r"GNU_STACK.*", segments).group()
    assert re.search(r"\bRW\b", stack) and "E " not in stack


def test_no_segment_is_writable_and_executable(segments):
    assert not re.search(r"LOAD.*\bRWE\b", segments)


def test_relocations_are_read_only_in_full(segments):
    assert "GNU_RELRO" in segments
    assert re.search(r"BIND_NOW|\bNOW\b", readelf("--dynamic"))


def test_relocations_of_the_pie_are_compact():
    assert "RELR" in readelf("--dynamic")


def test_is_stripped():
    sections = readelf("--section-headers")
    for section in (".symtab", ".debug_info", ".comment"):
        assert section not in sections


def test_keeps_to_its_size():
    assert PROGRAM.stat().st_size <= STRIPPED_BYTES


def test_keeps_to_its_size_compressed():
    assert len(gzip.compress(PROGRAM.read_bytes(), 9)) <= COMPRESSED_BYTES


def test_tells_nothing_of_where_it_was_built():
    program = PROGRAM.read_bytes()
    for path in (ROOT, Path.home() / ".cache", os.environ.get("XDG_CACHE_HOME", "/nowhere")):
        assert os.fsencode(path) + b"/" not in program


def test_roots_are_inside():
    program = PROGRAM.read_bytes()
    for name in (b"Amazon Root CA 1", b"Starfield", b"ISRG Root X1"):
        assert name in program


def test_says_its_version():
    version = re.search(r"^VERSION = (\S+)", (ROOT / "Makefile").read_text(), re.M).group(1)
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert version in said.stdout
