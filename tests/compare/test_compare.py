"""Reports side by side: the three formats, held against the schema, the width and hostile words."""

from __future__ import annotations

import html
import json
import subprocess
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import machine
import pytest
import reports

FEW = ["clock-off", "tcp-s3-no-route", "s3-endpoint-policy", "tcp-s3-no-route", "dns-nodata-here"]


@pytest.fixture(scope="module", name="schema")
def schema_of_comparisons():
    folder = reports.ROOT / "docs"
    schema = json.loads((folder / "compare.schema.json").read_text())
    report = json.loads((folder / "report.schema.json").read_text())
    resolver = jsonschema.RefResolver("compare.schema.json", schema,
                                      store={"report.schema.json": report})  # fmt: skip
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def test_json_keeps_to_its_schema(schema, tmp_path):
    for paths in ([str(path) for path in reports.CASES], reports.write_reports(tmp_path, FEW)):
        text = reports.run("compare", "--format", "json", *paths)
        assert text.endswith("}\n") and text.count("\n") == 1
        comparison = json.loads(text)
        schema.validate(comparison)
        assert len(comparison["vantages"]) == len(paths)
        assert all(len(row["cells"]) == len(paths) for row in comparison["rows"])
        members = sorted(i for group in comparison["groups"] for i in group["vantages"])
        assert members == list(range(len(paths)))


def test_json_says_the_same_as_the_reports_explained(tmp_path):
    paths = reports.write_reports(tmp_path, FEW)
    comparison = json.loads(reports.run("compare", "--format=json", *paths))
    for path, vantage in zip(paths, comparison["vantages"]):
        explained = json.loads(reports.run("explain", "--format=json", path))
        assert vantage["findings"] == explained["findings"]
        assert vantage["verdict"] == explained["verdict"]
    assert comparison["difference"]["row"] == "dns dkr"
    assert [group["vantages"] for group in comparison["groups"]] == [[0], [1, 3], [2], [4]]


def test_a_report_may_come_from_stdin_and_the_result_go_to_a_file(tmp_path):
    paths = reports.write_reports(tmp_path, FEW[:2])
    out = tmp_path / "out.txt"
    out.write_text("x" * 100000)
    with open(paths[0], "rb") as stdin:
        assert reports.run("compare", f"--output={out}", "--", "-", paths[1], stdin=stdin) == ""
    assert out.read_text() == reports.run("compare", *paths)


@pytest.mark.parametrize("arguments, says", [
    ([], "compare takes two reports or more"),
    (["-", "-"], "compare takes - once"),
    (["--format=xml", "a", "b"], '--format takes text|json|html|markdown|junit|openmetrics, not "xml"'),
    (["--output=/nowhere/x", "CASE", "CASE"], "cannot write the comparison /nowhere/x"),
    (["--output", "", "a", "b"], '--output takes FILE, not ""'),
    (["CASE", "/nowhere.json"], "cannot read /nowhere.json"),
    (["CASE", "/dev/null"], "cannot read /dev/null: "),
])  # fmt: skip
def test_a_mistake_is_one_line(arguments, says):
    case = str(reports.CASES[0])
    done = subprocess.run([reports.PROBE, "compare", *(case if a == "CASE" else a for a in arguments)],
                          capture_output=True, text=True, timeout=machine.HANG, stdin=subprocess.DEVNULL)  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"pullprobe: {says}") and done.stderr.count("\n") == 1


def test_a_result_that_cannot_be_written_is_told():
    case = str(reports.CASES[0])
    with open("/dev/full", "wb") as full:
        done = subprocess.run([reports.PROBE, "compare", case, case], stdout=full, text=True,
                              stderr=subprocess.PIPE, timeout=machine.HANG)  # fmt: skip
    assert done.returncode == 3
    assert done.stderr == "pullprobe: cannot write to stdout: No space left on device\n"


class Tags(HTMLParser):
    """The markup of a page without its values."""

    def __init__(self, page: str):
        super().__init__()
        self.tags, self.links, self.depth, self.said = [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, tuple(name for name, _ in attributes)))
        self.links += [name for name, _ in attributes if name in ("src", "href", "style", "action")
                       or name.startswith("on")]  # fmt: skip
        if tag not in ("meta", "input"):
            self.depth.append(tag)

    def handle_endtag(self, tag):
        assert self.depth.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


def test_a_page_nests_and_needs_nothing_else(tmp_path):
    page = reports.run("compare", "--format=html", *reports.write_reports(tmp_path, FEW))
    tags = Tags(page)
    assert tags.depth == [] and tags.links == []
    for wanted in ("table", "caption", "noscript", "main"):
        assert wanted in [tag for tag, _ in tags.tags]
    assert "default-src 'none'" in page and "http://" not in page


def test_a_page_has_the_json_that_it_is_drawn_of_and_the_text_for_readers_without_scripts(tmp_path):
    paths = reports.write_reports(tmp_path, FEW)
    page = reports.run("compare", "--format=html", *paths)
    data = page.split('<script type="application/json" id="data">')[1].split("</script>")[0]
    comparison, more = json.loads(data)
    assert comparison == json.loads(reports.run("compare", "--format=json", *paths))
    assert len(more["grouped"]) == len(comparison["rows"])
    assert {len(cells) for cells in more["grouped"]} == {len(comparison["groups"])}
    assert more["says"][1] == "The pull breaks at tcp of s3: s3.no_route (likely)"
    text = reports.run("compare", *paths, env={"COLUMNS": "100"})
    assert f"<pre>\n{html.escape(text, quote=False)}</pre>" in page.replace("&gt;", ">")


def test_every_value_is_escaped(tmp_path):
    """Two pages whose reports differ in words alone have the same markup."""
    pages = []
    for new in ("word", reports.HOSTILE):
        folder = tmp_path / str(len(pages))
        folder.mkdir()
        paths = reports.write_reports(folder, FEW, new)
        os_paths = [str(Path(path).rename(Path(path).with_name(f"{i}{HOSTILE_NAME}.json")))
                    for i, path in enumerate(paths)]  # fmt: skip
        pages.append(reports.run("compare", "--format=html", *os_paths))
    plain, hostile = map(Tags, pages)
    assert hostile.tags == plain.tags and hostile.links == []
    assert "<script>x</script>" in "".join(hostile.said)
    assert pages[1].count("<script") == 2
    check_printable(pages[1])


HOSTILE_NAME = "<b>&\"'\x1b\n"


def check_printable(text: str) -> None:
    for character in text:
        seen = character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp")
        assert seen, repr(character)


def test_hostile_words_do_no_harm_in_text_and_json(schema, tmp_path):
    paths = reports.write_reports(tmp_path, FEW, reports.HOSTILE)
    check_printable(reports.run("compare", *paths))
    schema.validate(json.loads(reports.run("compare", "--format=json", *paths)))


def test_many_alike_fit_a_screen(tmp_path):
    names = ["clock-off"] * 120 + ["tcp-s3-no-route"] * 50 + ["s3-endpoint-policy"] * 30
    paths = []
    for i, name in enumerate(names):
        report = json.loads((reports.ROOT / f"build/golden/{name}.json").read_text())
        report["vantage"]["label"] = f"subnet-{i:03}"
        paths.append(str(tmp_path / f"{i}.json"))
        Path(paths[-1]).write_text(json.dumps(report))
    text = reports.run("compare", *paths)
    assert "subnet-000 +119" in text and "subnet-120 +49" in text and "subnet-170 +29" in text
    assert text.count("\n") < 60
    assert text.splitlines()[-2].startswith("subnet-120, subnet-121, subnet-122 and 47 more differ")
    assert len(json.loads(reports.run("compare", "--format=json", *paths))["groups"]) == 3
