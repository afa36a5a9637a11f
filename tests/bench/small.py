"""Memory, size, start, growth: what a run takes of a machine."""

from __future__ import annotations

import collections
import gzip
import json
import re
import subprocess
import tarfile

import bench as b
import plan as p
from faults.base import resolver
from switch import Switch

MIB = 1024
FLOOR_BYTES, FLOOR_PACKED = 2_593_520, 1_300_942  # libraries alone, measured when they were chosen
REPORTS = (50, 500)


def memory_and_growth() -> list[dict]:
    def work(lab, _digests):
        healthy = b.check(lab, "multi")
        table = [
            _peak("healthy check", healthy),
            _peak("--full, 2 GB in two layers", b.check(lab, "two2g", "--full")),
        ]
        for count in (10, 100, 1000):
            run = b.check(lab, f"many{count}")
            table.append(_peak(f"check of {count} layers", run, count <= 100))
            table.append(_grown(f"{count} layers", run, count))
            more = (run.peak_kib - healthy.peak_kib) / count
            table.append(b.row("growth", f"{count} layers: memory of each", more, "KiB", "", None))
        for count in range(0, len(p.ALSO) + 1, 3):
            also = ("--also", ",".join(p.ALSO[:count])) if count else ()
            run = b.check(lab, "multi", *also)
            table.append(_peak(f"check of {count} further endpoints", run))
            table.append(_grown(f"{count} further endpoints", run, 3 + count))
        for count in (2, 20, 200):
            lab.apply(_addresses(lab.plan, count))
            run = b.check(lab, "multi")
            lab.heal()
            table.append(_peak(f"check of {count} addresses of S3", run))
            table.append(_grown(f"{count} addresses of S3", run, count))
        return table + _compared(json.loads(healthy.out))

    return b.with_lab(p.Plan(b.NAME, "endpoints", "v4"), work)


def _addresses(plan: p.Plan, count: int) -> Switch:
    """S3's name has so many addresses, and all of them are its server's."""
    many = [f"52.216.99.{i + 1}" for i in range(count)]
    there = plan.addresses4("s3")[0]
    lead = f'iifname "task" ip daddr 52.216.99.0/24 tcp dport 443 dnat ip to {there}:443'
    return resolver(plan.host("s3"), "answer", addresses=many)(plan) + Switch(dnat=(lead,))


def _peak(what: str, run: b.Run, bound: bool = True) -> dict:
    """Of images of 1,000 layers there is no bound but a line: each step of the report is kept."""
    peak = run.peak_kib / MIB
    return b.row("memory", what, peak, "MiB", "16 at most" if bound else "on a line",
                 peak <= 16 if bound else None)  # fmt: skip


def _grown(what: str, run: b.Run, count: int) -> dict:
    return b.row("growth", f"{what}: each", run.cpu_us / 1000 / count, "ms of CPU", "", None)


def _compared(report: dict) -> list[dict]:
    table = []
    paths = []
    for i in range(max(REPORTS)):
        report["vantage"]["label"] = f"subnet-{i}"
        paths.append(b.WORK / f"report-{i}.json")
        paths[-1].write_text(json.dumps(report) + "\n")
    size = paths[0].stat().st_size / 1024
    for kind in ("text", "html"):
        for count in REPORTS:
            names = [str(path) for path in paths[:count]]
            run = b.alone(str(b.PROBE), "compare", "--format", kind, "--output", str(b.WORK / "side"), *names)
            table.append(b.row("growth", f"compare of {count}, {kind}: CPU of each",
                               run.cpu_us / 1000 / count, "ms of CPU", "", None))  # fmt: skip
            table.append(b.row("growth", f"compare of {count}, {kind}: memory of each",
                               run.peak_kib / count, "KiB", f"reports of {size:.0f} KiB", None))  # fmt: skip
    for path in paths:
        path.unlink()
    return table


def start() -> list[dict]:
    """The fastest of many: the rest is the machine's noise."""
    programs = {
        "true": [str(b.WORK / "true")],
        "--version": [str(b.PROBE), "--version"],
        "a usage error": [str(b.PROBE), "check", "--no-such-option"],
    }
    found = dict.fromkeys(programs, 1e18)
    for _ in range(40):
        for name, command in programs.items():
            found[name] = min(found[name], b.alone(*command).wall_us)
    return [b.row("start", f"{name}, against a static true", found[name] / found["true"], "times",
                  "2 at most", found[name] <= 2 * found["true"])
            for name in list(programs)[1:]]  # fmt: skip


def _layer_bytes() -> int:
    path = b.WORK / "layer.tar"
    with tarfile.open(path, "w") as out:
        out.add(b.PROBE, "pullprobe")
    return len(gzip.compress(path.read_bytes(), 9))


def size() -> list[dict]:
    binary = b.PROBE.read_bytes()
    packed = len(gzip.compress(binary, 9))
    archive = b.WORK / "lambda.zip"
    subprocess.run(["/usr/bin/python3", str(b.ROOT / "taskdefs/lambda-zip"), str(b.PROBE), str(archive)],
                   check=True, stdout=subprocess.DEVNULL)  # fmt: skip
    rows = (
        ("the binary", len(binary), 3_000_000), ("the binary, gzip -9", packed, 1_500_000),
        ("its zip for Lambda", archive.stat().st_size, 1_500_000), ("the image's layer", _layer_bytes(), 1_500_000),
    )  # fmt: skip
    table = [b.row("size", what, bytes_ / 1000, "KB", f"{limit / 1000:.0f}", bytes_ <= limit)
             for what, bytes_, limit in rows]  # fmt: skip
    table += [
        b.row("size", "the binary, against the libraries alone", len(binary) / FLOOR_BYTES, "times", "", None),
        b.row("size", "the same, gzip -9", packed / FLOOR_PACKED, "times", "", None),
    ]
    return table + _parts()


def _parts() -> list[dict]:
    """What each library has in the binary, by the linker's own map."""
    text = (b.ROOT / "build" / "pullprobe.map").read_text(errors="replace")
    text = text[text.index("Linker script and memory map"):]
    found: collections.Counter = collections.Counter()
    for size_, path in re.findall(r"\s0x[0-9a-f]{8,16}\s+0x([0-9a-f]+) (\S+\.(?:o|a\([^)]*\)))$", text, re.M):
        if int(size_, 16):
            found[_owner(path)] += int(size_, 16)
    return [b.row("size", f"in it: {name}", bytes_ / 1000, "KB", "", None)
            for name, bytes_ in found.most_common()]  # fmt: skip


def _owner(path: str) -> str:
    library = re.search(r"(lib\w+)\.a\(", path)
    if library:
        return library[1]
    if "roots" in path:
        return "root certificates"
    ours = re.search(r"build/static/src/(\w+)", path)
    return f"src/{ours[1]}" if ours and "/src/" in path and path.count("/") > 3 else "start and rest"
