"""What is not exported, and how that is said; and the command."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

import cnncalc
from cnncalc.engine.files import write_arrays
from cnncalc.engine.weights import Weights
from cnncalc.errors import DataError, LimitError
from cnncalc.export import onnx_steps
from cnncalc.export.onnx import build, check
from cnncalc.layers import registry
from tests.cli.running import Runner


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Runner:
    return Runner(capsys)


def test_every_layer_is_written() -> None:
    assert set(onnx_steps.writers()) == set(registry())


def test_layers_without_a_form_are_named(run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    onnx_steps.writers()
    monkeypatch.delitem(onnx_steps._WRITERS, "tanh")
    done = run("export", "lenet5", "-o", str(tmp_path / "net.onnx"))
    assert done.code == 2 and "tanh1 (tanh), tanh2 (tanh)" in done.err
    assert not list(tmp_path.iterdir())


def test_more_weights_than_a_file_holds() -> None:
    graph = cnncalc.loads("input: 20000\nlayers: [fc: 30000]").graph
    with pytest.raises(LimitError, match=r"at most 2 GiB, and the weights take 2\.2 GiB"):
        build(graph, Weights(graph), name="large")


def test_a_shape_that_is_not_ours_is_an_error() -> None:
    graph = cnncalc.load("lenet5").graph
    model = build(graph, Weights(graph), name="lenet")
    for node in model.proto.graph.node:
        if node.op_type == "Conv":
            next(a for a in node.attribute if a.name == "strides").ints[:] = [2, 2]
            break
    with pytest.raises(DataError, match=r"refuses|infers"):
        check(model.proto, graph, model.tensors)


def test_the_command(run: Runner, tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    done = run("export", "lenet5", "--to", "onnx", "-o", str(path), "--opset", "17", "--format", "json")
    assert done.code == 0 and done.json["opset"] == 17 and done.json["outputs"] == {"fc": [10]}
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert model.opset_import[0].version == 17 and model.producer_name == "cnncalc"
    assert path.stat().st_size == done.json["bytes"]
    before = path.read_bytes()
    done = run("export", "lenet5", "-o", str(path), "--seed", "1")
    assert done.code == 2 and "--force" in done.err and path.read_bytes() == before
    done = run("export", "lenet5", "-o", str(path), "--seed", "1", "--force")
    assert done.code == 0 and "opset 18" in done.out and path.read_bytes() != before
    assert list(tmp_path.iterdir()) == [path]


def test_weights_from_a_file(run: Runner, tmp_path: Path) -> None:
    spec, archive, path = tmp_path / "s.yaml", tmp_path / "w.npz", tmp_path / "s.onnx"
    spec.write_text("input: 1x4x4\nlayers: [conv: {filters: 1, kernel: 2}]")
    weight = np.arange(4, dtype=np.float32).reshape(1, 1, 2, 2)
    write_arrays(archive, {"conv.weight": weight})
    assert run("export", str(spec), "--weights", str(archive), "-o", str(path)).code == 0
    stored = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in onnx.load(path).graph.initializer}
    assert np.array_equal(stored["conv.weight"], weight)
    write_arrays(archive, {"conv.weight": weight[:, :, :1]}, force=True)
    done = run("export", str(spec), "--weights", str(archive), "-o", str(path), "--force")
    assert done.code == 2 and "conv.weight has shape 1x1x1x2" in done.err


@pytest.mark.parametrize("arguments", [["--opset", "12"], ["--opset", "99"], ["--dtype", "int8"]])
def test_options_that_cannot_be(run: Runner, tmp_path: Path, arguments: list[str]) -> None:
    done = run("export", "lenet5", "-o", str(tmp_path / "n.onnx"), *arguments)
    assert done.code == 2 and len(done.err.splitlines()) == 1 and not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", [["export", "lenet5"], ["run", "lenet5", "--engine", "onnxruntime"]])
@pytest.mark.parametrize("missing", ["onnx", "onnxruntime"])
def test_without_the_packages(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], missing: str
) -> None:
    original = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == missing and not (rest and len(rest) > 3 and rest[3]):
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return original(name, *rest, **named)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(builtins, "__import__", without)
    done = run(*command)
    if missing == "onnxruntime" and command[0] == "export":
        assert done.code == 0
        return
    assert done.code == 4 and done.err == f"cnncalc: error: this needs {missing}: pip install 'cnncalc[onnx]'\n"
    assert not list(tmp_path.iterdir())


def test_the_runtime_as_engine(run: Runner) -> None:
    mine = run("run", "lenet5", "--format", "json").json
    theirs = run("run", "lenet5", "--engine", "onnxruntime", "--format", "json").json
    assert [layer["name"] for layer in mine["layers"]] == [layer["name"] for layer in theirs["layers"]]
    for one, other in zip(mine["layers"], theirs["layers"], strict=True):
        assert one["statistics"]["mean"] == pytest.approx(other["statistics"]["mean"], abs=1e-5)
    assert theirs["peak_bytes"] is None
    done = run("run", "lenet5", "--engine", "onnxruntime", "--training")
    assert done.code == 2 and "--engine numpy" in done.err


def test_claims_held_against_the_runtime(run: Runner) -> None:
    done = run("verify", "lenet5", "--engine", "onnxruntime")
    assert done.code == 0 and "12 agree, in float32" in done.out
    assert "ONNX Runtime" not in run("verify", "lenet5").out
