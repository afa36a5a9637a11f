"""Out of memory, out of descriptors, out of buffers: at every call in turn, once and for good."""

from __future__ import annotations

import pytest
from fault_injection import is_one_line, run, wrong

# a check makes some 500 calls of mmap, 30 of socket, 300 of recvfrom, 60 of sendto
MAPS = (1, 2, 4, 9, 30, 110, 330, 440, 462, 480)  # test_memory.py has all allocations


@pytest.mark.parametrize("number", MAPS)
def test_out_of_memory_is_one_line(lab, number: int) -> None:
    done = run(lab, inject=f"mmap,brk:error=ENOMEM:when={number}+")
    assert is_one_line(done) or not wrong(done), wrong(done)


@pytest.mark.parametrize("number", [*range(1, 8), *range(8, 30, 3)])
def test_no_sockets_any_more(lab, number: int) -> None:
    done = run(lab, inject=f"socket:error=EMFILE:when={number}+")
    assert not wrong(done), wrong(done)
    if number >= 3 and not is_one_line(done):
        assert done.code in (0, 3)


ONCE = {
    "socket:error=EMFILE": (4, 11, 18, 20, 22, 23, 25),
    "open:error=EMFILE": (1, 2, 3, 4),
    "open:error=ENFILE": (1, 2),
    "connect:error=ENOBUFS": (3, 9, 10, 15, 17, 19, 22),
    "sendmsg:error=ENOBUFS": (1, 3, 5),
    "sendto:error=ENOBUFS": (2, 5, 9, 13, 17, 21, 25, 40, 55),
    "recvfrom:error=ENOMEM": (5, 20, 40, 60, 80, 120, 200),
    "getsockopt:error=ENOBUFS": (1, 4),
    "setsockopt:error=ENOMEM": (1, 9),
    "poll:error=ENOMEM": (1,),  # ours; docs/reliability.md says what libcurl makes of its own
}


@pytest.mark.parametrize("fault,number", [(fault, number) for fault, numbers in ONCE.items()
                                          for number in numbers])  # fmt: skip
def test_a_call_without_means_proves_nothing(lab, fault: str, number: int) -> None:
    done = run(lab, inject=f"{fault}:when={number}")
    assert not wrong(done), wrong(done)


@pytest.mark.parametrize("limit", range(3, 18))
def test_few_descriptors(lab, limit: int) -> None:
    done = run(lab, before=("sh", "-c", f'ulimit -n {limit}; exec "$@"', "sh"))
    assert not wrong(done), wrong(done)


@pytest.mark.parametrize("megabytes", [5, 6, 8, 10, 12, 16])
def test_a_small_address_space(lab, megabytes: int) -> None:
    done = run(lab, before=("sh", "-c", f'ulimit -v {megabytes * 1024}; exec "$@"', "sh"))
    assert not wrong(done) or "Killed" in done.err, wrong(done)
