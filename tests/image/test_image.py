"""The Dockerfile, built by buildah on stand-ins for its two base images (no registry is asked),
with the cache of libraries lent to the build stage. ARCH=arm64 cross-builds the image for that machine,
whose program then runs by an emulator."""

import json
import os
import platform
import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ARCH = os.environ.get("ARCH", "amd64")
OURS = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
EMULATOR = [] if ARCH == OURS else [f"qemu-{ {'amd64': 'x86_64', 'arm64': 'aarch64'}[ARCH]}-static"]
WORK = ROOT / "build/image"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "pullprobe"
DOCKERFILE = (ROOT / "Dockerfile").read_text()
USER = 65532
LICENCES = "usr/share/licenses/pullprobe"

pytestmark = pytest.mark.needs("root")


def run(*command, **options):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def default_of(argument):
    return re.search(rf"^ARG {argument}=(\S+)", DOCKERFILE, re.M).group(1)


@pytest.fixture(scope="session")
def storage():
    """A container storage of our own; vfs where overlays cannot be had."""
    WORK.mkdir(parents=True, exist_ok=True)
    config = WORK / "storage.conf"
    os.environ["CONTAINERS_STORAGE_CONF"] = str(config)
    for driver in ("overlay", "vfs"):
        config.write_text(
            f'[storage]\ndriver = "{driver}"\n'
            f'graphroot = "{WORK}/{driver}"\nrunroot = "{WORK}/{driver}.run"\n'
        )
        if subprocess.run(["buildah", "images"], capture_output=True, check=False).returncode == 0:
            break
    yield
    subprocess.run(["buildah", "rm", "--all"], capture_output=True, check=False)
    subprocess.run(["buildah", "rmi", "--all", "--force"], capture_output=True, check=False)
    shutil.rmtree(WORK, ignore_errors=True)


def debian():
    """A minimal Debian as a tar file, with what the Dockerfile installs already there."""
    packages = re.search(r"no-install-recommends ([a-z0-9 -]*)", DOCKERFILE).group(1).split()
    if EMULATOR:
        packages += re.search(rf"to {ARCH}\"\) set -- ([a-z0-9 -]*)", DOCKERFILE).group(1).split()
    sources = run(
        "awk", "-v", "from=bookworm", "-v", "to=bookworm", "-v", "types=deb",
        "-f", ROOT / "deps/sources.awk",
        *Path("/etc/apt").glob("sources.list.d/*.sources"),
        *Path("/etc/apt").glob("sources.list.d/*.list"),
        *Path("/etc/apt").glob("sources.list"),
    )  # fmt: skip
    key = sha256(f"{packages}{sources}".encode()).hexdigest()[:16]
    tar = CACHE / f"debian-{key}.tar"
    if not tar.exists():
        new = tar.with_name(f".{tar.stem}.{os.getpid()}.tar")
        (WORK / "sources.list").write_text(sources)
        run(
            "mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(packages)}",
            "--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/man/*",
            "--dpkgopt=path-exclude=/usr/share/locale/*",
            "bookworm", new, WORK / "sources.list",
        )  # fmt: skip
        new.rename(tar)
    return tar


def stand_in(name, tar, machine):
    """Makes an image of a tar file, under the name that the Dockerfile asks for, for a machine."""
    folder = WORK / "stand-in"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(tar, folder / "root.tar")
    (folder / "Dockerfile").write_text("FROM scratch\nADD root.tar /\n")
    run("buildah", "bud", "--quiet", "--isolation", "chroot",
        "--platform", f"linux/{machine}", "--tag", name, folder)  # fmt: skip


@pytest.fixture(scope="session")
def bases(storage):
    stand_in(default_of("BUILD"), debian(), OURS)
    small = WORK / "small.tar"
    (WORK / "stand-in-for-busybox").touch()
    run("tar", "-cf", small, "-C", WORK, "stand-in-for-busybox")
    stand_in(default_of("BASE"), small, ARCH)


# of another machine's stand-ins Debian 12's buildah finds none in its own storage
@pytest.fixture(scope="session", params=["scratch"] if EMULATOR else ["default", "scratch"])
def image(request, bases):
    name = f"pullprobe-{request.param}"
    flags = f"--layers --pull=never --isolation chroot --timestamp 0 -v {CACHE}:/root/.cache/pullprobe"
    if request.param == "scratch":
        flags += " --build-arg BASE=scratch"
    run("make", "-C", ROOT, "image", f"ARCH={ARCH}", "ENGINE=buildah bud", f"IMAGE={name}", f"IMAGE_FLAGS={flags}")
    return name


@pytest.fixture(scope="session")
def document(image):
    return json.loads(run("buildah", "inspect", "--type", "image", image))["OCIv1"]


@pytest.fixture(scope="session")
def config(document):
    return document["config"]


@pytest.fixture(scope="session")
def root_file_system(image):
    container = run("buildah", "from", "--pull=never", image).strip()
    yield Path(run("buildah", "mount", container).strip())
    run("buildah", "rm", container)


def test_is_for_its_machine(document):
    assert (document["architecture"], document["os"]) == (ARCH, "linux")


def test_runs_as_nobody_in_particular(config):
    assert config["User"] == f"{USER}:{USER}"


def test_starts_the_program(config):
    assert config["Entrypoint"] == ["/pullprobe"]


def test_says_what_it_is(config):
    labels = config["Labels"]
    for label in ("title", "description", "licenses", "version"):
        assert labels[f"org.opencontainers.image.{label}"]


def test_adds_the_program_with_its_licences_and_nothing_else(image, root_file_system):
    base = {"stand-in-for-busybox"} if image.endswith("default") else set()
    parts = set(re.findall(r"^([a-z][\w-]*) ", (ROOT / "deps/pins").read_text(), re.M)) | {"pullprobe"}
    files = {str(p.relative_to(root_file_system)) for p in root_file_system.rglob("*") if p.is_file()}
    assert files == base | {"pullprobe"} | {f"{LICENCES}/{part}" for part in parts}
    assert sum((root_file_system / LICENCES / part).stat().st_size for part in parts) < 65536


def test_the_program_works_without_a_user_name_or_a_shell(root_file_system):
    guest = root_file_system / "emulator"
    if EMULATOR:  # a static program itself; the image does not have it
        shutil.copy(shutil.which(EMULATOR[0]), guest)
    try:
        said = run("chroot", f"--userspec={USER}:{USER}", root_file_system,
                   *(["/emulator"] if EMULATOR else []), "/pullprobe", "--version")  # fmt: skip
    finally:
        guest.unlink(missing_ok=True)
    assert said.startswith("pullprobe ")


def test_is_the_same_program_as_outside(root_file_system):
    outside = ROOT / "build" / ("" if ARCH == OURS else ARCH) / "pullprobe"
    if not outside.exists():
        pytest.skip("there is none outside")
    assert (root_file_system / "pullprobe").read_bytes() == outside.read_bytes()
