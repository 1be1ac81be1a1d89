"""The comparison of the two engines finds what differs, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

import cnncalc
from cnncalc.engine import kernels
from cnncalc.engine.agreement import disagreements


@pytest.mark.parametrize("spec", ["lenet5", "textcnn", "cifar_resnet20"])
def test_the_engines_agree(spec: str) -> None:
    count, wrong = disagreements(cnncalc.load(spec).graph)
    assert count > 10 and not wrong


def test_a_broken_kernel_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = kernels.kernels()["tanh"]
    monkeypatch.setitem(kernels._KERNELS, "tanh", lambda *call: np.asarray(right(*call) * np.float32(1.001)))
    _, wrong = disagreements(cnncalc.load("lenet5").graph)
    assert wrong[0].startswith("tanh1 differs by 0.001")
