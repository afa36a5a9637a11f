"""Registries other than ECR, on paper: names, users, and docker-registry's configurations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "lab-user", "lab-PASSWORD/EXAMPLE/0123456789"
HTPASSWD = f"{USER}:$2b$04$labSALTlabSALTlabSALTeFg8KyBGvB9EaI0F6O/G5CnzP0K6IYKm\n"
"""the same, for docker-registry: bcrypt, as cheap as it can be"""
PRIVATE = "lab/private"  # a repository that only USER sees
REPOSITORIES = ("library/app", "lab/app", PRIVATE, "app")
TOKEN_PORT, BASIC_PORT = 5001, 5002
HTTPS_PORT = 5000  # of the private registries, beside 443
SERVICE = "registry.corp.example"
REALM = "https://auth.corp.example/token"


@dataclass(frozen=True)
class Registry:
    """How a registry differs from the others."""

    realm: str = ""
    service: str = ""
    blobs: str = ""
    """the host that it redirects to; none: it serves the bytes itself"""


REGISTRIES = {
    "registry-1.docker.io": Registry(
        "https://auth.docker.io/token", "registry.docker.io", "production.cloudflare.docker.com"),
    "ghcr.io": Registry("https://ghcr.io/token", "ghcr.io", "pkg-containers.githubusercontent.com"),
    "quay.io": Registry("https://quay.io/v2/auth", "quay.io", "cdn01.quay.io"),
    "public.ecr.aws": Registry(
        "https://public.ecr.aws/token/", "public.ecr.aws", "d5l0dvt14r5h8.cloudfront.net"),
    "other.corp.example": Registry(REALM, SERVICE, "blobs.corp.example"),
}  # fmt: skip
BLOB_HOSTS = {one.blobs for one in REGISTRIES.values()}
TOKEN_PATHS = {"/token", "/token/", "/v2/auth"}

# Straight from nginx to docker-registry, nothing of ours between.
DIRECT = {SERVICE: TOKEN_PORT, "basic.corp.example": BASIC_PORT, "open.corp.example": 5000}


def conf(directory: Path, store: Path, name: str) -> str:
    """docker-registry over the lab's images, read-only, with one of its own sign-ins."""
    port = TOKEN_PORT if name == "token" else BASIC_PORT
    sign_in = {
        "token": f"token: {{realm: '{REALM}', service: {SERVICE}, issuer: lab, "
                 f"rootcertbundle: {directory}/jwt.pem}}",
        "basic": f"htpasswd: {{realm: lab, path: {directory}/htpasswd}}",
    }[name]  # fmt: skip
    return f"""version: 0.1
log: {{level: warn, accesslog: {{disabled: true}}}}
storage:
  filesystem: {{rootdirectory: {store}}}
  delete: {{enabled: false}}
  maintenance: {{readonly: {{enabled: true}}}}
auth:
  {sign_in}
http: {{addr: 127.0.0.1:{port}, secret: lab-EXAMPLE, relativeurls: true}}
"""
