"""Rooflines by hand, and device files that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.errors import SpecError
from cnncalc.spec.devices import DTYPES, load_device, read_device, shipped_devices
from tests.zoo.shipped import network

GOOD = "name: toy\nsource: made up\npeak: {float32: 1e9, float16: 2_000_000_000}\nbandwidth: 1e8\n"


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    path = tmp_path / "toy.yaml"
    path.write_text(GOOD, "utf-8")
    return path


def test_by_hand(toy: Path) -> None:
    """A 1x1 convolution 8 -> 16 on 10x10, then a ReLU, on 1 Gop/s and 100 MB/s, in 4 bytes."""
    net = cnncalc.loads("input: 8x10x10\nlayers: [pointwise: 16, flatten, relu]")
    roofline = net.roofline(toy, batch=2)
    conv, flat, relu = roofline.rows
    assert (conv.input_bytes, conv.weight_bytes, conv.output_bytes) == (4 * 2 * 800, 4 * 144, 4 * 2 * 1600)
    assert conv.flops == 2 * 2 * 8 * 16 * 100
    assert conv.bytes == 19776
    assert conv.seconds == pytest.approx(19776 / 1e8)
    assert (conv.bound, flat.bound, relu.bound) == ("bandwidth", "", "bandwidth")
    assert (flat.bytes, flat.intensity, relu.flops) == (0, 0, 0)
    assert roofline.seconds == pytest.approx((19776 + 2 * 4 * 2 * 1600) / 1e8)
    # fused: the image in, the result out, the weights once
    assert roofline.least == pytest.approx(19776 / 1e8)
    assert roofline.ridge == 10


def test_compute_limits_where_intensity_is_high(toy: Path) -> None:
    net = cnncalc.loads("input: 64x20x20\nlayers: [conv: {filters: 64, kernel: 3, padding: 1}]")
    row = net.roofline(toy).rows[0]
    assert row.bound == "compute"
    assert row.intensity > 10
    assert row.seconds == pytest.approx(row.flops / 1e9)
    half = net.roofline(toy, dtype="float16").rows[0]
    assert half.bytes * 2 == row.bytes
    assert half.seconds == pytest.approx(row.flops / 2e9)


def test_embeddings_read_the_vectors_they_look_up(toy: Path) -> None:
    row = cnncalc.loads("input: 1x5\nlayers: [embedding: {vocab: 1000, dim: 3}]").roofline(toy).rows[0]
    assert (row.input_bytes, row.weight_bytes, row.output_bytes) == (4 * (5 + 15), 0, 4 * 15)


@pytest.mark.parametrize("name", shipped_devices())
def test_shipped_devices(name: str) -> None:
    device = load_device(name)
    assert device.source
    assert set(device.peak) <= set(DTYPES)
    roofline = network("resnet50").roofline(name)
    assert 0 < roofline.least <= roofline.seconds
    assert sum(roofline.bound_seconds.values()) == pytest.approx(roofline.seconds)
    text = shipped_devices()[name].read_text("utf-8")
    assert "Source: " in text


def test_the_json_object() -> None:
    found = network("lenet5").roofline("t4").to_dict()
    assert found["schema"] == "cnncalc.roofline/1"
    assert found["totals"]["bytes"] == sum(
        layer["input_bytes"] + layer["weight_bytes"] + layer["output_bytes"] for layer in found["layers"]
    )
    assert "a lower bound" in str(network("lenet5").roofline("t4"))


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "E110", 1),
        ("# nothing", "E110", 1),
        ("- a", "E602", 1),
        ("name: x\nsource: y\npeak: {float32: 1e9}", "E602", 1),
        ("source: y\npeak: {float32: 1e9}\nbandwidth: 1", "E602", 1),
        (GOOD + "ram: 4", "E603", 5),
        (GOOD.replace("float16", "fp16"), "E603", 3),
        (GOOD.replace("1e9", "1 TFLOPS"), "E604", 3),
        (GOOD.replace("1e9", "[1]"), "E604", 3),
        (GOOD.replace("1e8", "-1"), "E604", 4),
        (GOOD.replace("1e8", "0"), "E604", 4),
        (GOOD.replace("1e8", "inf"), "E604", 4),
        (GOOD.replace("1e8", "900 GB/s"), "E604", 4),
        (GOOD + "memory: 16 GigaByte", "E604", 5),
        ("name: x\nsource: y\npeak: 5\nbandwidth: 1", "E604", 3),
        ("name: x\nsource:\npeak: {float32: 1}\nbandwidth: 1", "E604", 2),
        (GOOD + "name: again", "E102", 5),
        ("name: [", "E101", None),
    ],
)
def test_wrong_device_files(text: str, code: str, line: int | None) -> None:
    with pytest.raises(SpecError) as caught:
        read_device(text, "device.yaml")
    diagnostic = caught.value.diagnostics[0]
    assert diagnostic.code == code
    assert diagnostic.span is not None
    assert diagnostic.span.file == "device.yaml"
    assert line is None or diagnostic.span.line == line
    assert diagnostic.help


def test_no_such_device(tmp_path: Path) -> None:
    for name in ("v10", "nothing-like-it", str(tmp_path), str(tmp_path / "none.yaml"), "\0"):
        with pytest.raises(SpecError) as caught:
            load_device(name)
        assert caught.value.diagnostics[0].code == "E601"
        assert caught.value.diagnostics[0].help
    large = tmp_path / "large.yaml"
    large.write_text("#" * 100_000, "utf-8")
    with pytest.raises(SpecError, match="too large"):
        load_device(large)


@pytest.mark.parametrize(
    ("options", "message"),
    [({"batch": 0}, "at least 1"), ({"dtype": "fp32"}, "dtype must be"), ({"dtype": "int8"}, "states no peak")],
)
def test_wrong_options(toy: Path, options: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        network("lenet5").roofline(toy, **options)  # type: ignore[arg-type]
