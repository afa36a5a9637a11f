"""Subnets where only a proxy leads out."""

from __future__ import annotations

import plan as p
from switch import Switch

from .base import ANY, Fault, seen
from .tcp import ALL_SILENT, BLACKHOLE

URL = f"http://{p.MIDDLEBOX4}:{p.PROXY_PORT}"
DEAD = f"http://{p.MIDDLEBOX4}:3129"
THERE = seen("open", "tcp", p.MIDDLEBOX4, p.PROXY_PORT)


def only_way(url: str, **state):
    """No route out, and a proxy that the environment names."""
    return lambda plan: Switch(
        routes=BLACKHOLE, state=state,
        env={"HTTPS_PROXY": url, "NO_PROXY": "169.254.170.2,169.254.169.254"})  # fmt: skip


ROWS = [
    Fault("proxy-not-used", "only a proxy leads out, and the pull does not use it", only_way(URL),
          (*ALL_SILENT[:3], THERE), "tcp", "api", "proxy.not_used", also=("net.no_egress_route",),
          certainty=ANY, exit=23, topology="nat"),
    Fault("proxy-works", "no fault: the proxy leads out, and the probe is told to use it",
          only_way(URL), (*ALL_SILENT[:3], THERE), "tcp", "api", "none", works=True, exit=0,
          topology="nat", options=("--proxy",)),
    Fault("proxy-dead", "nothing listens where the proxy should be", only_way(DEAD),
          (seen("refused", "tcp", p.MIDDLEBOX4, 3129),), "tcp", "api", "proxy.unreachable",
          certainty=ANY, exit=23, topology="nat", options=("--proxy",), stages=("http", "tls")),
    Fault("proxy-wants-password", "the proxy wants a password",
          only_way(URL, proxy={"status": "407 Proxy Authentication Required"}), (THERE,),
          "tcp", "api", "proxy.unreachable", also=("http.not_the_service",), certainty=ANY,
          exit=23, topology="nat", options=("--proxy",), stages=("http", "tls")),
]  # fmt: skip
