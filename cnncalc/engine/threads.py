"""Work spread over threads: numpy lets other threads run while it computes.

Each thread makes matrix products of its own, so BLAS itself is kept to one thread (`cnncalc.engine` sees
to that where numpy is not loaded yet): its threads wait for each other by spinning, which costs far more
than it gains when the machine is busy or matrices are small.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import numpy as np

T = TypeVar("T")
WORTHWHILE = 2_000_000
"""Multiplications below which handing work to a thread takes longer than doing it."""


@cache
def count() -> int:
    """How many threads to use: OMP_NUM_THREADS, or as many as there are processors for this process."""
    given = os.environ.get("OMP_NUM_THREADS", "")
    if given.isdecimal() and int(given):
        return int(given)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, count() - 1), thread_name_prefix="cnncalc")


def spread(function: Callable[[T], int], items: Iterable[T]) -> int:
    """The sum of what `function` gives for the items, which several threads take in turns."""
    queue = list(items)
    helpers = min(count(), len(queue)) - 1
    queue.reverse()
    errors = np.geterr()

    def work() -> int:
        total = 0
        with np.errstate(**errors):  # what numpy says of overflow is a setting of each thread
            while True:
                try:
                    item = queue.pop()
                except IndexError:
                    return total
                total += function(item)

    running = [_pool().submit(work) for _ in range(helpers)]
    return work() + sum(helper.result() for helper in running)
