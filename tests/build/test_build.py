"""What the static program must be: see docs and the budgets of the design. ARCH=arm64 looks at that one."""

import gzip
import os
import platform
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / os.environ.get("PULLPROBE", "build/pullprobe")
ARCH = os.environ.get("ARCH", "amd64")
IS_OURS = platform.machine() == {"amd64": "x86_64", "arm64": "aarch64"}[ARCH]
MACHINE = {"amd64": "X86-64", "arm64": "AArch64"}[ARCH]
# without compact relocations, which Debian 12's ld makes for amd64 alone, a fifth more
STRIPPED_BYTES = {"amd64": 3_000_000, "arm64": 3_700_000}[ARCH]  # of it 2.8 MB for the prober
COMPRESSED_BYTES = {"amd64": 1_500_000, "arm64": 1_550_000}[ARCH]
LIBRARIES = ["openssl/lib/libssl.a", "openssl/lib/libcrypto.a", "curl/lib/libcurl.a",
             "c-ares/lib/libcares.a", "jansson/lib/libjansson.a", "expat/lib/libexpat.a"]  # fmt: skip


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


def test_is_for_its_machine(header):
    assert MACHINE in header


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


@pytest.mark.skipif(not IS_OURS, reason="it would run by an emulator")
def test_relocations_are_read_only_once_it_runs(segments):
    """musl leaves this undone in a static program: we do it (src/process.c)."""
    where, size = (int(number, 16) for number in re.search(
        r"GNU_RELRO +\S+ (\S+) \S+ \S+ (\S+)", segments).groups())  # fmt: skip
    with subprocess.Popen([PROGRAM, "explain", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                          bufsize=0) as run:  # fmt: skip
        run.stdin.write(b"more than a pipe holds: it reads" * 10_000)
        rows = re.findall(rf"^(\w+)-(\w+) (\S+) .*{re.escape(str(PROGRAM))}$",
                          Path(f"/proc/{run.pid}/maps").read_text(), re.M)  # fmt: skip
        run.communicate()
    base = int(rows[0][0], 16)
    sealed = [(int(low, 16) - base, int(high, 16) - base) for low, high, mode in rows if mode == "r--p"]
    page = os.sysconf("SC_PAGESIZE")
    first, last = where - where % page, (where + size) - (where + size) % page
    assert any(low <= first and last <= high for low, high in sealed)


@pytest.mark.skipif(ARCH != "amd64", reason="Debian 12's ld does not know it for others")
def test_relocations_of_the_pie_are_compact():
    assert "RELR" in readelf("--dynamic")


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_stack_is_protected_in(library):
    undefined = subprocess.run(["nm", "--undefined-only", PROGRAM.parent / "deps" / library],
                               capture_output=True, text=True, check=True).stdout  # fmt: skip
    assert "U __stack_chk_fail" in undefined


def test_the_stack_is_protected_in_our_own_parts():
    objects = list((PROGRAM.parent / "static" / "src").rglob("*.o"))
    undefined = subprocess.run(["nm", "--undefined-only", *objects], capture_output=True, text=True,
                               check=True).stdout  # fmt: skip
    assert undefined.count("U __stack_chk_fail") > len(objects) / 10


@pytest.mark.skipif(ARCH != "arm64", reason="pointer authentication is arm64's")
def test_return_addresses_are_signed():
    code = subprocess.run(["aarch64-linux-gnu-objdump", "--disassemble", PROGRAM],
                          capture_output=True, text=True, check=True).stdout  # fmt: skip
    assert code.count("paciasp") > 2000 and code.count("autiasp") > 2000


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


@pytest.mark.skipif(not IS_OURS, reason="it would run by an emulator")
def test_says_its_version():
    version = re.search(r"^VERSION = (\S+)", (ROOT / "Makefile").read_text(), re.M).group(1)
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True)
    assert version in said.stdout
