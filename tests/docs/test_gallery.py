"""docs/gallery.md has a verdict for each of AWS's causes. `make gallery` makes it in the lab; here it is held against the
lists of causes and of the lab's faults, so that it cannot grow old unseen."""

import importlib.machinery
import importlib.util
import re
import struct
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## ([^\n]*)\n\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))
PICTURES = ROOT / "docs" / "pictures"


@pytest.fixture(scope="module", name="lab")
def module_of_the_lab():
    path = ROOT / "tests" / "lab" / "gallery"
    loader = importlib.machinery.SourceFileLoader("gallery", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("gallery", loader))
    before = list(sys.path)
    loader.exec_module(module)
    sys.path[:] = before
    return module


def test_each_cause_has_its_section_as_the_lab_has_it(lab):
    assert list(SECTIONS) == [title for title, _ in lab.CAUSES]
    for title, names in lab.CAUSES:
        for row in lab.rows_of(names):
            assert row.works or row.says in SECTIONS[title], title


def test_each_verdict_is_the_lab_faults_own(lab):
    """The class is what the fault is, or what was listed as possible."""
    for title, names in lab.CAUSES:
        row = lab.rows_of(names)[-1]
        stage, endpoint, cls = re.search(
            r"breaks at (\w+) of ([\w-]+): ([\w.]+) \((?:proven|likely|open)\)", SECTIONS[title]).groups()
        assert stage in (row.stage, *row.stages), title
        assert endpoint in (row.endpoint, *row.endpoints), title
        assert row.cls in {cls, *row.also} | set(re.findall(r"\b[a-z0-9]+\.[a-z_0-9]+\b", SECTIONS[title])), title


def test_each_class_is_in_the_list_of_causes():
    causes = (ROOT / "docs" / "causes.md").read_text(encoding="utf-8")
    for cls in re.findall(r"breaks at \w+ of [\w-]+: ([\w.]+) ", PAGE):
        assert cls in causes


def test_each_says_what_to_do_within_a_hundred_columns():
    for title, text in SECTIONS.items():
        assert "\nWhat to do\n" in text, title
        assert max(map(len, text.split("```")[1].splitlines())) <= 100, title


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_of_the_readme_is_there_and_small(scheme):
    path = PICTURES / f"compare-{scheme}.png"
    content = path.read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) < 100_000
    width, height = struct.unpack(">II", content[16:24])
    assert width > 800 and height > 600
    assert f"docs/pictures/compare-{scheme}.png" in (ROOT / "README.md").read_text(encoding="utf-8")
