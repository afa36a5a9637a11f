"""The manual page and the completions: clean, complete, and tried in the shells themselves."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
from pathlib import Path

import machine
import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "manual"
PAGE = FOLDER / "pullprobe.1"
PROBE = ROOT / os.environ.get("PULLPROBE", "build/dev/pullprobe")
VERBS = ("check", "explain", "compare", "push", "inspect", "launch")
# words in capitals that the sources compare with, and that name no variable
VALUES = {"AWS_ECS_FARGATE", "AWS_ECS_EC2"}
VARIABLE = r'"((?:AWS|ECS|PULLPROBE|SSL)_[A-Z0-9_]+|(?:https?|all|no)_proxy|[A-Z]+_PROXY|COLUMNS|NO_COLOR|TERM|DOCKER_CONFIG)"'


def told(*command: object, **options) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=machine.HANG, check=True,
                          **options).stdout  # fmt: skip


def options_of(verb: str) -> dict[str, str]:
    """The options that --help prints, and what follows them."""
    return dict(re.findall(r"^  (--[a-z-]+)(?: (\S+))?", told(PROBE, verb, "--help"), re.M))


# the page ------------------------------------------------------------------------------------


def test_the_page_is_clean_to_mandoc() -> None:
    done = subprocess.run(["mandoc", "-T", "lint", PAGE], capture_output=True, text=True,
                          timeout=machine.HANG, check=False)  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.fixture(scope="module")
def page() -> str:
    done = subprocess.run(["man", "--warnings", "-l", PAGE], capture_output=True, text=True,
                          timeout=machine.HANG, check=True,
                          env=os.environ | {"MANWIDTH": "400", "LC_ALL": "C.UTF-8",
                                            "MANROFFOPT": "-c", "MANPAGER": "cat"})  # fmt: skip
    assert done.stderr == ""
    return re.sub(".\b", "", done.stdout)


def test_man_shows_every_section(page: str) -> None:
    heads = re.findall(r"^[A-Z][A-Z ]+$", page, re.M)
    assert heads == ["NAME", "SYNOPSIS", "DESCRIPTION", "ENVIRONMENT", "FILES", "EXIT STATUS",
                     "EXAMPLES"]  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_the_page_has_the_options_of(verb: str, page: str) -> None:
    part = page.split(f"Options of {verb}\n")[1]
    options = options_of(verb)
    assert options
    for option, argument in options.items():
        assert re.search(rf"^ +{option} ?{re.escape(argument)}", part, re.M), option


def test_the_page_has_every_exit_code(page: str) -> None:
    part = page.split("EXIT STATUS")[1].split("EXAMPLES")[0]
    codes = re.findall(r"^ {5}(\d+) {2,}(\S.*)$", part, re.M)
    readme = re.findall(r"^\| (\d+) \| (\w*) \| (.*) \|$", (ROOT / "README.md").read_text(), re.M)
    assert codes == [(code, f"{stage}: {says}" if stage else says) for code, stage, says in readme]


def test_the_page_has_every_variable_that_the_sources_read(page: str) -> None:
    part = page.split("\nENVIRONMENT\n")[1].split("\nFILES\n")[0]
    read = {name for source in (ROOT / "src").rglob("*.c")
            for name in re.findall(VARIABLE, source.read_text())} - VALUES  # fmt: skip
    assert len(read) > 20
    told_of = re.findall(r"^ {5}([A-Za-z_0-9, ]+)$", part, re.M)
    assert {name for line in told_of for name in line.split(", ")} == read


def test_the_examples_are_commands_that_the_program_takes(page: str) -> None:
    """Each as far as reading its options: an option that is none would be complained of."""
    examples = re.findall(r"^ +pullprobe (.*?[^\\])$", page.split("EXAMPLES")[1], re.M | re.S)
    assert len(examples) == 9
    for example in examples:
        words = example.replace("\\\n", " ").split()
        assert words[0] in VERBS
        assert set(re.findall(r"--[a-z-]+", example)) <= set(options_of(words[0]))


# bash ----------------------------------------------------------------------------------------

BASH = r"""
source "$1"
complete -p pullprobe >/dev/null || exit
shift
COMP_WORDS=(pullprobe "$@")
COMP_CWORD=$(($#))
_pullprobe
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
"""


def by_bash(*words: str, folder: Path | None = None) -> list[str]:
    """What bash's completion proposes for the last of the words."""
    return told("bash", "--norc", "-u", "-c", BASH, "bash", FOLDER / "pullprobe.bash", *words,
                cwd=folder).split("\n")[:-1]  # fmt: skip


def test_bash_proposes_the_verbs() -> None:
    assert by_bash("") == [*VERBS, "--help", "--version"]
    assert by_bash("c") == ["check", "compare"]


@pytest.mark.parametrize("verb", VERBS)
def test_bash_proposes_every_option_of(verb: str) -> None:
    assert set(by_bash(verb, "-")) == {*options_of(verb), "--help"}


@pytest.mark.parametrize(
    ("words", "proposed"),
    [
        (["check", "--form"], ["--format"]),
        (["check", "--stage", "t"], ["tcp", "tls", "token"]),
        (["check", "--stage", "=", "man"], ["manifest"]),
        (["check", "--stage", "="], "dns tcp tls http credentials token manifest layers start".split()),
        (["check", "--format", ""], ["text", "json", "markdown", "junit", "openmetrics"]),
        (["compare", "--format", ""], ["text", "json", "html", "markdown", "junit", "openmetrics"]),
        (["explain", "--stage", "x"], []),
        (["check", "--also", "s"], ["secretsmanager", "ssm", "sts", "ssmmessages"]),
        (["check", "--also", "logs,k"], ["logs,kms"]),
        (["check", "--region", ""], []),
        (["check", "--full", "--timeout", "5", "--fu"], ["--full"]),
        (["check", ""], []),
        (["nothing", "--"], ["--help"]),
    ],
)  # fmt: skip
def test_bash_proposes(words: list[str], proposed: list[str]) -> None:
    assert by_bash(*words) == proposed


@pytest.mark.parametrize("words", [["explain"], ["compare", "a.json"], ["check", "--also-from"],
                                   ["check", "--report"], ["compare", "--output"]])  # fmt: skip
def test_bash_proposes_files(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "one report.json").touch()
    (tmp_path / "other").touch()
    assert sorted(by_bash(*words, "o", folder=tmp_path)) == ["one report.json", "other"]


# zsh -----------------------------------------------------------------------------------------

# A terminal's zsh; our key completes what is typed, writes the line that came of it, and begins anew.
ZSH = r"""
fpath=($FOLDER $fpath)
autoload -Uz compinit
compinit -u -D
unsetopt list_beep
precmd() { print -r -- "prompt $((++prompts))." }
told() {
	zle complete-word
	print -r -- "$BUFFER" >>$TOLD
	BUFFER=
	zle accept-line
}
zle -N told
bindkey '^T' told
"""

TYPED = {
    "pullprobe exp": "pullprobe explain",
    "pullprobe --v": "pullprobe --version",
    "pullprobe check --sta": "pullprobe check --stage",
    "pullprobe check --stage man": "pullprobe check --stage manifest",
    "pullprobe check --also logs,secr": "pullprobe check --also logs,secretsmanager",
    "pullprobe check --format h": "pullprobe check --format h",
    "pullprobe compare --format h": "pullprobe compare --format html",
    "pullprobe explain one": "pullprobe explain one\\ report.json",
    "pullprobe check --also-from one": "pullprobe check --also-from one\\ report.json",
}


def type_all(terminal: int) -> None:
    """Types the next line at each new prompt; at the last, the end."""
    lines = [line.encode() + b"\x14" for line in TYPED] + [b"exit\r"]
    seen = b""
    for number, line in enumerate(lines, 1):
        while b"prompt %d." % number not in seen:
            if not select.select([terminal], [], [], 60)[0]:
                raise AssertionError(f"zsh waits: {seen!r}")
            seen += os.read(terminal, 4096)
        os.write(terminal, line)
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:
        pass  # it has ended


@pytest.fixture(scope="module")
def completed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The lines of an interactive zsh after completion."""
    folder = tmp_path_factory.mktemp("zsh")
    (folder / ".zshrc").write_text(ZSH)
    (folder / "one report.json").touch()
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe("zsh", ["zsh", "-i"],
                   {"ZDOTDIR": str(folder), "FOLDER": str(FOLDER), "TOLD": str(folder / "told"),
                    "TERM": "xterm", "PATH": os.environ["PATH"], "HOME": str(folder)})  # fmt: skip
    try:
        type_all(terminal)
    finally:
        os.close(terminal)
        os.waitpid(child, 0)
    return dict(zip(TYPED, (folder / "told").read_text().splitlines()))


def test_zsh_takes_the_file() -> None:
    told("zsh", "-n", FOLDER / "_pullprobe")


@pytest.mark.parametrize("typed", TYPED)
def test_zsh_completes(typed: str, completed: dict[str, str]) -> None:
    assert completed[typed].rstrip(" ,") == TYPED[typed]


def test_every_option_has_its_row_in_both() -> None:
    for name in ("pullprobe.bash", "_pullprobe"):
        rows = re.findall(r"^(\w+)\t(--[a-z-]+)\t", (FOLDER / name).read_text(), re.M)
        assert rows == [(verb, option) for verb in VERBS for option in options_of(verb)]


# installing ----------------------------------------------------------------------------------


def test_install_puts_each_where_it_is_looked_for(tmp_path: Path) -> None:
    """By a make that takes the program and the licences for built."""
    out, root = tmp_path / "out", tmp_path / "root"
    (out / "licences").mkdir(parents=True)
    (out / "licences" / "pullprobe").write_text("ours")
    shutil.copy(PROBE, out / "pullprobe")
    told("make", "-C", ROOT, "--no-print-directory", "-o", "all", "-o", "licences", "install", f"OUT={out}",
         f"DESTDIR={root}", "PREFIX=/usr")  # fmt: skip
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert found == {"usr/bin/pullprobe", "usr/share/man/man1/pullprobe.1", "usr/share/licenses/pullprobe/pullprobe",
                     "usr/share/bash-completion/completions/pullprobe",
                     "usr/share/zsh/site-functions/_pullprobe"}  # fmt: skip
    assert told(root / "usr/bin/pullprobe", "--version").startswith("pullprobe ")
