"""Images of the bench, written straight into the registry's folders: no upload of gigabytes."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import images

REPOSITORY = "bench"
MB = 1 << 20
BLOCK = 4 * MB
# tag: the sizes of its layers
SHAPES = {
    "one200": [200 * MB],
    "small30": [2 * MB + i for i in range(30)],
    "many10": [2000 + i for i in range(10)],
    "many100": [2000 + i for i in range(100)],
    "many1000": [2000 + i for i in range(1000)],
    "two2g": [1024 * MB, 1024 * MB + 1],
}


def _sparse(path: Path, size: int) -> str:
    """A file of zeros but for its first bytes, which are its size; its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = str(size).encode()
    with open(path, "wb") as out:
        out.write(head)
        out.truncate(size)
    found = hashlib.sha256()
    with open(path, "rb") as back:
        while part := back.read(BLOCK):
            found.update(part)
    return found.hexdigest()


class Folder:
    """A repository in docker-registry's own layout."""

    def __init__(self, store: Path):
        self.base = store / "docker/registry/v2"
        self.repository = self.base / "repositories" / REPOSITORY

    def _blob_path(self, text: str) -> Path:
        return self.base / "blobs/sha256" / text[:2] / text / "data"

    def _link(self, *parts: str, text: str) -> None:
        path = self.repository.joinpath(*parts, "link")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"sha256:{text}")

    def layer(self, size: int) -> dict:
        fresh = self.base / f".bench-{os.getpid()}"
        text = _sparse(fresh, size)
        self._blob_path(text).parent.mkdir(parents=True, exist_ok=True)
        fresh.rename(self._blob_path(text))
        self._link("_layers/sha256", text, text=text)
        return {"mediaType": images.PLAIN_LAYER, "digest": f"sha256:{text}", "size": size}

    def document(self, data: bytes) -> str:
        text = hashlib.sha256(data).hexdigest()
        self._blob_path(text).parent.mkdir(parents=True, exist_ok=True)
        self._blob_path(text).write_bytes(data)
        return text

    def image(self, tag: str, sizes: list[int]) -> None:
        layers = [self.layer(size) for size in sizes]
        config = json.dumps({
            "architecture": "amd64", "os": "linux", "config": {},
            "rootfs": {"type": "layers", "diff_ids": [one["digest"] for one in layers]},
        }).encode()  # fmt: skip
        text = self.document(config)
        self._link("_layers/sha256", text, text=text)
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": images.MANIFEST,
            "config": {"mediaType": images.CONFIG, "digest": f"sha256:{text}", "size": len(config)},
            "layers": layers,
        }).encode()  # fmt: skip
        text = self.document(manifest)
        self._link("_manifests/revisions/sha256", text, text=text)
        self._link("_manifests/tags", tag, "current", text=text)
        self._link("_manifests/tags", tag, "index/sha256", text, text=text)


def fill(store: Path) -> dict[str, list[str]]:
    """Adds the images unless they are there; the layers' digests by tag."""
    listing = store / "bench.json"
    folder = Folder(store)
    if not listing.exists():
        for tag, sizes in SHAPES.items():
            folder.image(tag, sizes)
        found = {tag: _digests(folder, tag) for tag in SHAPES}
        listing.write_text(json.dumps(found))
    return json.loads(listing.read_text())


def _digests(folder: Folder, tag: str) -> list[str]:
    current = folder.repository / "_manifests/tags" / tag / "current/link"
    text = current.read_text().removeprefix("sha256:")
    manifest = json.loads(folder._blob_path(text).read_text())
    return [layer["digest"] for layer in manifest["layers"]]
