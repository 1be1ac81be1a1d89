"""`cnncalc run`: what it prints and writes, and what is said of bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import cnncalc
from cnncalc.cli.app import run
from cnncalc.engine.execute import execute
from cnncalc.engine.inputs import make_inputs
from cnncalc.engine.weights import Weights
from tests.engine.conftest import blocks

Capture = pytest.CaptureFixture[str]


def savez(name: str, **arrays: Any) -> None:
    np.savez(name, **arrays)


def fails(capsys: Capture, status: int, says: str, *arguments: str) -> None:
    """The command ends with a status and one line that says why, and leaves no new file behind."""
    before = set(Path().iterdir())
    assert run(list(arguments)) == status
    out, err = capsys.readouterr()
    assert len(err.splitlines()) == 1 and says in err, err
    assert not out and set(Path().iterdir()) == before


def test_json_has_every_layer(here: Path, capsys: Capture) -> None:
    assert run(["run", "small.yaml", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    summary = cnncalc.load("small.yaml").summary().to_dict()
    assert [(row["name"], row["output_shape"]) for row in report["layers"]] == [
        (row["name"], row["output_shape"]) for row in summary["layers"]
    ]
    assert report["multiplications"] == summary["totals"]["macs"]
    assert report["peak_bytes"] == summary["totals"]["memory"]["peak_inference_bytes"]
    assert sum(value for _, value in report["top"][0]["values"]) == pytest.approx(1)


def test_weights_are_the_same_every_time_and_survive_a_file(here: Path) -> None:
    for name in ("one", "two"):
        assert run(["run", "small.yaml", "--save-output", f"{name}.npy", "--save-weights", f"{name}.npz"]) == 0
    assert run(["run", "small.yaml", "--seed", "7", "-w", "one.npz", "--save-output", "three.npy"]) == 0
    assert run(["run", "small.yaml", "--seed", "7", "--save-output", "other.npy"]) == 0
    one, two, three, other = (np.load(f"{name}.npy") for name in ("one", "two", "three", "other"))
    assert np.array_equal(one, two) and np.array_equal(one, three) and not np.array_equal(one, other)
    assert Path("one.npz").read_bytes() == Path("two.npz").read_bytes() or dict(np.load("one.npz"))


def test_maps_are_drawn(here: Path) -> None:
    assert run(["run", "lenet5", "--image", "picture.png", "--save-maps", "maps.png"]) == 0
    with Image.open("maps.png") as image:
        assert image.width > 500 and image.height > 300


def test_kinds_of_pictures_agree(here: Path) -> None:
    grey = blocks().astype(np.uint8)
    Image.fromarray(grey.astype(np.uint16) * 257).save("deep.png")
    Image.fromarray(grey).convert("P").save("palette.png")
    Image.fromarray(np.stack([grey, grey, grey, grey], -1)).save("alpha.png")
    net = cnncalc.load("lenet5")
    wanted = make_inputs(net.graph, {"": "picture.png"})["input"]
    assert wanted.shape == (1, 1, 32, 32)
    for name in ("deep", "palette", "alpha"):
        got = make_inputs(net.graph, {"": f"{name}.png"})["input"]
        assert np.abs(got - wanted).max() < 0.01, name


def test_in_place_changes_nothing() -> None:
    text = "input: 3x16x16\nlayers: [{conv: {filters: 4, kernel: 3}}, batchnorm, {name: a}, relu, "
    text += "{add: [here, a]}, identity, {add: {x: [relu], y: [tanh]}}, relu6, flatten, {fc: 3}]"
    graph = cnncalc.loads(text).graph
    weights = Weights(graph, dtype="float64")
    inputs = make_inputs(graph, {}, dtype="float64")
    kept = inputs["input"].copy()
    one, two = (execute(graph, inputs, weights, in_place=flag).outputs["fc"] for flag in (True, False))
    assert np.array_equal(one, two) and np.array_equal(inputs["input"], kept)


def test_training_uses_the_batch(here: Path, capsys: Capture) -> None:
    Path("norm.yaml").write_text("input: 2x8x8\nlayers: [batchnorm: {affine: false}]\n")
    assert run(["run", "norm.yaml", "--training", "--batch", "4", "--format", "json"]) == 0
    values = json.loads(capsys.readouterr().out)["layers"][0]["statistics"]
    assert abs(values["mean"]) < 1e-6 and abs(values["deviation"] - 1) < 1e-4


def test_bad_pictures(here: Path, capsys: Capture) -> None:
    Path("half.png").write_bytes(Path("picture.png").read_bytes()[:2000])
    Path("text.png").write_text("not a picture")
    fails(capsys, 2, "half.png is no whole picture: it is truncated", "run", "lenet5", "--image", "half.png")
    fails(capsys, 2, "text.png is no picture", "run", "lenet5", "--image", "text.png")
    fails(capsys, 2, "there is no file none.png", "run", "lenet5", "--image", "none.png")
    fails(capsys, 2, "a picture has 1, 3 or 4 channels", "run", "small.yaml", "--image", "picture.png")


def test_bad_arrays(here: Path, capsys: Capture) -> None:
    np.save("pickle.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.save("last.npy", np.zeros((32, 32, 1)))
    np.save("word.npy", np.array(["a"]))
    Path("short.npy").write_bytes(Path("last.npy").read_bytes()[:300])
    fails(capsys, 2, "pickled Python objects", "run", "lenet5", "-d", "pickle.npy")
    fails(capsys, 2, "put the channels first", "run", "lenet5", "-d", "last.npy")
    fails(capsys, 2, "where real numbers are needed", "run", "lenet5", "-d", "word.npy")
    fails(capsys, 2, "no whole .npy file: it is truncated", "run", "lenet5", "-d", "short.npy")
    fails(capsys, 2, "did you mean 'ones'?", "run", "lenet5", "-d", "onse")


def test_bad_weights(here: Path, capsys: Capture) -> None:
    savez("wide.npz", **{"c1.weight": np.zeros((6, 2, 5, 5))})
    savez("complex.npz", **{"c1.weight": np.zeros((6, 1, 5, 5), complex)})
    savez("unknown.npz", **{"c9.weight": np.zeros(1)})
    savez("pickle.npz", **{"c1.weight": np.array([{}], dtype=object)})
    fails(capsys, 2, "has shape 6x2x5x5, but the layer needs 6x1x5x5", "run", "lenet5", "-w", "wide.npz")
    fails(capsys, 2, "where real numbers are needed", "run", "lenet5", "-w", "complex.npz")
    fails(capsys, 2, "did you mean", "run", "lenet5", "-w", "unknown.npz")
    fails(capsys, 2, "pickled Python objects", "run", "lenet5", "-w", "pickle.npz")
    fails(capsys, 2, "say which tensor it is", "run", "lenet5", "-w", "some.npy")


def test_nan_is_traced_to_its_layer(here: Path, capsys: Capture) -> None:
    np.save("nan.npy", np.full((16, 6, 5, 5), np.nan))
    assert run(["run", "lenet5", "-w", "c3.weight=nan.npy"]) == 1
    err = capsys.readouterr().err
    assert "c3 is the first layer to give NaN: its weight holds 2400 values that are not finite" in err


def test_outputs_that_cannot_be_written(here: Path, capsys: Capture) -> None:
    fails(capsys, 2, "no folder nowhere", "run", "lenet5", "--save-maps", "nowhere/maps.png")
    fails(capsys, 2, "end it in .png", "run", "lenet5", "--save-maps", "maps.xyz")
    fails(capsys, 2, "picture.png exists; add --force", "run", "lenet5", "--save-maps", "picture.png")


def test_a_full_disk_leaves_nothing(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpy.lib.format.write_array", full)
    before = set(here.iterdir())
    assert run(["run", "lenet5", "--save-weights", "w.npz"]) == 2
    assert "w.npz cannot be written: no space left on device" in capsys.readouterr().err
    assert set(here.iterdir()) == before


def test_the_guard(here: Path, capsys: Capture) -> None:
    fails(capsys, 4, "MiB, and --memory-limit is 100.0 MiB", "run", "vgg16", "--memory-limit", "100MiB")
    fails(capsys, 4, "GiB, and 80% of the free memory is", "run", "vgg16", "-i", "3x100000x100000")
    fails(capsys, 2, "no amount of memory", "run", "lenet5", "--memory-limit", "much")


@pytest.mark.parametrize(("module", "name"), [("numpy", "numpy"), ("PIL", "pillow")])
def test_missing_parts_are_named(module: str, name: str, here: Path) -> None:
    code = f"import sys; sys.modules[{module!r}] = None\nfrom cnncalc.cli.app import run\n"
    code += "sys.exit(run(['run', 'lenet5', '--image', 'picture.png']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert done.stderr == f"cnncalc: error: this needs {name}: pip install 'cnncalc[run]'\n"
