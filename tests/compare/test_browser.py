"""The page in a browser: on a desk and on a telephone, light and dark, with honest and hostile words."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess

import machine
import pytest
import reports

BROWSER = shutil.which("chromium")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-extensions", "--no-first-run",
         "--disable-background-networking", "--disable-sync", "--hide-scrollbars",
         "--virtual-time-budget=5000"]  # fmt: skip
NAMES = ["clock-off", "tcp-s3-no-route", "s3-endpoint-policy", "dns-nodata-here"]

# what is measured stands in the outer title afterwards
MEASURE = """<script>{
const seen = {}, style = (selector) => getComputedStyle(document.querySelector(selector));
seen.width = innerWidth;
seen.page = document.documentElement.scrollWidth;
seen.background = style("body").backgroundColor;
seen.small = [...document.querySelectorAll("p, h1, h2, h3, h4, td, th, code, summary")]
	.filter((one) => one.checkVisibility() && parseFloat(getComputedStyle(one).fontSize) < 12).length;
seen.bars = document.querySelectorAll(".bar i").length;
seen.narrow = [...document.querySelectorAll(".bar i")]
	.filter((one) => one.checkVisibility() && one.getBoundingClientRect().width < .9).length;
const rows = () => [...document.querySelectorAll("#side ~ .scroll tr.same")].filter((one) => one.checkVisibility());
seen.rows = rows().length;
document.querySelector("#only").click();
seen.rows_of_only = rows().length;
document.querySelector("button").focus();
seen.outline = style(":focus").outlineWidth;
document.querySelector("button").click();
setTimeout(() => { seen.notice = notice.textContent; parent.document.title = JSON.stringify(seen); }, 500);
}</script>"""

pytestmark = pytest.mark.skipif(not BROWSER, reason="chromium is not installed (apt-get install chromium)")


def dom(page, folder, *flags: str) -> str:
    """The page's elements after it was loaded; nothing is asked of a network."""
    done = subprocess.run([BROWSER, *FLAGS, f"--user-data-dir={folder}/profile", *flags, "--dump-dom",
                           "--host-resolver-rules=MAP * ~NOTFOUND", page.as_uri()],
                          capture_output=True, text=True, check=True, timeout=machine.HANG)  # fmt: skip
    return done.stdout


@pytest.fixture(scope="module", name="pages")
def honest_and_hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    pages = {}
    for name, new in (("honest", None), ("hostile", reports.HOSTILE)):
        (folder / name).mkdir()
        pages[name] = folder / f"{name}.html"
        reports.run("compare", "--format=html", f"--output={pages[name]}",
                    *reports.write_reports(folder / name, NAMES, new))  # fmt: skip
    return pages


def test_it_shows_what_the_json_says(pages, tmp_path):
    text = html.unescape(re.sub(r"<[^>]*>", "", dom(pages["honest"], tmp_path)))
    folder = pages["honest"].parent / "honest"
    comparison = json.loads(reports.run("compare", "--format=json", *map(str, sorted(folder.iterdir()))))
    wanted = [comparison["difference"]["sentence"] + ".", "4 vantages, the pull works from 1; 4 groups by behaviour",
              "dns dkrokokokFAIL nodata", "time tcp6.5 ms5.0 s6.5 ms5.5 ms", "Could also be:s3.security_group: the"]
    for vantage in comparison["vantages"]:
        wanted.append(f"The check from {vantage['label']}")
        for finding in vantage["findings"]:
            wanted += [finding["says"], *finding["fix"], *finding["confirm"]]
        wanted += [result["words"] for result in vantage["rungs"]]
    assert [one for one in wanted if one not in text] == []


def measured(page, folder, width: int, *flags: str) -> dict:
    """What a script sees that the page's own policy would not let run. A window has a least width of
    its own, a frame has not."""
    text = re.sub(r"<meta http-equiv[^>]*>", "", page.read_text())
    frame = html.escape(text.replace("</body>", MEASURE + "</body>"))
    outer = folder / "outer.html"
    outer.write_text('<!DOCTYPE html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
                     f'<title></title><iframe width="{width}" height="900" srcdoc="{frame}"></iframe>')
    title = re.search(r"<title>(\{.*?\})</title>", dom(outer, folder, *flags)).group(1)
    return json.loads(html.unescape(title))


def test_the_policy_lets_the_pages_own_script_run_and_no_other(pages, tmp_path):
    text = dom(pages["hostile"], tmp_path)
    assert text.count("<button") > 4 and text.count('class="timeline"') == len(NAMES)
    assert not re.search(r"<(img|b id|object|iframe|link)\b", text)
    assert text.count("<script") == 2


@pytest.mark.parametrize("width, scheme, background", [
    (1280, 1, "rgb(255, 255, 255)"), (390, 0, "rgb(20, 23, 26)"),
])  # fmt: skip
def test_it_is_readable_on_a_desk_and_on_a_telephone(pages, tmp_path, width, scheme, background):
    seen = measured(pages["honest"], tmp_path, width, "--window-size=1400,1000",
                    f"--blink-settings=preferredColorScheme={scheme}")  # fmt: skip
    assert (seen["width"], seen["page"]) == (width, width)
    assert seen["background"] == background
    assert seen["small"] == 0 and seen["narrow"] == 0 and seen["bars"] > 50
    assert seen["rows"] > 20 and seen["rows_of_only"] == 0
    assert seen["outline"] == "3px" and seen["notice"] in ("Copied", "Selected")


def test_hostile_words_keep_to_a_telephones_width(pages, tmp_path):
    seen = measured(pages["hostile"], tmp_path, 390)
    assert seen["page"] == 390
