"""What the registry holds, asked of docker-registry; ECR's two faces both look here."""

from __future__ import annotations

import hashlib
import re

import plan as p

TYPES = ", ".join(
    (
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
    )
)
DIGEST = re.compile(r"^sha256:[0-9a-f]{64}$")


def base() -> str:
    return f"http://127.0.0.1:{p.REGISTRY_PORT}/v2"


async def manifest(world, repository: str, reference: str, accept: str = TYPES):
    """(kind, digest, bytes) of a manifest, or None."""
    hidden = world.get("untagged", [])
    if f"{repository}:{reference}" in hidden or f"{repository}@{reference}" in hidden:
        return None
    url = f"{base()}/{repository}/manifests/{reference}"
    async with world.client.get(url, headers={"Accept": accept or "*/*"}) as answer:
        if answer.status != 200:
            return None
        data = await answer.read()
        return (answer.headers["Content-Type"], answer.headers["Docker-Content-Digest"], data)


async def blob_size(world, repository: str, digest: str) -> int | None:
    if digest in world.get("lost", []) or "*" in world.get("lost", []):
        return None
    async with world.client.head(f"{base()}/{repository}/blobs/{digest}") as answer:
        return int(answer.headers["Content-Length"]) if answer.status == 200 else None


async def tags(world, repository: str) -> list[str]:
    async with world.client.get(f"{base()}/{repository}/tags/list") as answer:
        found = (await answer.json(content_type=None)).get("tags") if answer.status == 200 else []
    hidden = world.get("untagged", [])
    return [tag for tag in found or [] if f"{repository}:{tag}" not in hidden]


def key(world, account: str, repository: str, digest: str) -> str:
    """The bucket key of a blob: opaque, as outside, and remembered."""
    short = hashlib.sha256(f"{account}/{repository}".encode()).hexdigest()
    long = hashlib.sha256(digest.encode()).hexdigest()

    def uuid(text: str) -> str:
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"

    name = f"{short[:4]}-{account}-{uuid(short)}/{uuid(long)}"
    world.objects[name] = digest
    return name
