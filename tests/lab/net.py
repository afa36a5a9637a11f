"""Namespaces, links, routes and filters. Nothing touches the machine's own network."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import plan as p
from shell import LabError, run

PARTS = ("task", "router", "aws")
WIRE = "wire"  # one more namespace, when round trips shall take longer

# The links: (namespace, device, its peer's namespace, peer device, MTU). VPC endpoints carry
# 8500 bytes and the internet 1500; the servers' own MTU makes them announce a fitting MSS.
LINKS = (
    ("task", "eth1", "router", "task", 9001),
    ("router", "vpc", "aws", "vpc", 8500),
    ("router", "inet", "aws", "inet", 1500),
)
LINK4 = {"vpc": ("10.20.254.1", "10.20.254.2"), "inet": ("100.64.0.1", "100.64.0.2")}
LINK6 = {"vpc": ("fd00:20:fe::1", "fd00:20:fe::2"), "inet": ("fd00:20:ff::1", "fd00:20:ff::2")}


def links(plan: p.Plan):
    """The links, with the long wire between task and router where it is asked for."""
    if not plan.delay:
        return LINKS
    return (("task", "eth1", WIRE, "left", 9001), ("router", "task", WIRE, "right", 9001),
            *LINKS[1:])  # fmt: skip


def base_routes(plan: p.Plan) -> dict[str, dict[str, str]]:
    """The healthy routing tables: namespace, destination, and what follows in `ip route add`."""
    near4, far4 = f"via {LINK4['vpc'][1]} dev vpc", f"via {LINK4['inet'][1]} dev inet"
    near6, far6 = f"via {LINK6['vpc'][1]} dev vpc", f"via {LINK6['inet'][1]} dev inet"
    task = {
        f"{p.IMDS}/32": "blackhole",  # Fargate has no IMDS: connecting gives EINVAL at once
        f"{p.METADATA}/32": f"via {p.ROUTER4} dev eth1 onlink",
        f"{p.RESOLVER_LOCAL}/32": f"via {p.ROUTER4} dev eth1 onlink",
    }
    router = {f"{a}/32": near4 for a in (p.METADATA, p.RESOLVER_LOCAL, p.IMDS, p.POD_IDENTITY)}
    router |= {f"10.20.{n}.0/24": near4 for n in (0, 2, 3, 9)}
    router |= {f"2600:1f18:20:a0{n}::/64": near6 for n in (2, 3, 9)}
    router |= {"fd00:ec2::/64": near6}
    if plan.v4:
        task["default"] = f"via {p.ROUTER4} dev eth1"
    if plan.v6:
        task["::/0"] = f"via {p.ROUTER6} dev eth1"
    if plan.topology == "endpoints":
        router |= {prefix: near4 for prefix in p.S3_PREFIXES4}
        router |= {prefix: near6 for prefix in p.S3_PREFIXES6}
        router |= {"default": "blackhole", "::/0": "blackhole"}
    else:
        router |= {"default": far4, "::/0": far6}
    aws = {p.VPC4: f"via {LINK4['vpc'][0]} dev vpc", p.VPC6: f"via {LINK6['vpc'][0]} dev vpc",
           f"{p.TASK_LOCAL}/32": f"via {LINK4['vpc'][0]} dev vpc",
           f"{p.NAT4}/32": f"via {LINK4['inet'][0]} dev inet"}  # fmt: skip
    return {"task": task, "router": router, "aws": aws}


def _batch(plan: p.Plan, part: str, lines: list[str]) -> None:
    run("ip", "-n", plan.ns(part), "-batch", "-", feed="\n".join(lines) + "\n")


def _route(destination: str, how: str) -> str:
    kind, rest = _split(how)
    return f"route replace {kind} {destination} {rest}"


def _split(how: str) -> tuple[str, str]:
    """`blackhole` and its like stand before the destination."""
    return ("", how) if how.startswith(("via", "dev")) else (how, "")


def set_routes(plan: p.Plan, part: str, old: dict[str, str], new: dict[str, str]) -> None:
    """Bring one namespace's table from `old` to `new`; a route that is gone is deleted."""
    lines = []
    for destination in old.keys() | new.keys():
        if old.get(destination) == new.get(destination):
            continue
        if destination in old:
            lines.append(f"route del {_split(old[destination])[0]} {destination}")
        if destination in new:
            lines.append(_route(destination, new[destination]))
    if lines:
        _batch(plan, part, lines)


def ruleset(plan: p.Plan, extra: dict[str, list[str]]) -> dict[str, str]:
    """The filters of router and aws: the healthy ones, and the lines that faults add.

    `extra` has lists of nft rules by place: `raw` (the router, before connection tracking),
    `forward` (the router), `dnat` (a middlebox takes the connection over), `endpoint` (arriving
    at the servers) and `answer` (leaving the servers).
    """

    def body(place: str) -> str:
        return "\n    ".join(extra.get(place, []))

    snat = f'oifname "inet" snat ip to {p.NAT4}' if plan.v4 else ""
    router = f"""flush ruleset
table inet lab {{
  chain raw {{
    type filter hook prerouting priority raw; policy accept;
    {body("raw")}
  }}
  chain takeover {{
    type nat hook prerouting priority dstnat; policy accept;
    {body("dnat")}
  }}
  chain forward {{
    type filter hook forward priority filter; policy accept;
    {body("forward")}
  }}
  chain leave {{
    type nat hook postrouting priority srcnat; policy accept;
    {snat}
  }}
}}
"""
    aws = f"""flush ruleset
table inet lab {{
  chain endpoint {{
    type filter hook input priority filter; policy accept;
    {body("endpoint")}
  }}
  chain answer {{
    type filter hook output priority filter; policy accept;
    {body("answer")}
  }}
}}
"""
    return {"router": router, "aws": aws}


def load_rules(plan: p.Plan, part: str, text: str) -> None:
    run("ip", "netns", "exec", plan.ns(part), "nft", "-f", "-", feed=text)


def forget_connections(plan: p.Plan) -> None:
    """What was tracked under other rules would go on by them: a connection that no end ever closed
    for days, for whoever comes upon its port again; and a path's MTU, once told, for ten minutes."""
    run("ip", "netns", "exec", plan.ns("router"), "conntrack", "-F")
    for part in PARTS:
        for family in ("-4", "-6"):
            run("ip", "-n", plan.ns(part), family, "route", "flush", "cache")


def offload(plan: p.Plan, on: bool) -> None:
    """Segmentation offload: a fault that counts a packet's bytes needs packets as sent."""
    word = "on" if on else "off"
    for left, device, right, peer, _ in links(plan):
        for part, name in ((left, device), (right, peer)):
            features = ["tso", word, "gso", word, "gro", word]
            if plan.delay and WIRE in (left, right):  # the wire's frames need whole checksums
                features = ["tso", "off", "gso", "off", "gro", "off", "tx", "off"]
            run("ip", "netns", "exec", plan.ns(part), "ethtool", "-K", name, *features,
                check=False)  # fmt: skip


def _addresses(plan: p.Plan) -> list[str]:
    """The commands that give the aws namespace every server's address."""
    lines = []
    for service in p.SERVICES.values():
        lines += [f"addr add {a}/32 dev lo" for a in service.all4()]
        lines += [f"addr add {a}/128 dev lo nodad" for a in service.all6()]
    for a in (p.RESOLVER4, p.RESOLVER_LOCAL, p.METADATA, p.IMDS, p.POD_IDENTITY, p.MIDDLEBOX4):
        lines.append(f"addr add {a}/32 dev lo")
    for a in (p.RESOLVER6, p.IMDS6, p.POD_IDENTITY6, p.MIDDLEBOX6):
        lines.append(f"addr add {a}/128 dev lo nodad")
    return lines


def create(plan: p.Plan) -> None:
    for part in (*PARTS, WIRE) if plan.delay else PARTS:
        run("ip", "netns", "add", plan.ns(part))
        # IPv4 and IPv6 forwarding, no reverse path filter, no waiting for duplicate addresses
        run("ip", "netns", "exec", plan.ns(part), "sh", "-c",
            "cd /proc/sys/net && for f in all default; do echo 0 > ipv4/conf/$f/rp_filter; "
            "echo 0 > ipv6/conf/$f/accept_dad; done; "
            + ("echo 1 > ipv4/ip_forward; echo 1 > ipv6/conf/all/forwarding; "
               "echo 0 > ipv4/icmp_ratelimit; echo 0 > ipv6/icmp/ratelimit"
               if part == "router" else ":"))  # fmt: skip
        _batch(plan, part, ["link set lo up"])
    for left, device, right, peer, mtu in links(plan):
        _batch(plan, left, [
            f"link add {device} mtu {mtu} type veth peer name {peer} mtu {mtu}"
            f" netns {plan.ns(right)}"])  # fmt: skip
    task = ["link set eth1 up"]
    router = ["link set task up", f"addr add {p.ROUTER4}/24 dev task"]
    aws: list[str] = []
    if plan.v4:
        task.append(f"addr add {p.TASK4}/24 dev eth1")
    else:
        task.append(f"addr add {p.TASK_LOCAL}/32 dev eth1")
        router.append(f"route add {p.TASK_LOCAL}/32 dev task")
    if plan.v6:
        task.append(f"addr add {p.TASK6}/64 dev eth1 nodad")
        router.append(f"addr add {p.ROUTER6}/64 dev task nodad")
    for name in ("vpc", "inet"):
        router += [f"link set {name} up", f"addr add {LINK4[name][0]}/30 dev {name}",
                   f"addr add {LINK6[name][0]}/64 dev {name} nodad"]  # fmt: skip
        aws += [f"link set {name} up", f"addr add {LINK4[name][1]}/30 dev {name}",
                f"addr add {LINK6[name][1]}/64 dev {name} nodad"]  # fmt: skip
    aws += _addresses(plan)
    for part, lines in (("task", task), ("router", router), ("aws", aws)):
        _batch(plan, part, lines)
    if plan.delay:
        _batch(plan, WIRE, ["link set left up", "link set right up"])
        offload(plan, True)
    for part, routes in base_routes(plan).items():
        set_routes(plan, part, {}, routes)
    for part, text in ruleset(plan, {}).items():
        load_rules(plan, part, text)


def destroy(plan: p.Plan) -> None:
    for part in (*PARTS, WIRE):
        if exists(plan, part):
            for pid in run("ip", "netns", "pids", plan.ns(part), check=False).split():
                with contextlib.suppress(ProcessLookupError):  # left behind by `lab run`
                    os.kill(int(pid), signal.SIGKILL)
            run("ip", "netns", "del", plan.ns(part))


def exists(plan: p.Plan, part: str = "task") -> bool:
    return Path(f"/run/netns/{plan.ns(part)}").exists()


__all__ = ["LabError", "base_routes", "create", "destroy", "exists", "load_rules", "offload",
           "ruleset", "set_routes"]  # fmt: skip
