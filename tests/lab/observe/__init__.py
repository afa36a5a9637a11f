"""Looking at the lab without pullprobe: what a fault's own check is made of.

Every function is called with the lab and tells what it saw in a word or two. Sockets are
opened inside the task's namespace, names are asked of its resolvers, requests are signed by
botocore. Timeouts are short: nothing in the lab is far away.
"""

from .others import challenge, fetched, token
from .path import banner, dns, dns_is, dns_tcp, hello, losses, public_api, tcp, tls, tls_without_name
from .pull import (
    api,
    api_clock,
    api_says,
    blob,
    credentials,
    http_get,
    layer,
    manifest,
    manifest_says,
    platforms,
    variable,
)
from .roles import assume, file_has, imds, web_identity

__all__ = [
    "api", "api_clock", "api_says", "assume", "banner", "blob", "challenge", "credentials", "dns", "dns_is", "dns_tcp",
    "fetched", "file_has", "hello", "http_get", "imds", "layer", "losses", "manifest", "manifest_says", "platforms",
    "public_api", "tcp", "tls", "tls_without_name", "token", "variable",
    "web_identity",
]  # fmt: skip
