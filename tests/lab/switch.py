"""What a fault changes. Switches add up, so that faults can be had together."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Switch:
    raw: tuple[str, ...] = ()
    """nft rules of the router before connection tracking"""
    forward: tuple[str, ...] = ()
    """nft rules of the router's forwarding: security group of the task, NACL, routes"""
    dnat: tuple[str, ...] = ()
    """nft rules that hand connections to the middlebox"""
    endpoint: tuple[str, ...] = ()
    """nft rules before the servers: security groups of the endpoints"""
    answer: tuple[str, ...] = ()
    """nft rules for what the servers send"""
    routes: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """by namespace: destination to the rest of the route, or None to take it away"""
    resolvers: tuple[str, ...] = ()
    """what resolv.conf names instead"""
    env: dict[str, str | None] = field(default_factory=dict)
    """the task's environment: a value, or None to take the variable away"""
    files: dict[str, str] = field(default_factory=dict)
    """files of the task, seen at /mnt/NAME"""
    state: dict = field(default_factory=dict)
    """what the fake_services read: see fake_services/"""
    per_packet: bool = False
    """switch segmentation offload off, so that rules see packets as they are sent"""

    def __add__(self, other: Switch) -> Switch:
        return Switch(
            raw=self.raw + other.raw,
            forward=self.forward + other.forward,
            dnat=self.dnat + other.dnat,
            endpoint=self.endpoint + other.endpoint,
            answer=self.answer + other.answer,
            routes=_merge(self.routes, other.routes),
            resolvers=self.resolvers or other.resolvers,
            env=self.env | other.env,
            files=self.files | other.files,
            state=_merge(self.state, other.state),
            per_packet=self.per_packet or other.per_packet,
        )


def _merge(left, right):
    """Dictionaries by key, lists one after the other, else the right one."""
    if isinstance(left, dict) and isinstance(right, dict):
        both = {key: _merge(left[key], right[key]) for key in left.keys() & right.keys()}
        return {**left, **right, **both}
    if isinstance(left, list) and isinstance(right, list):
        return left + right
    return right
