"""Our own parts are the same bytes from another folder, at another time; `make reproducible` shows it of all."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import machine

ROOT = Path(__file__).resolve().parents[2]
OUT = (ROOT / os.environ.get("PULLPROBE", "build/pullprobe")).parent
ARCH = os.environ.get("ARCH", "amd64")
# with what could betray a folder: names of files, other files' content, the version
SOURCES = ["base/arena", "base/die", "base/roots", "report/compare_page", "main", "options", "net/trust"]


def test_objects_are_the_same_from_another_folder(tmp_path):
    place = tmp_path / "another-folder" / "with-a-longer-name"
    for part in ("deps", "include", "src"):
        shutil.copytree(ROOT / part, place / part)
    shutil.copy(ROOT / "Makefile", place)
    objects = [f"static/src/{name}.o" for name in SOURCES]
    # the outer make's options are not this one's
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    subprocess.run(["make", "-C", place, "-j2", f"ARCH={ARCH}", "OUT=out",
                    *(f"out/{name}" for name in objects)], check=True, capture_output=True, timeout=machine.HANG,
                   env=environment | {"TZ": "Pacific/Auckland"})  # fmt: skip
    for name in objects:
        assert (place / "out" / name).read_bytes() == (OUT / name).read_bytes(), name


def test_no_time_is_asked_for():
    for path in [*(ROOT / "src").rglob("*.c"), *(ROOT / "include").rglob("*.h")]:
        assert not re.search(r"__(DATE|TIME|TIMESTAMP)__", path.read_text()), path
