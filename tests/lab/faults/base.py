"""What a row of the fault table is, and the words its rows are written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import observe
import plan as p
from switch import Switch

PROVEN = ("proven",)
UNSURE = ("likely", "open")
ANY = ("proven", "likely", "open")


SHORT = "none"  # the host of a reference that names no registry


@dataclass(frozen=True)
class Seen:
    """One look at the lab, by a function of observe.py, and what it must tell."""

    expected: str | tuple[str, ...]
    look: str
    arguments: tuple = ()
    options: dict = field(default_factory=dict)

    def check(self, lab) -> tuple[str, bool]:
        found = getattr(observe, self.look)(lab, *self.arguments, **self.options)
        wanted = (self.expected,) if isinstance(self.expected, str) else self.expected
        inside = ", ".join([repr(a) for a in self.arguments]
                           + [f"{k}={v!r}" for k, v in self.options.items()])  # fmt: skip
        good = found in wanted
        verdict = "" if good else f", expected {' or '.join(wanted)}"
        return f"{self.look}({inside}) saw {found!r}{verdict}", good


def seen(expected: str | tuple[str, ...], look: str, *arguments, **options) -> Seen:
    return Seen(expected, look, arguments, options)


@dataclass(frozen=True)
class Fault:
    name: str
    says: str
    switch: Callable[[p.Plan], Switch]
    proof: tuple[Seen, ...]
    """looks that together show that the fault is there, and that it alone is"""
    stage: str
    endpoint: str
    cls: str
    """the true class: the verdict's, or where it is not proven, among its alternatives"""
    also: tuple[str, ...] = ()
    """further classes that may be proven in its place"""
    certainty: tuple[str, ...] = PROVEN
    exit: int | None = None
    topology: str = "endpoints"
    family: str = "v4"
    image: str = "app:multi"
    """repository and reference; with a slash-free host before it when it is not the lab's own"""
    host: str = ""
    options: tuple[str, ...] = ()
    works: bool = False
    """the pull works all the same; a finding may warn"""
    lenient: bool = False
    """chance has a part in it: only a wrong proof is a failure"""
    stages: tuple[str, ...] = ()
    """stages that may also be named, where the fault can be met early or late"""
    tells: tuple[str, ...] = ()
    """what the finding's sentence and advice must name"""
    endpoints: tuple[str, ...] = ()
    """endpoints that may also be named, where it is anybody's fault"""

    def prove(self, lab) -> Iterator[tuple[str, bool]]:
        for one in self.proof:
            yield one.check(lab)

    def reference(self, plan: p.Plan) -> str:
        """The image; empty when a task definition names it."""
        if not self.image:
            return ""
        if self.host == SHORT:
            return self.image
        return f"{self.host or plan.host('dkr')}/{self.image}"

    def arguments(self, plan: p.Plan) -> list[str]:
        reference = self.reference(plan)
        return [*self.options, *([reference] if reference else [])]


@dataclass(frozen=True)
class Pair:
    """Two faults at once: the verdict is the first's, the other is listed where it can be seen."""

    first: Fault
    second: Fault
    listed: bool = True

    @property
    def name(self) -> str:
        return f"{self.first.name}+{self.second.name}"


def fixed(**changes) -> Callable[[p.Plan], Switch]:
    return lambda plan: Switch(**changes)


def state(**changes) -> Callable[[p.Plan], Switch]:
    return lambda plan: Switch(state=changes)


def to(plan: p.Plan, *roles: str, word: str = "daddr") -> list[str]:
    """nft matches for all addresses of roles that the plan's names lead to."""
    lines = []
    for family, table in (("ip", "addresses4"), ("ip6", "addresses6")):
        found = [a for role in roles for a in getattr(plan, table)(role)]
        if found:
            lines.append(f"{family} {word} {{ {', '.join(found)} }}")
    return lines


def block(place: str, *roles: str, verdict: str = "drop") -> Callable[[p.Plan], Switch]:
    """A filter before roles' port 443, in one of the router's or the servers' chains."""
    return lambda plan: Switch(
        **{place: tuple(f"{match} tcp dport 443 {verdict}" for match in to(plan, *roles))}
    )


def takeover(ports: dict[str, int], **changes) -> Callable[[p.Plan], Switch]:
    """Connections to roles go to the middlebox, at a port for each."""

    def make(plan: p.Plan) -> Switch:
        lines = []
        for role, port in ports.items():
            for match in to(plan, role):
                six = match.startswith("ip6")
                target = f"ip6 to [{p.MIDDLEBOX6}]:{port}" if six else f"ip to {p.MIDDLEBOX4}:{port}"
                lines.append(f'iifname "task" {match} tcp dport 443 dnat {target}')
        return Switch(dnat=tuple(lines), state=changes)

    return make


def raw(role: str, do: str, **wish) -> Callable[[p.Plan], Switch]:
    return takeover({role: p.RAW_PORT[role]}, box={role: {"do": do, **wish}})


def http(role: str, **wish) -> Callable[[p.Plan], Switch]:
    return takeover({role: p.TLS_PORT[role]}, http={role: wish})


def variant(kind: str, *roles: str) -> Callable[[p.Plan], Switch]:
    return takeover({role: p.VARIANT_PORT[role, kind] for role in roles})


def resolver(name: str, do: str, **more) -> Callable[[p.Plan], Switch]:
    """The resolver misbehaves for names that contain `name`, or all for `*`."""
    rule = {"name": name, "do": do, **more}
    ports = "meta l4proto { tcp, udp } th dport 53 dnat"
    lines = (
        f'iifname "task" ip daddr {{ {p.RESOLVER4}, {p.RESOLVER_LOCAL} }} {ports} '
        f"ip to {p.MIDDLEBOX4}:{p.DNS_PORT}",
        f'iifname "task" ip6 daddr {p.RESOLVER6} {ports} ip6 to [{p.MIDDLEBOX6}]:{p.DNS_PORT}',
    )
    return lambda plan: Switch(dnat=lines, state={"dns": [rule]})


def denial(action: str, context: str) -> str:
    """The `deny` state's text of a context, with the action filled in."""
    return context.replace("{action}", action)


# The contexts of an AccessDenied sentence (facts/errors.md 4.4), and the class each means.
CONTEXTS = {
    "identity": ("because no identity-based policy allows the {action} action",
                 "auth.iam_identity"),
    "identity-deny": ("with an explicit deny in an identity-based policy", "auth.iam_identity"),
    "boundary": ("because no permissions boundary allows the {action} action",
                 "auth.iam_identity"),
    "session": ("because no session policy allows the {action} action", "auth.iam_identity"),
    "endpoint": ("because no VPC endpoint policy allows the {action} action",
                 "auth.endpoint_policy"),
    "endpoint-deny": ("with an explicit deny in a VPC endpoint policy", "auth.endpoint_policy"),
    "scp": ("because no service control policy allows the {action} action", "auth.scp"),
    "scp-deny": ("with an explicit deny in a service control policy: arn:aws:organizations::"
                 "123456789012:policy/o-example/service_control_policy/p-example", "auth.scp"),
    "rcp-deny": ("with an explicit deny in a resource control policy", "auth.scp"),
    "resource": ("because no resource-based policy allows the {action} action",
                 "registry.repo_policy"),
    "resource-deny": ("with an explicit deny in a resource-based policy", "registry.repo_policy"),
    "none": ("", "auth.iam_identity"),
}  # fmt: skip
