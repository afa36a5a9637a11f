"""Subnets where only a proxy leads out."""

from __future__ import annotations

import plan as p
from switch import Switch

from .base import ANY, PROVEN, UNSURE, Fault, seen
from .tcp import ALL_SILENT, BLACKHOLE

URL = f"http://{p.MIDDLEBOX4}:{p.PROXY_PORT}"
NAMED = f"http://{p.PROXY_NAME}:{p.PROXY_PORT}"
DEAD = f"http://{p.MIDDLEBOX4}:3129"
THERE = seen("open", "tcp", p.MIDDLEBOX4, p.PROXY_PORT)
WITH_LOGIN = f"http://{p.PROXY_LOGIN}@{p.PROXY_NAME}:{p.PROXY_PORT}"


def only_way(url: str, no_proxy: str = "169.254.170.2,169.254.169.254", **state):
    """No route out, and a proxy that the environment names."""
    return lambda plan: Switch(
        routes=BLACKHOLE, state=state, env={"HTTPS_PROXY": url, "NO_PROXY": no_proxy})  # fmt: skip


def answers(name: str, says: str, cls: str = "proxy.unreachable", stage: str = "http",
            endpoint: str = "proxy", certainty=PROVEN, exit=44, url=NAMED, also=(), **wish):
    """The proxy does so when it is asked for a tunnel, and the probe is told to use it."""
    return Fault(name, says, only_way(url, proxy=wish), (*ALL_SILENT[:3], THERE), stage, endpoint,
                 cls, also=also, certainty=certainty, exit=exit, topology="nat",
                 options=("--proxy", url))  # fmt: skip


ROWS = [
    Fault("proxy-not-used", "only a proxy leads out, and the pull does not use it", only_way(URL),
          (*ALL_SILENT[:3], THERE), "tcp", "api", "proxy.not_used", certainty=UNSURE, exit=23,
          topology="nat"),
    Fault("proxy-not-used-login", "the same, and the environment holds the proxy's password",
          only_way(WITH_LOGIN), (*ALL_SILENT[:3], THERE), "tcp", "api", "proxy.not_used",
          certainty=UNSURE, exit=23, topology="nat"),
    Fault("proxy-works", "no fault: the proxy leads out, and the probe is told to use it",
          only_way(URL), (*ALL_SILENT[:3], THERE), "tcp", "api", "none", works=True, exit=0,
          topology="nat", options=("--proxy", URL)),
    Fault("proxy-works-full", "the same by the proxy's name, with a password, every byte",
          only_way(WITH_LOGIN, proxy={"login": p.PROXY_LOGIN}), (*ALL_SILENT[:3], THERE), "tcp",
          "api", "none", works=True, exit=0, topology="nat",
          options=("--full", "--proxy", WITH_LOGIN)),
    Fault("proxy-for-the-rest", "S3 is exempt from the proxy and has a gateway endpoint",
          lambda plan: Switch(env={"NO_PROXY": ".s3.us-east-1.amazonaws.com,169.254.170.2"},
                              state={"proxy": {"roles": ["s3"], "status": "403 Forbidden"}}),
          (seen("open", "tcp", "s3"), THERE), "tcp", "api", "none", works=True, exit=0,
          options=("--proxy", URL)),
    Fault("proxy-dead", "nothing listens where the proxy should be", only_way(DEAD),
          (seen("refused", "tcp", p.MIDDLEBOX4, 3129),), "tcp", "proxy", "proxy.unreachable",
          exit=29, topology="nat", options=("--proxy", DEAD)),
    Fault("proxy-unnamed", "the proxy's name does not resolve",
          only_way("http://proxy.corp.invalid:3128"),
          (seen("nxdomain", "dns", "proxy.corp.invalid"),), "dns", "proxy", "proxy.unreachable",
          exit=19, topology="nat", options=("--proxy", "http://proxy.corp.invalid:3128")),
    answers("proxy-wants-password", "the proxy wants a password", login=p.PROXY_LOGIN),
    answers("proxy-wants-other-password", "the proxy wants another password", login="a:b",
            url=WITH_LOGIN),
    answers("proxy-refuses-s3", "the proxy does not allow the layer bucket", roles=["s3"],
            status="403 Forbidden"),
    answers("proxy-has-no-way", "the proxy has no way out itself", status="504 Gateway Timeout",
            certainty=UNSURE),
    answers("proxy-silent", "the proxy takes connections and answers nothing", do="stall",
            certainty=UNSURE),
    answers("proxy-hangs-up", "the proxy hangs up", do="close", certainty=UNSURE),
    answers("proxy-is-a-mail-server", "something else listens at the proxy's port", do="text",
            text="220 mail.corp.example ESMTP\r\n"),
    answers("proxy-intercepts", "the proxy opens TLS with a CA of its own", "tls.intercepted",
            "tls", "api", exit=33, variant="intercepted", certainty=ANY),
]  # fmt: skip
