"""Round trips, throughput, bad news: what a run takes in time."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path

import bench as b
import faults
import plan as p

# Two wires, and the difference between them: what a wire does not lengthen is no round trip.
SHORT_MS, LONG_MS = 50, 150
RUNS = 3
TIMEOUT = 1
BUDGET_SILENT, BUDGET_ANSWERED = 1.2, 0.5 / TIMEOUT
FLOOR = {"single": 7, "multi": 8, "layers30": None}


def best(works: dict, runs: int = RUNS) -> dict[str, float]:
    """The fastest of some runs of each, in turns, so that a busy moment meets all of them."""
    found: dict[str, float] = {}
    for _ in range(runs):
        for name, work in works.items():
            found[name] = min(found.get(name, 1e18), work())
    return found


def skopeo(lab, tag: str, given: str) -> float:
    target = b.WORK / "copy"
    shutil.rmtree(target, ignore_errors=True)
    user = base64.b64decode(given).decode()
    run = b.in_lab(lab, "skopeo", "--override-arch", "amd64", "copy", "--insecure-policy", "--quiet",
                   "--src-creds", user, f"docker://{b.image(tag)}", f"dir:{target}",
                   SSL_CERT_FILE=str(lab.ca_file), TMPDIR=str(b.WORK))  # fmt: skip
    shutil.rmtree(target, ignore_errors=True)
    return run.wall_us


def _fastest(lab, _digests) -> list[dict]:
    given = b.token(lab)
    works = {tag: lambda tag=tag: b.took_us(b.check(lab, tag)) for tag in FLOOR}
    works["skopeo copy"] = lambda: skopeo(lab, "multi", given)
    return [best(works)]


def round_trips() -> list[dict]:
    short, long = (b.with_lab(p.Plan(b.NAME, "endpoints", "v4", delay=ms), _fastest)[0]
                   for ms in (SHORT_MS, LONG_MS))  # fmt: skip
    table = []
    for what in short:
        trips = (long[what] - short[what]) / 1000 / (LONG_MS - SHORT_MS)
        ours = what in FLOOR
        floor = FLOOR.get(what)
        limit = f"10, floor {floor}" if floor else "10 for a small image" if ours else "after the token's"
        table.append(b.row("round trips", f"healthy check, {what}" if ours else f"{what}, multi", trips,
                           "round trips", limit, trips <= 10 if floor else None))  # fmt: skip
    return table


def _curl_files(digests: list[str], given: str) -> tuple[Path, Path]:
    """A curl configuration that fetches every blob to a file, and the list that sha256sum checks."""
    config, sums, place = b.WORK / "curl.conf", b.WORK / "sums", b.WORK / "blobs"
    place.mkdir(exist_ok=True)
    user = base64.b64decode(given).decode()
    lines = ["silent", "fail", "location", "http1.1", f'user = "{user}"']
    for digest in digests:
        url = f"https://{p.REGISTRY}/v2/{b.content.REPOSITORY}/blobs/{digest}"
        lines += [f'url = "{url}"', f'output = "{place}/{digest[7:]}"']
    config.write_text("\n".join(lines) + "\n")
    sums.write_text("".join(f"{d[7:]}  {place}/{d[7:]}\n" for d in digests))
    return config, sums


def _curl(lab, digests: list[str], given: str) -> float:
    config, sums = _curl_files(digests, given)
    try:
        script = f"curl --config {config} && sha256sum --check --quiet {sums}"
        return b.in_lab(lab, "sh", "-c", script, CURL_CA_BUNDLE=str(lab.ca_file)).wall_us
    finally:
        shutil.rmtree(b.WORK / "blobs", ignore_errors=True)


def compared(lab, digests: dict, tag: str, what: str, runs: int) -> list[dict]:
    given = b.token(lab)
    took = best({
        "ours": lambda: b.check(lab, tag, "--full").wall_us,
        "curl": lambda: _curl(lab, digests[tag], given),
        "skopeo": lambda: skopeo(lab, tag, given),
    }, runs)  # fmt: skip
    size = sum(b.content.SHAPES[tag])
    table = [b.row("--full", f"{what}", size / took["ours"], "MB/s", "", None)]
    for other in ("curl", "skopeo"):
        name = "curl, then sha256sum" if other == "curl" else "skopeo copy"
        ratio = took[other] / took["ours"]
        table.append(b.row("--full", f"{what}, against {name}", ratio, "times as fast", "1.0 at least",
                           ratio >= 1))  # fmt: skip
    return table


def throughput() -> list[dict]:
    def near(lab, digests):
        return (compared(lab, digests, "one200", "one layer of 200 MB", 2)
                + compared(lab, digests, "small30", "30 layers of 2 MB", 2))  # fmt: skip

    def far(lab, digests):
        return compared(lab, digests, "many100", "100 layers, 20 ms away", 1)

    return (b.with_lab(p.Plan(b.NAME, "endpoints", "v4"), near)
            + b.with_lab(p.Plan(b.NAME, "endpoints", "v4", delay=20), far))  # fmt: skip


def _budget(report: dict, arguments: list[str]) -> float:
    """In timeouts: what a silence is worth, else what answers that came at once are."""
    if "--deadline" in arguments:  # a body that drips is measured until then
        return (float(arguments[arguments.index("--deadline") + 1]) + 0.1) / TIMEOUT
    steps = [step for step in report["steps"] if not step["asks"]]
    silent = any(step["cause"] in ("timeout", "stalled") or step["seen"].get("silent_servers")
                 or "(timeout)" in str(step["seen"].get("passed_over")) for step in steps)  # fmt: skip
    return BUDGET_SILENT if silent else BUDGET_ANSWERED


def _news(lab, name: str, switch, arguments: list[str]) -> dict:
    """How long a break takes to be told: in timeouts, and at once where every answer came."""
    lab.apply(switch)
    run = b.in_lab(lab, str(b.PROBE), "check", "--format", "json", "--timeout", str(TIMEOUT),
                   *arguments, good=False)  # fmt: skip
    report = json.loads(run.out)
    value, budget = report["took_us"] / 1e6 / TIMEOUT, _budget(report, arguments)
    return b.row("bad news", name, value, "timeouts", f"{budget:g}", value <= budget)


def bad_news(names: list[str] | None = None) -> list[dict]:
    """A row for every fault of the lab, and for every pair of them; or for those named."""
    table = []
    breaks = [(row.name, [row]) for row in faults.ALL]
    breaks += [(pair.name, [pair.first, pair.second]) for pair in faults.PAIRS]
    breaks = [one for one in breaks if not names or one[0] in names]
    for kind in dict.fromkeys((rows[0].topology, rows[0].family) for _, rows in breaks):

        def work(lab, _digests, kind=kind):
            return [_news(lab, name, faults.together(rows, lab.plan), rows[0].arguments(lab.plan))
                    for name, rows in breaks if (rows[0].topology, rows[0].family) == kind]  # fmt: skip

        table += b.with_lab(p.Plan(b.NAME, *kind), work)
    return table
