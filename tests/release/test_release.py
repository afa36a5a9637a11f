"""What goes out with the program: its list of parts, their licences, and one version everywhere."""

from __future__ import annotations

import gzip
import io
import json
import os
import platform
import re
import subprocess
import tarfile
import uuid
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BUILD = (ROOT / os.environ.get("PULLPROBE", "build/pullprobe")).parent
VERSION = re.search(r"^VERSION = (\S+)$", (ROOT / "Makefile").read_text(), re.M).group(1)
PINS = (ROOT / "deps" / "pins").read_text()
NAMES = list(dict.fromkeys(re.findall(r"^([a-z][\w-]*) ", PINS, re.M)))
MACHINE = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
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


# a release -----------------------------------------------------------------------------------

FILES = {"pullprobe-linux-{}", "pullprobe-linux-{}.tar.gz", "pullprobe-linux-{}.cdx.json",
         "pullprobe-lambda-{}.zip"}  # fmt: skip


def make(*words: object, **environment: str) -> str:
    """The Makefile alone, without the options of the make that runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(["make", "-C", ROOT, "--no-print-directory", *map(str, words)], check=True, text=True,
                          stdout=subprocess.PIPE, env=kept | environment).stdout  # fmt: skip


def make_dist(folder: Path) -> Path:
    make("dist", f"MACHINES={MACHINE}", f"DIST={folder}", TZ="Pacific/Auckland")
    return folder


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of this machine alone: `make dist-reproducible` makes it of both."""
    return make_dist(tmp_path_factory.mktemp("dist") / "one")


@pytest.fixture(scope="module")
def installed(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run(["tar", "-xzf", dist / f"pullprobe-linux-{MACHINE}.tar.gz", "-C", folder,
                    "--strip-components=1"], check=True)  # fmt: skip
    return folder


def test_a_release_has_all_its_files_and_their_sums(dist: Path) -> None:
    files = {path.name for path in dist.iterdir()}
    assert files == {*(name.format(MACHINE) for name in FILES), "pullprobe-image.tar", "SHA256SUMS"}
    sums = {name: digest for digest, name in
            (line.split() for line in (dist / "SHA256SUMS").read_text().splitlines())}  # fmt: skip
    assert sums == {name: sha256((dist / name).read_bytes()).hexdigest() for name in files - {"SHA256SUMS"}}


def test_a_second_release_has_the_same_sums(dist: Path, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        again = make_dist(tmp_path / "two")
    finally:
        os.umask(before)
    assert (again / "SHA256SUMS").read_text() == (dist / "SHA256SUMS").read_text()


def test_each_way_to_get_it_has_the_same_program(dist: Path, installed: Path) -> None:
    program = (BUILD / "pullprobe").read_bytes()
    assert (dist / f"pullprobe-linux-{MACHINE}").read_bytes() == program
    assert (installed / "bin" / "pullprobe").read_bytes() == program
    with zipfile.ZipFile(dist / f"pullprobe-lambda-{MACHINE}.zip") as archive:
        assert archive.read("bootstrap") == program
    part = json.loads((dist / f"pullprobe-linux-{MACHINE}.cdx.json").read_text())["metadata"]["component"]
    assert part["hashes"][0]["content"] == sha256(program).hexdigest()


def test_what_is_unpacked_has_its_manual_completions_and_licences(installed: Path) -> None:
    files = {str(path.relative_to(installed)) for path in installed.rglob("*") if path.is_file()}
    assert files == {"bin/pullprobe", "share/man/man1/pullprobe.1",
                     "share/bash-completion/completions/pullprobe", "share/zsh/site-functions/_pullprobe",
                     *(f"share/licenses/pullprobe/{name}" for name in WORDS)}  # fmt: skip
    for path in installed.rglob("*"):
        assert path.stat().st_mode & 0o555 == (0o444 if path.is_file() and path.parent.name != "bin" else 0o555)


def test_an_installed_program_finds_its_manual(installed: Path) -> None:
    """`man` looks beside each folder of PATH; see manpath(1)."""
    found = subprocess.run(["man", "-w", "pullprobe"], capture_output=True, text=True, check=True,
                           env={"PATH": f"{installed}/bin:/usr/bin:/bin"}).stdout  # fmt: skip
    assert Path(found.strip()) == installed / "share" / "man" / "man1" / "pullprobe.1"


def test_the_version_names_every_part(bom: dict) -> None:
    said = subprocess.run([BUILD / "pullprobe", "--version"], capture_output=True, text=True,
                          check=True).stdout.splitlines()  # fmt: skip
    parts = [f"{part['name']} {part['version']}" for part in bom["components"]]
    assert said[0] == f"pullprobe {VERSION}"
    assert sorted(said[2].removeprefix("made of Debian packages: ").split(", ")) == sorted(parts)


# the image's archive ---------------------------------------------------------------------------


class Layout:
    """An image layout in a tar file: https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md"""

    def __init__(self, path: Path) -> None:
        with tarfile.open(path) as archive:
            self.files = {one.name: archive.extractfile(one).read() for one in archive if one.isfile()}

    def blob(self, descriptor: dict) -> bytes:
        content = self.files["blobs/sha256/" + descriptor["digest"].removeprefix("sha256:")]
        assert descriptor["digest"] == f"sha256:{sha256(content).hexdigest()}"
        assert descriptor["size"] == len(content)
        return content


def test_the_image_is_an_oci_layout(dist: Path) -> None:
    layout = Layout(dist / "pullprobe-image.tar")
    assert json.loads(layout.files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    (both,) = json.loads(layout.files["index.json"])["manifests"]
    assert both["mediaType"] == "application/vnd.oci.image.index.v1+json"
    (image,) = json.loads(layout.blob(both))["manifests"]
    assert image["platform"] == {"architecture": MACHINE, "os": "linux"}
    manifest = json.loads(layout.blob(image))
    config = json.loads(layout.blob(manifest["config"]))
    assert (config["architecture"], config["os"]) == (MACHINE, "linux")
    assert config["config"]["User"] == "65532:65532" and config["config"]["Entrypoint"] == ["/pullprobe"]
    assert config["config"]["Labels"]["org.opencontainers.image.version"] == VERSION
    (packed,) = (layout.blob(one) for one in manifest["layers"])
    files = gzip.decompress(packed)
    assert config["rootfs"]["diff_ids"] == [f"sha256:{sha256(files).hexdigest()}"]
    with tarfile.open(fileobj=io.BytesIO(files)) as layer:
        assert layer.extractfile("pullprobe").read() == (BUILD / "pullprobe").read_bytes()
        assert {one.name for one in layer if one.isfile()} == {
            "pullprobe", *(f"usr/share/licenses/pullprobe/{name}" for name in WORDS)}  # fmt: skip
        assert layer.getmember("pullprobe").mode == 0o755


# the workflow ----------------------------------------------------------------------------------


WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
TARGETS = set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text(), re.M))


@pytest.fixture(scope="module")
def workflow() -> dict:
    return yaml.load(WORKFLOW.read_text(), Loader=yaml.BaseLoader)  # in which "on" is no truth value


@pytest.fixture(scope="module")
def scripts(workflow: dict) -> list[str]:
    return [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]


def test_a_tag_starts_the_workflow(workflow: dict) -> None:
    assert workflow["on"] == {"push": {"tags": ["v*"]}}


def test_only_what_publishes_may_write(workflow: dict) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in workflow["jobs"].items()} == {
        "build": None, "publish": {"contents": "write"}}  # fmt: skip


def test_it_builds_by_targets_that_the_makefile_has(scripts: list[str]) -> None:
    lines = [line.strip() for script in scripts for line in script.replace("\\\n", " ").splitlines()]
    called = [line for line in lines if re.match(r"make\b", line)]
    words = {word for line in called for word in line.split(">")[0].split()[1:]
             if not word.startswith("-") and "=" not in word}  # fmt: skip
    assert {"dist", "release-notes"} <= words <= TARGETS
    assert not [line for line in lines if re.match(r"(gcc|cc|docker|buildah|tar|zip|sha256sum)\b", line)]


def test_it_installs_what_the_dockerfile_builds_with(scripts: list[str]) -> None:
    built_with = re.findall(r"^gcc|[a-z0-9-]+", re.search(
        r"no-install-recommends ([a-z0-9 -]*)", (ROOT / "Dockerfile").read_text()).group(1))  # fmt: skip
    assert {*built_with, "gcc-aarch64-linux-gnu", "python3"} <= set(" ".join(scripts).split())


def test_its_scripts_are_shell(scripts: list[str]) -> None:
    for script in scripts:
        subprocess.run(["shellcheck", "--shell=bash", "-"], input=script, text=True, check=True)


def test_it_publishes_the_folder_that_the_makefile_fills(workflow: dict) -> None:
    folder = re.search(r"^DIST = (\S+)$", (ROOT / "Makefile").read_text(), re.M).group(1)
    kept = [step["with"]["path"] for step in workflow["jobs"]["build"]["steps"]
            if step.get("uses", "").startswith("actions/upload-artifact@")]  # fmt: skip
    assert folder in kept[0].split()


def test_another_tag_than_the_version_is_refused() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        make("-n", "dist", "TAG=v99.0.0")


def test_the_notes_of_a_release_are_the_changelogs() -> None:
    """The section of the version, without its heading and without those of others."""
    notes = make("--silent", "release-notes")
    assert "## " not in notes and notes.strip().startswith("- ")
    assert notes.strip() in (ROOT / "CHANGELOG.md").read_text()


# one version ---------------------------------------------------------------------------------

# a version of ours: behind our name, a colon or the word
STATED = re.compile(r"(?:pullprobe[:@ /]|pullprobe-|[Vv]ersion:? |^## )v?(\d+\.\d+\.\d+)\b", re.M)
PLACES = ["*.md", "docs/*.md", "docs/manual/*", "taskdefs/*", "Dockerfile", "src/**/*.c", "include/**/*.h"]


def read(path: Path) -> str:
    """What speaks of the present: of the changelog not the versions before."""
    text = path.read_text()
    before = re.search(rf"^## (?!Unreleased|{re.escape(VERSION)}\b)", text, re.M)
    return text[: before.start()] if path.name == "CHANGELOG.md" and before else text


def test_no_other_version_is_stated() -> None:
    stated = {(str(path.relative_to(ROOT)), version)
              for pattern in PLACES for path in ROOT.glob(pattern) if path.is_file()
              for version in STATED.findall(read(path))}  # fmt: skip
    assert {"CHANGELOG.md", "docs/manual/pullprobe.1", "taskdefs/README.md"} <= {path for path, _ in stated}
    assert {version for _, version in stated} == {VERSION}, sorted(stated)


def test_the_changelog_begins_with_it() -> None:
    """After what is not released yet."""
    sections = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert [name for name in sections if name != "Unreleased"][0] == VERSION


def test_it_is_nowhere_in_the_sources() -> None:
    for path in [*(ROOT / "src").rglob("*.c"), *(ROOT / "include").rglob("*.h")]:
        assert f'"{VERSION}"' not in path.read_text(), path
