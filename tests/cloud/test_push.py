"""The verb push: a real registry takes the image, and others take it from there; ECR's answers."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import tarfile
import time
import urllib.error
import urllib.request

import ecr_registry as e
import machine
import pytest
from control_plane import KEY, SECRET, TOKEN
from run import PROBE

REPOSITORY = "shop/probe"


@pytest.fixture(scope="module", name="files")
def certificate_files(tmp_path_factory):
    return e.certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module", name="resolver")
def resolver_address():
    with e.resolver() as address:
        yield address


@pytest.fixture(scope="module", name="run")
def run_a_copy(tmp_path_factory):
    """Push, by a copy of the program: beside the original others make licences meanwhile, which an image would take."""
    program = shutil.copy(PROBE, tmp_path_factory.mktemp("program") / "pullprobe")
    return lambda *words, **more: run_program(program, *words, **more)


def run_program(program, files, resolver, image, *options, **more):
    variables = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true", **more}
    done = subprocess.run([program, "push", "--timeout", "60", "--resolver", resolver, "--ca-file", files[0],
                           *options, image], env=variables, capture_output=True, text=True, timeout=machine.HANG, check=False)  # fmt: skip
    assert "Sanitizer" not in done.stderr, done.stderr
    for secret in (SECRET, TOKEN, e.PASSWORD):
        assert secret not in done.stdout + done.stderr
    return done


# ECR ---------------------------------------------------------------------------------------------


@pytest.fixture(name="push")
def push_to_ecr(run, files, resolver):
    """Pushes to ECR in a world; the finished process, with the server and the world."""

    def push(*options, tag="1", name=REPOSITORY, variables=None, **world):
        world = {"repositories": {REPOSITORY: {}}, **world}
        with e.ecr(files, world) as server:
            api = f"https://api.ecr.us-east-1.amazonaws.com:{server.server_port}"
            keys = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": TOKEN}
            done = run(files, resolver, f"{e.HOST}:{server.server_port}/{name}:{tag}", *options,
                       **{**keys, "AWS_ENDPOINT_URL_ECR": api, **(variables or {})})  # fmt: skip
        done.server, done.found = server, world["repositories"].get(name)
        return done

    return push


def uploads(done) -> list[str]:
    return [line.split()[0] for line in done.server.asked if "/uploads/" in line]


def test_ecr_takes_the_image_in_one_put_each(push) -> None:
    done = push()
    assert done.returncode == 0, done.stderr + done.stdout
    manifest = done.found["tags"]["1"]
    assert f"/{REPOSITORY}@{e.digest(manifest)} is pushed" in done.stdout and done.stderr == ""
    assert uploads(done) == ["POST", "PUT", "POST", "PUT"]
    sizes = [one["size"] for one in [json.loads(manifest)["config"], *json.loads(manifest)["layers"]]]
    assert sum(sizes) <= done.server.sent < sum(sizes) + 8192, "no byte is sent twice"


def test_what_is_there_is_not_sent_again(push) -> None:
    first = push()
    both = {REPOSITORY: first.found}
    again = push(repositories=both)
    assert again.returncode == 0 and "was there already, 0.0 MB" in again.stdout and uploads(again) == []
    other = push(repositories=both, tag="2")
    assert other.returncode == 0 and "is pushed, 0.0 MB" in other.stdout and uploads(other) == []
    assert first.found["tags"]["1"] == first.found["tags"]["2"], "the same program is the same image"


def test_a_tag_that_cannot_change_may_name_the_image_already(push) -> None:
    found = {**push().found, "immutable": True}
    assert push(repositories={REPOSITORY: found}).returncode == 0


@pytest.mark.parametrize("location", ["{base}", "{base}?_state=a%3D%3D", f"https://{e.HOST}:{{port}}{{base}}"])
def test_an_upload_goes_where_the_registry_says(push, location: str) -> None:
    done = push(location=location)
    assert done.returncode == 0, done.stderr
    assert ("_state=a%3D%3D&digest=" in "".join(done.server.asked)) == ("_state" in location)


@pytest.mark.parametrize("location", ["https://elsewhere.test/x", "http://{base}", "", "//elsewhere.test/x",
                                      f"https://{e.HOST}:1{{base}}"])  # fmt: skip
def test_a_token_goes_nowhere_else(push, location: str) -> None:
    done = push(location=location)
    assert done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1
    assert "no token" in done.stderr or "no place" in done.stderr


SAYS = {
    "immutable": ({"repositories": {REPOSITORY: {"immutable": True, "tags": {"1": b"{}"}}}},
                  ["does not let tags be changed", "TAG_INVALID", "immutable"]),
    "no repository": ({"repositories": {}}, ["no repository shop/probe", "--create-repository", "NAME_UNKNOWN"]),
    "quota": ({"throttled": True}, ["quota", "TOOMANYREQUESTS: Rate exceeded"]),
    "changed": ({"changed": True}, ["not what was sent", "DIGEST_INVALID"]),
    "other digest": ({"other_digest": True}, ["in place of sha256:"]),
    **{action: ({"denied": [action]}, [e.USER, f"not allowed to do {action}", "no identity-based policy"])
       for action in ("ecr:InitiateLayerUpload", "ecr:CompleteLayerUpload", "ecr:PutImage")},
}  # fmt: skip


@pytest.mark.parametrize("name", SAYS)
def test_what_the_registry_refuses_is_said_in_a_line(push, name: str) -> None:
    world, words = SAYS[name]
    done = push(**world)
    assert done.returncode == 1 and done.stdout == "" and done.stderr.count("\n") == 1, done.stderr
    assert [word for word in words if word not in done.stderr] == [], done.stderr


def test_a_look_that_is_denied_is_no_hindrance(push) -> None:
    assert push(denied=["ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability"]).returncode == 0


def test_an_upload_that_is_cut_once_is_sent_again(push) -> None:
    assert push(cut=1).returncode == 0


def test_an_upload_that_is_always_cut_is_told(push) -> None:
    done = push(cut=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "the upload of the layer was cut" in done.stderr, done.stderr
    assert not done.found.get("tags")


def test_the_way_there_is_explained_as_check_does(push) -> None:
    done = push(denied=["ecr:GetAuthorizationToken"])
    assert done.returncode == 50, done.stderr + done.stdout
    assert done.stdout.startswith("proven: auth.iam_identity (token, api)") and "What to do" in done.stdout


def test_a_repository_is_made_where_there_is_none(push) -> None:
    done = push("--create-repository", repositories={})
    assert done.returncode == 0 and "into a new repository" in done.stdout
    again = push("--create-repository")
    assert again.returncode == 0 and "new repository" not in again.stdout


def test_why_it_cannot_be_made(push) -> None:
    done = push("--create-repository", denied=["ecr:CreateRepository"], repositories={})
    assert done.returncode == 1 and f"{e.USER} is not allowed to do ecr:CreateRepository" in done.stderr
    done = push("--create-repository", many_repositories=True, repositories={})
    assert done.returncode == 1 and "a quota of the registry is reached" in done.stderr


def test_a_persons_login_pushes_too(push, tmp_path) -> None:
    """credential_process, which check does not run."""
    keys = {"Version": 1, "AccessKeyId": KEY, "SecretAccessKey": SECRET, "SessionToken": TOKEN}
    (tmp_path / "keys").write_text(json.dumps(keys))
    (tmp_path / "config").write_text(f"[profile dev]\ncredential_process = cat {tmp_path}/keys\n")
    none = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"), "")
    done = push("--profile", "dev", variables={**none, "AWS_CONFIG_FILE": str(tmp_path / "config")})
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.mark.parametrize("words,says", [
    (["registry.test/x:1", "--create-repository"], "is for ECR"),
    ([f"{e.HOST}/x:1", "--user", "a", "--password-stdin"], "private ECR uses AWS credentials"),
    ([f"registry.test/x@sha256:{'0' * 64}"], "to a tag"),
    (["registry.test/x:1", "registry.test/y:1"], "push takes one image"),
    ([], "push takes one image"),
])  # fmt: skip
def test_a_mistake_is_one_line(files, resolver, words: list[str], says: str) -> None:
    done = subprocess.run([PROBE, "push", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"}, timeout=machine.HANG)  # fmt: skip
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1, done.stderr


# a real registry ---------------------------------------------------------------------------------


@pytest.fixture(scope="module", name="registry")
def real_registry(files, tmp_path_factory):
    """docker-registry, of Debian; its port."""
    folder = tmp_path_factory.mktemp("registry")
    with e.ecr(files, {}) as server:
        port = server.server_port
    (folder / "registry.yml").write_text(json.dumps({
        "version": 0.1, "storage": {"filesystem": {"rootdirectory": str(folder / "store")}},
        "http": {"addr": f"127.0.0.1:{port}", "secret": "x",
                 "tls": {"certificate": str(files[0]), "key": str(files[1])}}}))  # fmt: skip
    process = subprocess.Popen(["docker-registry", "serve", folder / "registry.yml"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    context = e.ssl.create_default_context(cafile=files[0])
    for _ in range(600):
        with e.contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"https://localhost:{port}/v2/", context=context, timeout=5).close()
            break
        time.sleep(0.1)
    yield port
    process.terminate()
    process.wait(timeout=machine.HANG)


@pytest.fixture(scope="module", name="pushed")
def pushed_image(run, files, resolver, registry):
    done = run(files, resolver, f"registry.test:{registry}/shop/probe:1")
    assert done.returncode == 0, done.stderr + done.stdout
    return f"localhost:{registry}/shop/probe:1"


@pytest.fixture(scope="module", name="layout")
def layout_by_skopeo(pushed, tmp_path_factory):
    """The image as skopeo takes it, verifying every digest: its manifest, its config, its layer."""
    folder = tmp_path_factory.mktemp("image") / "dir"
    subprocess.run(["skopeo", "copy", "--src-tls-verify=false", f"docker://{pushed}", f"dir:{folder}"],
                   check=True, capture_output=True, timeout=machine.HANG)  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text())

    def blob(descriptor):
        return (folder / descriptor["digest"].split(":")[1]).read_bytes()

    return manifest, json.loads(blob(manifest["config"])), blob(manifest["layers"][0])


def test_the_image_is_as_the_dockerfile_makes_it(layout) -> None:
    manifest, config, layer = layout
    assert manifest["layers"][0]["mediaType"] == "application/vnd.oci.image.layer.v1.tar"
    assert config["config"]["User"] == "65532:65532" and config["config"]["Entrypoint"] == ["/pullprobe"]
    assert config["config"]["Volumes"] == {"/report": {}}
    assert config["architecture"] == {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    assert config["rootfs"]["diff_ids"] == [f"sha256:{hashlib.sha256(layer).hexdigest()}"]
    with tarfile.open(fileobj=io.BytesIO(layer)) as tar:
        found = {one.name: one for one in tar.getmembers()}
        program = found["pullprobe"]
        assert tar.extractfile(program).read() == PROBE.read_bytes()
    assert (program.mode, program.uid, program.mtime) == (0o755, 0, 0)
    report = found["report"]
    assert report.isdir() and (report.mode, report.uid, report.gid, report.mtime) == (0o755, 65532, 65532, 0)
    assert set(found) == {"pullprobe", "report"}


def test_the_licences_beside_the_program_go_along(files, resolver, registry, tmp_path) -> None:
    program = shutil.copy(PROBE, tmp_path / "pullprobe")
    (tmp_path / "licences").mkdir()
    (tmp_path / "licences" / "openssl").write_text("Apache")
    done = subprocess.run([program, "push", "--resolver", resolver, "--ca-file", files[0],
                           f"registry.test:{registry}/shop/licensed:1"], capture_output=True, text=True, check=True,
                          timeout=machine.HANG)  # fmt: skip
    assert "is pushed" in done.stdout
    layer = subprocess.run(["skopeo", "copy", "--src-tls-verify=false",
                            f"docker://localhost:{registry}/shop/licensed:1", f"dir:{tmp_path}/dir"],
                           check=True, capture_output=True, timeout=machine.HANG)  # fmt: skip
    assert layer.returncode == 0
    manifest = json.loads((tmp_path / "dir/manifest.json").read_text())
    with tarfile.open(tmp_path / "dir" / manifest["layers"][0]["digest"].split(":")[1]) as tar:
        assert tar.extractfile("usr/share/licenses/pullprobe/openssl").read() == b"Apache"


@pytest.mark.needs("root", "network namespaces")
@pytest.mark.skipif(not shutil.which("containerd"), reason="this machine has no containerd")
def test_containerd_takes_it(files, pushed, tmp_path) -> None:
    """Pulled and unpacked for its platform; no network but loopback."""
    (tmp_path / "config.toml").write_text(
        f'version = 2\nroot = "{tmp_path}/root"\nstate = "{tmp_path}/state"\n'
        f'disabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\naddress = "{tmp_path}/socket"\n')  # fmt: skip
    process = subprocess.Popen(["containerd", "--config", tmp_path / "config.toml"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    ctr = ["ctr", "--address", str(tmp_path / "socket")]
    try:
        for _ in range(600):
            if subprocess.run([*ctr, "version"], capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.1)
        (tmp_path / "hosts" / pushed.split("/")[0]).mkdir(parents=True)
        (tmp_path / "hosts" / pushed.split("/")[0] / "hosts.toml").write_text(
            f'[host."https://{pushed.split("/")[0]}"]\n  ca = "{files[0]}"\n')
        done = subprocess.run([*ctr, "images", "pull", "--hosts-dir", tmp_path / "hosts", "--snapshotter", "native", pushed],
                              capture_output=True, text=True, timeout=machine.HANG, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=machine.HANG)
