"""`verify` agrees where the analysis is right, and notices each kind of formula being broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from cnncalc.analysis import memory
from cnncalc.cli.app import run
from cnncalc.engine import kernels_norm
from cnncalc.engine.reports import Verification
from cnncalc.engine.shrink import shrunk
from cnncalc.engine.verify import verify
from cnncalc.formula import Formula
from tests.engine.conftest import SMALL

QUICK = ["lenet5", "digit_net", "autoencoder", "espcn", "srcnn", "tcn", "textcnn", "unetpp", "shufflenet_v2_x1_0"]
QUICK += ["dcgan_generator", "squeezenet1_0", "mobilenet_v2"]


def failed(result: Verification) -> set[str]:
    return {claim.subject for claim in result.claims if claim.holds is False}


PLAIN = "input: 1x16x16\nlayers: [{conv: {filters: 3, kernel: 3}}, relu, flatten, {fc: 4}]"
"""For formulas whose change the larger network would refuse to be loaded with."""


def small() -> cnncalc.Network:
    return cnncalc.loads(SMALL)


def test_everything_holds() -> None:
    result = verify(small())
    assert not failed(result)
    assert all(claim.holds for claim in result.claims)


@pytest.mark.parametrize("name", QUICK)
def test_shipped(name: str) -> None:
    network = shrunk(cnncalc.load(name), lambda shape: cnncalc.load(name, input=shape))
    assert not failed(verify(network))


Break = Callable[[pytest.MonkeyPatch], Any]


def method(target: str, change: Callable[[Any], Any]) -> Break:
    """Change what a method or function gives."""

    def apply(patch: pytest.MonkeyPatch) -> None:
        module, owner, name = target.rsplit(".", 2)
        import importlib

        holder = importlib.import_module(module)
        holder = getattr(holder, owner)
        usual = getattr(holder, name)
        patch.setattr(holder, name, lambda *given, **named: change(usual(*given, **named)))

    return apply


def formula(target: str, text: str) -> Break:
    """Another text for a formula."""
    return lambda patch: patch.setattr(target, Formula("out", text))


def wider_window(windows: Any) -> Any:
    return tuple(window._replace(dilation=window.dilation + 1) for window in windows)


def longer_reach(reach: Any) -> Any:
    return tuple(one and one._replace(last=one.last + 1) for one in reach)


LONGER = "floor((n + p0 + p1 - d*(f - 1) - 1) / s) + 2"
WIDER = lambda w: w | {"weight": (w["weight"][0], 1 + w["weight"][1], 3, 3)}  # noqa: E731
BREAKS: dict[str, tuple[Break, str]] = {
    "output size": (
        formula("cnncalc.layers.window.OUT", LONGER),
        "output shapes",
    ),
    "rounding up": (formula("cnncalc.layers.window.OUT_CEIL", "ceil((n + p0 + p1 - f) / s)"), "output shapes"),
    "same padding": (formula("cnncalc.layers.window.SAME_TOTAL", "d*(f - 1) + 4 + 0*n*s"), "output shapes"),
    "transposed": (formula("cnncalc.layers.window.TRANSPOSED", "n*s - p0 - p1 + d*(f - 1) + 1 + o"), "output shapes"),
    "positions": (method("cnncalc.layers.conv.Conv.positions", lambda n: n + 1), "multiplications"),
    "transposed positions": (method("cnncalc.layers.conv.ConvTranspose.positions", lambda n: 4 * n), "multiplications"),
    "weights": (
        method(
            "cnncalc.layers.conv.Conv.weights", lambda w: w | {"weight": (w["weight"][0], 1 + w["weight"][1], 3, 3)}
        ),
        "weights",
    ),
    "bias": (method("cnncalc.layers.dense.FullyConnected.weights", lambda w: w | {"bias": (7,)}), "weights"),
    "windows": (method("cnncalc.layers.conv.Conv.windows", wider_window), "receptive fields"),
    "pool reach": (method("cnncalc.layers.pool.MaxPool.reach", longer_reach), "receptive fields"),
    "transposed reach": (method("cnncalc.layers.conv.ConvTranspose.reach", longer_reach), "receptive fields"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_formula_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking, subject = BREAKS[name]
    breaking(monkeypatch)
    assert subject in failed(verify(cnncalc.loads(PLAIN) if name == "output size" else small()))


def test_broken_totals_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = memory.inference_memory

    def forgetful(*given: Any) -> Any:
        found = usual(*given)
        return found._replace(peak_inference_bytes=found.peak_inference_bytes - 8)

    monkeypatch.setattr("cnncalc.analysis.summary.inference_memory", forgetful)
    assert failed(verify(small())) == {"peak memory"}


def test_broken_folding_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = kernels_norm.scale_and_shift
    wrong = "cnncalc.engine.folding.scale_and_shift"
    monkeypatch.setattr(wrong, lambda weights, eps: usual(weights, eps + 1e-3))
    assert failed(verify(small())) == {"batch-norm folding"}


def test_a_kernel_that_is_not_linear_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnncalc.engine import kernels

    usual = kernels.kernels()["conv"]

    def bent(*given: Any) -> Any:
        result = usual(*given)
        return result + 0.1 * result**2

    def leaning(*given: Any) -> Any:
        import numpy as np

        result = usual(*given)
        return result * np.arange(1, 1 + result.shape[-1])

    monkeypatch.setitem(kernels._KERNELS, "conv", bent)
    assert "linearity" in failed(verify(small()))
    monkeypatch.setitem(kernels._KERNELS, "conv", leaning)
    assert "shift" in failed(verify(small()))


def test_the_command(here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["verify", "small.yaml"]) == 0
    out = capsys.readouterr().out
    assert "8 claims hold." in out and "FAIL" not in out
    assert run(["verify", "small.yaml", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["holds"] is True
    formula("cnncalc.layers.window.SAME_TOTAL", "d*(f - 1) + 4 + 0*n*s")(monkeypatch)
    assert run(["verify", "small.yaml"]) == 1
    assert "FAIL" in capsys.readouterr().out


def test_a_preset_by_its_bare_name_is_made_smaller(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "resnet18", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["reduced"] and report["inputs"] == {"input": [3, 64, 64]}
