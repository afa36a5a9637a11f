"""The formats for others' programs: markdown by cmark-gfm, JUnit's XML by its schemas' rules and junitparser,
metrics by promtool, and by a Prometheus that scrapes a node_exporter."""

from __future__ import annotations

import contextlib
import html
import importlib.util
import json
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import machine
import pytest
import reports

FEW = ["clock-off", "tcp-s3-no-route", "s3-endpoint-policy", "tcp-s3-no-route", "unsettled"]
HOSTILE = reports.HOSTILE + " | a `b` ``` **c** [d](javascript:e) ![f](g) @h #1 {i=\"j\",} k\\ \ufffe"  # fmt: skip
VERBS = ["explain", "compare"]


def needs(program: str):
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed (make setup)")


def written(folder: Path, new: str | None) -> list[str]:
    return reports.write_reports(folder, FEW, new)


# markdown -------------------------------------------------------------------------------------------


def rendered(markdown: str) -> str:
    done = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table", "-e", "strikethrough", "-e", "autolink"],
                          input=markdown, capture_output=True, text=True, check=True, timeout=machine.HANG)  # fmt: skip
    return done.stdout


class Elements(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.tags, self.said = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, tuple(attributes)))

    def handle_data(self, data):
        self.said.append(data)


@needs("cmark-gfm")
def test_markdown_of_a_report_has_its_parts_as_blocks(tmp_path):
    path = written(tmp_path, None)[1]
    page = rendered(reports.run("explain", "--format=markdown", path))
    assert page.startswith("<p><strong>The pull breaks at tcp of s3: s3.no_route (likely)</strong></p>")
    report = json.loads(reports.run("explain", "--format=json", path))
    text = html.unescape(re.sub(r"<[^>]*>", "", page))
    for said in [*report["findings"][0]["fix"], *report["findings"][0]["confirm"]]:
        assert said in text
    assert page.count("<pre") == len(report["findings"][0]["confirm"]) + 1
    assert [one.strip() for one in re.findall(r"<h3>(.*?)</h3>", page)] == [
        "What to do", "To confirm it from outside",
        "The path to 123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/app:1.4 (linux/amd64)", "Seen from"]  # fmt: skip
    assert "<li><strong>subnet</strong> 10.20.1.0/24</li>" in page


@needs("cmark-gfm")
def test_markdown_of_a_comparison_is_a_table_with_a_column_a_group(tmp_path):
    paths = written(tmp_path, None)
    page = rendered(reports.run("compare", "--format=markdown", *paths))
    comparison = json.loads(reports.run("compare", "--format=json", *paths))
    assert f"<p><strong>{comparison['difference']['sentence']}.</strong></p>" in page
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.S)
    cells = [re.findall(r"<t[hd]>(.*?)</t[hd]>", row, re.S) for row in rows]
    assert len(rows) == len(comparison["rows"]) + 1
    assert {len(row) for row in cells} == {1 + len(comparison["groups"])}
    assert cells[0] == ["", *(group["label"] for group in comparison["groups"])]
    assert ["\u2260 tcp s3", "ok", "FAIL timeout", "ok", "ok"] in cells
    assert "<strong>subnet-b +1:</strong> subnet-b and subnet-d" in page


@needs("cmark-gfm")
@pytest.mark.parametrize("verb", VERBS)
def test_hostile_words_make_no_markup(verb, tmp_path):
    pages = []
    for new in ("word", HOSTILE):
        folder = tmp_path / str(len(pages))
        folder.mkdir()
        paths = written(folder, new)[: 1 if verb == "explain" else None]
        markdown = reports.run(verb, "--format=markdown", *paths)
        pages.append(Elements(rendered(markdown)))
    assert pages[1].tags == pages[0].tags
    assert not [tag for tag, _ in pages[1].tags if tag in ("script", "img", "a", "b")]
    assert "<script>x</script>" in "".join(pages[1].said) and "**c**" in "".join(pages[1].said)


@needs("cmark-gfm")
@pytest.mark.parametrize("words, starts", [
    ("no basic auth credentials", "<p><strong>"), ("22", "<p><strong>exit code 22 (tcp)</strong></p>"),
])  # fmt: skip
def test_an_explanation_can_be_markdown_too(words, starts):
    page = rendered(reports.run("explain", "--format", "markdown", words))
    assert page.startswith(starts) and "<h3>" in page and "<li><strong>" in page


@pytest.mark.parametrize("name", ["junit", "openmetrics"])
def test_what_is_no_report_has_no_results_of_tests_and_no_metrics(name, tmp_path):
    for words in ("no basic auth credentials", "22"):
        done = subprocess.run([reports.PROBE, "explain", f"--format={name}", words], capture_output=True, text=True,
                              timeout=machine.HANG)  # fmt: skip
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"pullprobe: --format {name} is for reports\n"
    path = written(tmp_path, None)[1]
    assert "s3.no_route" in reports.run("explain", f"--format={name}", path)


@needs("cmark-gfm")
def test_what_begins_a_block_is_escaped(tmp_path):
    for word in ("1. a", "12) a", "- a", "+ a", "=== a", "# a", "> a", "    a"):
        path = reports.write_reports(tmp_path, FEW[:1], word)[0]
        tags = [tag for tag, _ in Elements(rendered(reports.run("explain", "--format=markdown", path))).tags]
        assert not {"ol", "h1", "h2", "blockquote", "hr"} & set(tags), word


# JUnit ----------------------------------------------------------------------------------------------

# The rules of JUnit.xsd (Windy Road, of Apache Ant's reports): children in this order, attributes that must be
# there, and those that may. Jenkins' junit-10.xsd allows all of it.
RULES = {
    "testsuites": (["testsuite*"], [], []),
    "testsuite": (["properties", "testcase*", "system-out", "system-err"],
                  ["name", "timestamp", "hostname", "tests", "failures", "errors", "time", "package", "id"],
                  ["skipped"]),
    "properties": (["property*"], [], []),
    "property": ([], ["name", "value"], []),
    "testcase": (["failure|error|skipped?"], ["name", "classname", "time"], []),
    "failure": ([], ["type"], ["message"]),
    "error": ([], ["type"], ["message"]),
    "skipped": ([], [], ["type", "message"]),
    "system-out": ([], [], []),
    "system-err": ([], [], []),
}  # fmt: skip
FORMS = {"timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "time": r"\d+\.\d+", "tests": r"\d+", "failures": r"\d+",
         "errors": r"\d+", "skipped": r"\d+", "id": r"\d+", "name": r"\S(.*\S)?", "hostname": r"\S(.*\S)?"}  # fmt: skip


def check_rules(element) -> None:
    children, required, optional = RULES[element.tag]
    names = "".join(f"<{child.tag}>" for child in element)
    patterns = ["(" + "|".join(f"<{one}>" for one in child.rstrip("*?").split("|")) + ")"
                + (child[-1] if child[-1] in "*?" else "") for child in children]  # fmt: skip
    assert re.fullmatch("".join(patterns), names), (element.tag, names)
    assert set(required) <= set(element.attrib) <= set(required) | set(optional), element.attrib
    for name, value in element.attrib.items():
        assert re.fullmatch(FORMS.get(name, r"[\s\S]*"), value), (name, value)
    for child in element:
        check_rules(child)


@pytest.mark.parametrize("new", [None, HOSTILE])
def test_junit_keeps_to_the_schemas(new, tmp_path):
    text = reports.run("compare", "--format=junit", *written(tmp_path, new))
    root = ElementTree.fromstring(text)
    check_rules(root)
    assert [suite.get("id") for suite in root] == [str(i) for i in range(len(FEW))]
    for suite in root:
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(name)) == len(suite.findall(f"testcase/{tag}"))
        cases = [case.get("name") for case in suite.findall("testcase")]
        assert int(suite.get("tests")) == len(cases) == len(set(cases))


def test_junit_has_a_case_for_each_stage_and_endpoint_and_the_finding_where_one_fails(tmp_path):
    paths = written(tmp_path, None)
    works, breaks, _, _, unknown = ElementTree.fromstring(reports.run("compare", "--format=junit", *paths))
    names = [[case.get("name") for case in suite.findall("testcase")] for suite in (works, breaks)]
    assert names[0] == names[1] and {"dns api", "tcp s3", "credentials", "layers s3"} <= set(names[0])
    assert (works.get("failures"), works.get("errors"), works.get("skipped")) == ("0", "0", "0")
    (failed,) = [case for case in breaks.findall("testcase") if case.find("failure") is not None]
    finding = json.loads(reports.run("explain", "--format=json", paths[1]))["findings"][0]
    assert failed.get("name") == "tcp s3" and failed.find("failure").get("type") == "s3.no_route"
    assert failed.find("failure").get("message") == finding["says"] + " (likely)"
    assert "Create the S3 gateway endpoint" in failed.find("failure").text
    skipped = {case.get("name") for case in breaks.findall("testcase") if case.find("skipped") is not None}
    assert skipped == {"tls s3", "http s3", "layers s3"}
    assert [case.get("name") for case in unknown.findall("testcase/error/..")] == ["verdict"]


@pytest.mark.skipif(not importlib.util.find_spec("junitparser"),
                    reason="python3-junitparser is not installed (make setup)")  # fmt: skip
def test_a_reader_of_junit_reads_it(tmp_path):
    import junitparser

    path = tmp_path / "junit.xml"
    path.write_text(reports.run("compare", "--format=junit", *written(tmp_path, None)))
    suites = list(junitparser.JUnitXml.fromfile(str(path)))
    assert [(suite.failures, suite.errors) for suite in suites] == [(0, 0), (1, 0), (1, 0), (1, 0), (0, 1)]
    (failure,) = [result for case in suites[1] for result in case.result if isinstance(result, junitparser.Failure)]
    assert failure.type == "s3.no_route" and failure.text.startswith("The endpoints inside the VPC answer")


# metrics --------------------------------------------------------------------------------------------


@needs("promtool")
@pytest.mark.parametrize("new", [None, HOSTILE])
def test_promtool_has_nothing_to_say(new, tmp_path):
    metrics = reports.run("compare", "--format=openmetrics", *written(tmp_path, new))
    done = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True, text=True,
                          timeout=machine.HANG)  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def samples(metrics: str) -> dict[str, str]:
    return dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))


def test_the_metrics_say_what_the_report_says(tmp_path):
    paths = written(tmp_path, None)
    metrics = reports.run("compare", "--format=openmetrics", *paths)
    image = 'image="123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/app:1.4"'
    found = samples(metrics)
    assert metrics.endswith("# EOF\n")
    assert found[f'pullprobe_pull_works{{vantage="subnet-a",{image}}}'] == "1"
    assert found[f'pullprobe_pull_works{{vantage="subnet-b",{image}}}'] == "0"
    assert found[f'pullprobe_pull_works{{vantage="subnet-e",{image}}}'] == "NaN"
    assert found[f'pullprobe_verdict_info{{vantage="subnet-b",{image},pull="breaks",class="s3.no_route",'
                 'certainty="likely",stage="tcp",endpoint="s3"}'] == "1"  # fmt: skip
    assert found[f'pullprobe_exit_code{{vantage="subnet-b",{image}}}'] == "22"
    assert found[f'pullprobe_stage_seconds{{vantage="subnet-b",{image},stage="tcp",endpoint="s3"}}'] == "5.001"
    assert found[f'pullprobe_stage_works{{vantage="subnet-b",{image},stage="tcp",endpoint="s3"}}'] == "0"
    assert f'pullprobe_stage_works{{vantage="subnet-b",{image},stage="tls",endpoint="s3"}}' not in found


def test_reports_of_one_name_give_each_series_once(tmp_path):
    path = written(tmp_path, None)[0]
    metrics = reports.run("compare", "--format=openmetrics", path, path)
    names = [line.rsplit(" ", 1)[0] for line in metrics.splitlines()]
    assert len(names) == len(set(names))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def running(*words: str):
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@needs("prometheus")
@needs("prometheus-node-exporter")
def test_a_prometheus_scrapes_them_from_a_textfile(tmp_path):
    folder, ports = tmp_path / "textfiles", [free_port(), free_port()]
    folder.mkdir()
    (tmp_path / "hostile").mkdir()
    paths = written(tmp_path, None)[:2] + written(tmp_path / "hostile", HOSTILE)[:1]
    (folder / "pullprobe.prom").write_text(reports.run("compare", "--format=openmetrics", *paths))
    config = tmp_path / "prometheus.yml"
    config.write_text("scrape_configs:\n- job_name: nodes\n  scrape_interval: 1s\n  scrape_timeout: 1s\n"
                      f"  static_configs:\n  - targets: ['127.0.0.1:{ports[0]}']\n")  # fmt: skip
    exporter = ["prometheus-node-exporter", f"--web.listen-address=127.0.0.1:{ports[0]}",
                "--collector.disable-defaults", "--collector.textfile", f"--collector.textfile.directory={folder}"]  # fmt: skip
    server = ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={tmp_path}/tsdb",
              f"--web.listen-address=127.0.0.1:{ports[1]}"]  # fmt: skip
    query = urllib.parse.quote('pullprobe_pull_works == 0 and on(vantage) pullprobe_verdict_info{class="s3.no_route"}')
    result = []
    with running(*exporter), running(*server):
        until = time.monotonic() + machine.HANG
        while not result and time.monotonic() < until:
            time.sleep(0.3)
            with contextlib.suppress(OSError):
                url = f"http://127.0.0.1:{ports[1]}/api/v1/query?query={query}"
                with urllib.request.urlopen(url, timeout=machine.HANG) as answer:
                    result = json.load(answer)["data"]["result"]
    assert [one["metric"]["vantage"] for one in result] == ["subnet-b"]
