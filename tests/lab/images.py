"""The images of the lab's registry: made from nothing, the same bytes every time."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import io
import json
import tarfile
from pathlib import Path

import machine
import plan as p

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
PLAIN_LAYER = "application/vnd.oci.image.layer.v1.tar"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_ZSTD_LAYER = "application/vnd.docker.image.rootfs.diff.tar.zstd"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
BIG = 200 * 1024 * 1024


def digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Store:
    """Puts blobs and manifests into a registry through its HTTP interface."""

    def __init__(self, port: int, repository: str):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=machine.HANG)
        self.base = f"/v2/{repository}"

    def _ask(self, method: str, path: str, body=None, headers=None) -> http.client.HTTPResponse:
        self.connection.request(method, path, body=body, headers=headers or {})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:200]!r}")
        return answer

    def blob(self, kind: str, data: bytes) -> dict:
        name = digest(data)
        place = self._ask("POST", f"{self.base}/blobs/uploads/").headers["Location"]
        place = "/" + place.split("/", 3)[3] if place.startswith("http") else place
        self._ask("PUT", f"{place}&digest={name}", data,
                  {"Content-Type": "application/octet-stream"})  # fmt: skip
        return {"mediaType": kind, "digest": name, "size": len(data)}

    def manifest(self, document: dict, tag: str | None = None) -> dict:
        data = json.dumps(document, indent=2).encode()
        name = digest(data)
        self._ask("PUT", f"{self.base}/manifests/{tag or name}", data,
                  {"Content-Type": document["mediaType"]})  # fmt: skip
        return {"mediaType": document["mediaType"], "digest": name, "size": len(data)}


def tar(name: str, size: int) -> bytes:
    """A tar with one file of `size` bytes that depend on its name alone."""
    block = hashlib.sha256(name.encode()).digest()
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as archive:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mtime = size, 0
        noise = b"".join(hashlib.sha256(block + bytes([i % 256, i // 256])).digest()
                         for i in range(min(size // 32 + 1, 65535)))  # fmt: skip
        archive.addfile(entry, io.BytesIO((noise * (size // len(noise) + 1))[:size]))
    return content.getvalue()


def image(store: Store, name: str, architecture: str, sizes: list[int], docker=False, tag=None):
    """One platform's image with a layer per size; its descriptor."""
    layers, ids = [], []
    for i, size in enumerate(sizes):
        raw = tar(f"{name}-{architecture}-{i}", size)
        ids.append(digest(raw))
        kind = DOCKER_LAYER if docker else LAYER
        layers.append(store.blob(kind, gzip.compress(raw, compresslevel=1, mtime=0)))
    return assemble(store, architecture, layers, ids, docker, tag)


def assemble(store: Store, architecture: str, layers, ids, docker=False, tag=None) -> dict:
    config = {
        "architecture": architecture, "os": "linux", "created": "1970-01-01T00:00:00Z",
        **({"variant": "v8"} if architecture == "arm64" else {}),
        "config": {"Entrypoint": ["/app"]}, "rootfs": {"type": "layers", "diff_ids": ids},
        "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "lab"} for _ in ids],
    }  # fmt: skip
    blob = store.blob(DOCKER_CONFIG if docker else CONFIG, json.dumps(config).encode())
    kind = DOCKER_MANIFEST if docker else MANIFEST
    return store.manifest(
        {"schemaVersion": 2, "mediaType": kind, "config": blob, "layers": layers}, tag
    )


def index(store: Store, tag: str, platforms: dict[str, dict], docker=False, arm="v8") -> None:
    entries = []
    for architecture, descriptor in platforms.items():
        platform = {"architecture": architecture, "os": "linux"}
        if architecture == "arm64":
            platform["variant"] = arm
        entries.append({**descriptor, "platform": platform})
    if not docker:
        entries.append(attestation(store, entries[0]["digest"]))
    kind = DOCKER_LIST if docker else INDEX
    store.manifest({"schemaVersion": 2, "mediaType": kind, "manifests": entries}, tag)


def attestation(store: Store, subject: str) -> dict:
    """What a build tool adds to an index: an entry that no platform matches."""
    statement = json.dumps({"_type": "https://in-toto.io/Statement/v0.1"}).encode()
    layer = store.blob("application/vnd.in-toto+json", statement)
    config = store.blob(CONFIG, b'{"architecture":"unknown","os":"unknown","config":{}}')
    entry = store.manifest(
        {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]}
    )
    notes = {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": subject,
    }
    return {**entry, "annotations": notes, "platform": {"architecture": "unknown", "os": "unknown"}}


def strange(store: Store, amd: dict, arm: dict) -> None:
    """What a registry may hold beside usual images."""

    def listed(tag: str, *entries: dict) -> dict:
        return store.manifest({"schemaVersion": 2, "mediaType": INDEX, "manifests": list(entries)}, tag)

    here = {"architecture": "amd64", "os": "linux"}
    listed("nested", listed("inner", {**amd, "platform": here}))
    listed("noplatform", amd)
    listed("armalone", arm)
    listed("windows", {**amd, "platform": {"architecture": "amd64", "os": "windows",
                                           "os.version": "10.0.20348.2113"}})  # fmt: skip
    listed("attested", attestation(store, amd["digest"]))
    listed("nothing")
    raw = tar("strange", 900)
    layer = store.blob(LAYER, gzip.compress(raw, compresslevel=1, mtime=0))
    assemble(store, "amd64", [layer], [digest(raw)] * 2, tag="ids")
    assemble(store, "amd64", [{**layer, "size": layer["size"] + 7}], [digest(raw)], tag="size")
    zstd = store.blob(LAYER.replace("gzip", "zstd"), b"(\xb5/\xfd\x20\x00\x01\x00\x00")
    assemble(store, "amd64", [zstd], [digest(b"")], tag="ocizstd")
    chart = store.blob("application/vnd.cncf.helm.chart.content.v1.tar+gzip", b"chart")
    config = store.blob("application/vnd.cncf.helm.config.v1+json", b'{"name":"app","version":"1"}')
    store.manifest({"schemaVersion": 2, "mediaType": MANIFEST, "config": config,
                    "layers": [chart]}, "chart")  # fmt: skip
    empty = store.blob("application/vnd.oci.empty.v1+json", b"{}")
    store.manifest({"schemaVersion": 2, "mediaType": MANIFEST, "artifactType": "application/vnd.example+type",
                    "config": empty, "layers": [empty]}, "artifact")  # fmt: skip
    signature = store.blob("application/vnd.dev.cosign.simplesigning.v1+json", b'{"critical":{}}')
    assemble(store, "amd64", [signature], [digest(b'{"critical":{}}')], tag="signature")


def fill(port: int) -> dict[str, dict]:
    """Put all images into the registry; their descriptors by tag."""
    app = Store(port, "app")
    amd = image(app, "multi", "amd64", [40_000, 3_000, 700])
    arm = image(app, "multi", "arm64", [40_000, 3_000])
    index(app, "multi", {"amd64": amd, "arm64": arm})
    found = {"multi-amd64": amd, "multi-arm64": arm}
    found["single"] = image(app, "single", "amd64", [20_000, 900], tag="single")
    found["arm"] = image(app, "arm", "arm64", [20_000], tag="arm")
    index(app, "armindex", {"arm64": arm})
    index(app, "armv7index", {"arm64": arm}, arm="v7")
    zstd = app.blob(DOCKER_ZSTD_LAYER, b"(\xb5/\xfd\x20\x00\x01\x00\x00")
    found["zstd"] = assemble(app, "amd64", [zstd], [digest(b"")], docker=True, tag="zstd")
    docker = image(app, "docker", "amd64", [20_000, 1_000], docker=True)
    index(app, "docker", {"amd64": docker}, docker=True)
    found["layers30"] = image(app, "layers30", "amd64", [2_000 + i for i in range(30)],
                              tag="layers30")  # fmt: skip
    found["medium"] = image(app, "medium", "amd64", [3_000_000, 900], tag="medium")
    raw = tar("big", 1_000)[:1024] + bytes(BIG)
    found["big"] = assemble(app, "amd64", [app.blob(PLAIN_LAYER, raw)], [digest(raw)], tag="big")
    strange(app, amd, arm)
    for name in ("library/app", "lab/app", "lab/private"):
        other = Store(port, name)
        amd = image(other, "multi", "amd64", [40_000, 3_000, 700])
        arm = image(other, "multi", "arm64", [40_000, 3_000])
        index(other, "multi", {"amd64": amd, "arm64": arm})
    cache = Store(port, "ecr-public/docker/library/busybox")
    found["busybox"] = image(cache, "busybox", "amd64", [4_000], tag="latest")
    return found


def blob_path(store: Path, name: str) -> Path:
    """Where the registry keeps the bytes of a digest."""
    text = name.removeprefix("sha256:")
    return store / "docker/registry/v2/blobs/sha256" / text[:2] / text / "data"


def repositories() -> dict[str, dict]:
    """The front's own list: what exists in ECR, whether or not anything was pushed."""
    return {"app": {}, "bench": {}, "empty": {}, "ecr-public/docker/library/busybox": {"upstream": "ecr-public"}}


__all__ = ["BIG", "Store", "blob_path", "digest", "fill", "p", "repositories"]
