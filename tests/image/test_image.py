"""The Dockerfile, built by buildah on stand-ins for its two base images (no registry is asked),
with the cache of libraries lent to the build stage. buildah keeps its layers in a storage beside that cache,
by the hash of what went in: what has not changed is not built again. ARCH=arm64 cross-builds the image for that machine,
whose program then runs by an emulator."""

import fcntl
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
STAGE = f"pullprobe-stage-{ARCH}"
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
    """A container storage of our own, one for all checkouts; where overlays cannot be had, vfs, which copies
    whole file systems and so is not kept."""
    WORK.mkdir(parents=True, exist_ok=True)
    kept = CACHE / "images"
    kept.mkdir(parents=True, exist_ok=True)
    with open(kept / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        works = use(kept, "overlay") or (shutil.rmtree(kept / "overlay", ignore_errors=True), use(kept, "overlay"))[1]
        if not works:
            use(WORK, "vfs")
        yield
        subprocess.run(["buildah", "rm", "--all"], capture_output=True, check=False)
        subprocess.run(["buildah", "rmi", *(["--prune", "--force"] if works else ["--all", "--force"])],
                       capture_output=True, check=False)  # fmt: skip
    shutil.rmtree(WORK, ignore_errors=True)


def use(folder, driver):
    """Whether buildah works with a storage in this folder."""
    config = WORK / "storage.conf"
    os.environ["CONTAINERS_STORAGE_CONF"] = str(config)
    config.write_text(
        f'[storage]\ndriver = "{driver}"\n'
        f'graphroot = "{folder}/{driver}"\nrunroot = "{folder}/{driver}.run"\n'
    )
    return not subprocess.run(["buildah", "images"], capture_output=True, check=False).returncode


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
    """Makes an image of a tar file, under the name that the Dockerfile asks for, for a machine; once."""
    label = f"{tar.name} {machine}"
    if subprocess.run(["buildah", "inspect", "--type", "image", "--format", "{{.OCIv1.Config.Labels.of}}", name],
                      capture_output=True, text=True, check=False).stdout.strip() == label:  # fmt: skip
        return
    folder = WORK / "stand-in"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(tar, folder / "root.tar")
    (folder / "Dockerfile").write_text(f'FROM scratch\nADD root.tar /\nLABEL of="{label}"\n')
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
    base = ["--build-arg", "BASE=scratch"] if request.param == "scratch" else []
    make(name, *base)
    make(STAGE, *base, "--target", "build")  # by a name of its own it is not pruned
    return name


def make(name, *flags):
    lent = [word for part in ("built", "sources")
            for word in ("-v", f"{CACHE}/{part}:/root/.cache/pullprobe/{part}")]  # fmt: skip
    flags = ["--layers", "--pull=never", "--isolation", "chroot", "--timestamp", "0", *lent, *flags]
    run("make", "-C", ROOT, "image", f"ARCH={ARCH}", "ENGINE=buildah bud", f"IMAGE={name}",
        f"IMAGE_FLAGS={' '.join(flags)}")  # fmt: skip


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


def test_has_the_folder_of_the_report_with_its_owner(config, root_file_system):
    """A task's volume in its place gets both (ECS, bind mounts)."""
    assert config["Volumes"] == {"/report": {}}
    folder = (root_file_system / "report").stat()
    assert (folder.st_uid, folder.st_gid) == (USER, USER)


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


def content_of(root):
    """Each file and folder: its mode, its owner, its bytes."""
    return {str(path.relative_to(root)): (oct(path.stat().st_mode), path.stat().st_uid, path.stat().st_gid,
                                          path.read_bytes() if path.is_file() else b"")
            for path in root.rglob("*")}  # fmt: skip


def test_the_archive_of_a_release_is_the_same_image(image, config, root_file_system, tmp_path):
    """`make dist` packs it without the Dockerfile: from the same files the same image."""
    if not image.endswith("scratch"):
        pytest.skip("the archive has no base image")
    shutil.copytree(root_file_system / LICENCES, tmp_path / "licences")
    shutil.copy(root_file_system / "pullprobe", tmp_path)
    version = config["Labels"]["org.opencontainers.image.version"]
    run(ROOT / "deps/oci-archive", version, tmp_path / "image.tar", f"{ARCH}={tmp_path}")
    pulled = run("buildah", "pull", "--quiet", "--arch", ARCH, f"oci-archive:{tmp_path}/image.tar").strip()
    packed = json.loads(run("buildah", "inspect", "--type", "image", pulled))["OCIv1"]
    container = run("buildah", "from", "--pull=never", pulled).strip()
    try:
        content = content_of(Path(run("buildah", "mount", container).strip()))
    finally:
        run("buildah", "rm", container)
    labels = {name: value for name, value in config["Labels"].items() if name != "io.buildah.version"}
    ours = {name: value for name, value in config.items() if name != "Env"}  # buildah's own PATH
    assert packed["config"] == ours | {"Labels": labels}
    assert (packed["architecture"], packed["os"]) == (ARCH, "linux")
    assert content == content_of(root_file_system)


def test_is_the_same_program_as_outside(root_file_system):
    outside = ROOT / "build" / ("" if ARCH == OURS else ARCH) / "pullprobe"
    if not outside.exists():
        pytest.skip("there is none outside")
    assert (root_file_system / "pullprobe").read_bytes() == outside.read_bytes()
