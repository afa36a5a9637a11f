"""Scores `pullprobe explain` on real error texts; README.md has the rule."""

import json
import os
import pathlib
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

HERE = pathlib.Path(__file__).parent
PULLPROBE = os.environ.get("PULLPROBE", HERE.parent.parent / "build/dev/pullprobe")
THRESHOLD = 0.97

SAMPLES = [json.loads(line) for line in (HERE / "pull_errors.jsonl").read_text().splitlines()]


def explain(text):
    command = [PULLPROBE, "explain", "--format", "json", "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


def explain_all(texts):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(explain, texts))


@pytest.fixture(scope="module", name="pairs")
def pairs_of_samples_and_answers():
    return list(zip(SAMPLES, explain_all(sample["text"] for sample in SAMPLES)))


def possible(sample):
    return {sample["cause_class"], *sample.get("ambiguous", [])}


def right(sample, answer):
    told = {answer["class"], *answer["alternatives"]}
    if "ambiguous" not in sample:
        return told == {sample["cause_class"]}
    unsure = answer["certainty"] != "proven"
    return sample["cause_class"] in told and told <= possible(sample) and unsure


def confidently_wrong(sample, answer):
    return answer["certainty"] == "proven" and answer["class"] != sample["cause_class"]


def test_real_texts_are_explained_honestly(capsys, pairs):
    wrong = [sample["id"] for sample, answer in pairs if not right(sample, answer)]
    score = len(SAMPLES) - len(wrong)
    with capsys.disabled():
        print(f"\nexplain: {score} of {len(SAMPLES)} texts right; wrong: {wrong or 'none'}")
    assert not [sample["id"] for sample, answer in pairs if confidently_wrong(sample, answer)]
    assert score >= THRESHOLD * len(SAMPLES)


@pytest.mark.parametrize("tenths", [4, 8])
def test_a_cut_text_is_never_sure_of_something_else(tenths):
    cuts = [sample["text"][: len(sample["text"]) * tenths // 10] for sample in SAMPLES]
    for sample, answer in zip(SAMPLES, explain_all(cuts)):
        sure = answer["certainty"] == "proven"
        assert not sure or answer["class"] in possible(sample), sample["id"]


def test_every_answer_is_whole(pairs):
    keys = {"schema", "class", "certainty", "alternatives", "stage", "endpoint", "says", "decide"}
    for sample, answer in pairs:
        assert set(answer) == keys | {"fix", "confirm", "next"}
        assert answer["schema"] == "pullprobe.explain.v1"
        assert answer["says"] and answer["fix"] and answer["confirm"]
        assert bool(answer["decide"]) == (answer["certainty"] != "proven"), sample["id"]
        assert answer["class"] not in answer["alternatives"]
        assert answer["next"].startswith("pullprobe check ")
