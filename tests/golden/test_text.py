"""What is printed for a person fits the terminal, and what is to be copied still means the same. That
every golden case fits is tests/unit/cases_test.c's, which is quicker at it."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shlex
import struct
import subprocess
import termios

import machine
import pytest
from cases import CASES
from probe import PROBE, explained, path_of

RULES = sorted(CASES)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
QUOTED = ["CannotPullContainerError: ref pull has been retried 5 time(s): failed to copy: httpReadSeeker: "
          "failed open: failed to do request: Get "
          '"https://prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com/": '
          "dial tcp 52.216.0.10:443: i/o timeout", "22", "no words that anybody knows"]  # fmt: skip


def printed(width: int, *arguments: str) -> str:
    done = subprocess.run([PROBE, *arguments], capture_output=True, check=True, text=True, timeout=machine.HANG,
                          env={"COLUMNS": str(width)})  # fmt: skip
    return done.stdout


def on_terminal(width: int, *arguments: str, **environment: str) -> str:
    """What a terminal of that width gets."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    process = subprocess.Popen([PROBE, *arguments], stdout=slave, env={"TERM": "xterm", **environment})
    os.close(slave)
    got = b""
    try:
        while part := os.read(master, 65536):
            got += part
    except OSError:
        pass  # the other end is closed
    os.close(master)
    assert process.wait(timeout=machine.HANG) == 0
    return got.decode().replace("\r\n", "\n")


def check_width(text: str, width: int) -> None:
    for line in text.splitlines():
        word = line.strip().removesuffix(" \\")
        # a word of a command or a statement cannot be cut
        assert len(line) <= width or " " not in word and "," not in word, line
        assert line == line.rstrip() and line.isprintable()


@pytest.mark.parametrize("width", [80, 120])
def test_usage_error_texts_and_comparisons_fit(width):
    few = [path_of(rule) for rule in RULES[::27]]
    for arguments in (["--help"], ["check", "--help"], ["explain", "--help"], ["compare", "--help"],
                      *(["explain", text] for text in QUOTED),
                      ["compare", *few[:2]], ["compare", *few]):  # fmt: skip
        check_width(printed(width, *arguments), width)


def read_by_a_shell(text: str) -> list[str]:
    """The words of a command; white space in a query means nothing."""
    return [re.sub(r"\s+", "", word) for word in shlex.split(text.replace("\\\n", " "))]


def blocks(lines: list[str]) -> list[str]:
    """The lines, those together that a backslash or a comma joins."""
    joined = [""]
    for line in lines:
        joined[-1] += line
        if line.endswith((" \\", ",")):
            joined[-1] += "\n"
        else:
            joined.append("")
    return [block.strip() for block in joined]


@pytest.mark.parametrize("rule", RULES[::16])
def test_what_is_to_be_copied_stays_what_it_is(rule):
    """Commands and policy statements, broken at 80 columns, are those of the JSON report."""
    found = blocks(printed(80, "explain", path_of(rule)).splitlines())
    commands = [read_by_a_shell(block) for block in found if block.startswith(("aws ", "openssl ", "curl "))]
    for finding in explained(path_of(rule))["findings"]:
        for command in finding["confirm"]:
            if command.startswith(("aws ", "openssl ", "curl ")):
                assert read_by_a_shell(command) in commands, command
        for statement in re.findall(r"\{\".*\}", " ".join(finding["fix"])):
            assert json.loads(statement) in [json.loads(block) for block in found if block.startswith('{"')]


def test_colour_adds_no_words():
    for rule in RULES[::60]:
        path = path_of(rule)
        for width in (80, 120):
            plain = printed(width, "explain", path)
            coloured = on_terminal(width, "explain", path)
            assert "\x1b[" in coloured and ESCAPE.sub("", coloured) == plain
            assert on_terminal(width, "explain", path, NO_COLOR="1") == plain
    paths = [path_of(rule) for rule in RULES[:3]]
    plain = printed(80, "compare", *paths)
    coloured = on_terminal(80, "compare", *paths)
    assert "\x1b[" in coloured and ESCAPE.sub("", coloured) == plain
    assert on_terminal(120, "compare", *paths, COLUMNS="80", TERM="dumb") == plain


def test_a_skipped_step_does_not_repeat_the_host_that_stands_above():
    text = printed(80, "explain", path_of("tcp-s3-no-route"))
    assert re.search(r"^  skip  tls +tcp failed: timeout$", text, re.MULTILINE)
