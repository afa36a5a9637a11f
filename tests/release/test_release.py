"""What goes out with the program: its list of parts, their licences, and one version everywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import uuid
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = (ROOT / os.environ.get("PULLPROBE", "build/pullprobe")).parent
VERSION = re.search(r"^VERSION = (\S+)$", (ROOT / "Makefile").read_text(), re.M).group(1)
PINS = (ROOT / "deps" / "pins").read_text()
NAMES = list(dict.fromkeys(re.findall(r"^([a-z][\w-]*) ", PINS, re.M)))
SPDX = {"MIT", "Apache-2.0", "curl", "MPL-2.0"}


def built(name: str) -> str:
    return (BUILD / "deps" / name / "version").read_text().strip()


def hashes_of(name: str, version: str) -> dict[str, str]:
    """The files of a pin and their SHA-256."""
    block = re.search(rf"^{name} \S+ {re.escape(version)}\n((?: +\w+ +\S+\n?)+)", PINS, re.M).group(1)
    return {file: digest for digest, file in re.findall(r"(\w{64}) +(\S+)", block)}


# the list of parts ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bom(tmp_path_factory: pytest.TempPathFactory) -> dict:
    files = [tmp_path_factory.mktemp("sbom") / name for name in ("one.json", "two.json")]
    for file in files:
        subprocess.run([ROOT / "deps" / "sbom", VERSION, "amd64", BUILD / "deps", BUILD / "pullprobe",
                        file], check=True, capture_output=True)  # fmt: skip
    assert files[0].read_bytes() == files[1].read_bytes()
    return json.loads(files[0].read_text())


def test_the_parts_are_cyclonedx(bom: dict) -> None:
    """What the schema of CycloneDX 1.5 requires, and what it allows of what is used."""
    assert (bom["bomFormat"], bom["specVersion"], bom["version"]) == ("CycloneDX", "1.5", 1)
    assert bom["serialNumber"].startswith("urn:uuid:") and uuid.UUID(bom["serialNumber"][9:])
    references = [part["bom-ref"] for part in [bom["metadata"]["component"], *bom["components"]]]
    assert len(set(references)) == len(references)
    for part in [bom["metadata"]["component"], *bom["components"]]:
        assert part["type"] in ("application", "library", "data") and part["name"] and part["version"]
        assert part["purl"].startswith("pkg:") and " " not in part["purl"]
        assert {row["license"]["id"] for row in part["licenses"]} <= SPDX
    for row in bom["dependencies"]:
        assert {row["ref"], *row["dependsOn"]} <= set(references)
    assert [row["ref"] for row in bom["dependencies"]] == references


def test_the_program_is_the_one_that_was_built(bom: dict) -> None:
    part = bom["metadata"]["component"]
    assert part["version"] == VERSION
    assert part["hashes"] == [{"alg": "SHA-256",
                               "content": sha256((BUILD / "pullprobe").read_bytes()).hexdigest()}]  # fmt: skip


def test_every_pinned_library_is_a_part(bom: dict) -> None:
    assert [part["name"] for part in bom["components"]] == NAMES
    makefile = (ROOT / "Makefile").read_text()
    assert set(NAMES) == set(re.search(r"^DEPS = (.*)$", makefile, re.M).group(1).split())


@pytest.mark.parametrize("name", NAMES)
def test_a_part_has_the_version_and_the_sources_that_were_built(name: str, bom: dict) -> None:
    part = next(part for part in bom["components"] if part["name"] == name)
    assert part["version"] == built(name)
    sources = {row["comment"]: row["hashes"] for row in part["externalReferences"]}
    assert sources == {file: [{"alg": "SHA-256", "content": digest}]
                       for file, digest in hashes_of(name, built(name)).items()}  # fmt: skip
    assert all(row["url"].startswith("https://") for row in part["externalReferences"])


def test_what_is_built_upon_is_told(bom: dict) -> None:
    upon = {row["ref"]: row["dependsOn"] for row in bom["dependencies"]}
    assert upon["pullprobe"] == NAMES
    assert set(upon["curl"]) == {"musl", "openssl", "c-ares"} and upon["musl"] == []


# licences ------------------------------------------------------------------------------------

WORDS = {
    "pullprobe": "MIT License",
    "musl": "standard MIT license",
    "openssl": "Apache License",
    "c-ares": "Permission to use, copy, modify",
    "curl": "Daniel Stenberg",
    "jansson": "Petri Lehtinen",
    "expat": "Expat maintainers",
    "ca-certificates": "MPL-2.0",
}


def test_each_part_has_its_licence(tmp_path: Path) -> None:
    folder = tmp_path / "licences"
    subprocess.run([ROOT / "deps" / "licences", BUILD / "deps", folder], check=True,
                   capture_output=True)  # fmt: skip
    texts = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(texts) == {*NAMES, "pullprobe"} == set(WORDS)
    for name, words in WORDS.items():
        assert words in " ".join(texts[name].split()), name


# one version ---------------------------------------------------------------------------------

# a version of ours: behind our name, a colon or the word
STATED = re.compile(r"(?:pullprobe[:@ /]|pullprobe-|[Vv]ersion:? |^## )v?(\d+\.\d+\.\d+)\b", re.M)
PLACES = ["*.md", "docs/*.md", "docs/manual/*", "taskdefs/*", "Dockerfile", "src/**/*.c", "include/**/*.h"]


def test_no_other_version_is_stated() -> None:
    stated = {(str(path.relative_to(ROOT)), version)
              for pattern in PLACES for path in ROOT.glob(pattern) if path.is_file()
              for version in STATED.findall(path.read_text())}  # fmt: skip
    assert {"CHANGELOG.md", "docs/manual/pullprobe.1", "taskdefs/README.md"} <= {path for path, _ in stated}
    assert {version for _, version in stated} == {VERSION}, sorted(stated)


def test_the_changelog_begins_with_it() -> None:
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M).group(1)
    assert first == VERSION


def test_it_is_nowhere_in_the_sources() -> None:
    for path in [*(ROOT / "src").rglob("*.c"), *(ROOT / "include").rglob("*.h")]:
        assert f'"{VERSION}"' not in path.read_text(), path
