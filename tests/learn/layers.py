"""A small network around every kind of layer, for tests that must cover them all."""

from __future__ import annotations

IMAGE, SEQUENCE, VECTOR, PAIR = "8x12x12", "4x20", "24", "{a: 8x6x6, b: 8x6x6}"

CASES: dict[str, list[tuple[str, str]]] = {
    "conv": [
        (IMAGE, "{filters: 6, kernel: 5, padding: 2, stride: 3}"),
        (IMAGE, "{filters: 8, kernel: 1x3, padding: same, groups: 4, bias: false}"),
        (IMAGE, "{filters: 3, kernel: 3, dilation: 2, padding: [[1, 0], [0, 2]]}"),
        (SEQUENCE, "{filters: 3, kernel: 3, padding: causal, dilation: 2}"),
        ("2x8x9x10", "{filters: 3, kernel: 3, stride: 2}"),
    ],
    "depthwise": [(IMAGE, "{kernel: 3, multiplier: 2}"), (IMAGE, "{kernel: 3, padding: same, stride: 2}")],
    "pointwise": [(IMAGE, "16"), (IMAGE, "{filters: 16, groups: 2, stride: 2}")],
    "conv_transpose": [
        (IMAGE, "{filters: 4, kernel: 4, stride: 2, padding: 1}"),
        (IMAGE, "{filters: 4, kernel: 3, stride: 2, padding: same, groups: 2}"),
        (SEQUENCE, "{filters: 4, kernel: 3, stride: 2, output_padding: 1, dilation: 2, bias: false}"),
    ],
    "locally_connected": [
        (IMAGE, "{filters: 4, kernel: 3, stride: 2}"),
        (IMAGE, "{filters: 4, kernel: 3, bias: false}"),
    ],
    "fc": [(VECTOR, "10"), (IMAGE, "{units: 4, axis: channels}"), (SEQUENCE, "{units: 4, axis: last, bias: false}")],
    "embedding": [("1x7", "{vocab: 100, dim: 8}")],
    "maxpool": [(IMAGE, "2"), (IMAGE, "{kernel: 3, stride: 2, rounding: ceil}"), ("1x7x9", "{kernel: 2, stride: 3}")],
    "avgpool": [(IMAGE, "{kernel: 3, stride: 2, padding: 1}")],
    "lppool": [(IMAGE, "2")],
    "adaptive_avgpool": [(IMAGE, "5")],
    "adaptive_maxpool": [(IMAGE, "1")],
    "global_avgpool": [(IMAGE, "")],
    "global_maxpool": [(SEQUENCE, "")],
    "batchnorm": [(IMAGE, ""), (IMAGE, "{affine: false}")],
    "layernorm": [(IMAGE, ""), (IMAGE, "all"), (VECTOR, "{bias: false}")],
    "groupnorm": [(IMAGE, "4")],
    "instancenorm": [(IMAGE, "{affine: true, track_stats: true}")],
    "lrn": [(IMAGE, "")],
    "scale": [(IMAGE, "")],
    "prelu": [(IMAGE, ""), (IMAGE, "channel"), (IMAGE, "unit")],
    "pad": [(IMAGE, "[[1, 2], [0, -1]]")],
    "crop": [(IMAGE, "1")],
    "slice": [(IMAGE, "{start: 2, end: 5, axis: 1}")],
    "upsample": [(IMAGE, "2"), (IMAGE, "{size: 17, mode: bilinear}"), (SEQUENCE, "1.5")],
    "pixel_shuffle": [(IMAGE, "2")],
    "pixel_unshuffle": [(IMAGE, "3")],
    "space_to_depth": [(IMAGE, "3")],
    "flatten": [(IMAGE, "")],
    "reshape": [(IMAGE, "[-1, 12]"), (VECTOR, "[6, 2, 2]")],
    "permute": [(IMAGE, "[1, 2, 0]")],
    "shuffle": [(IMAGE, "2")],
    "mean": [(IMAGE, ""), (IMAGE, "channels")],
    "dropout": [(IMAGE, "0.5")],
    "drop_path": [(IMAGE, "0.1")],
    "add": [(PAIR, "[a, b]"), ("{a: 8x6x6, b: 8x1x1}", "[a, b]")],
    "matmul": [("{a: 4x6, b: 6x7}", "[a, b]")],
    "concat": [("{a: 8x6x6, b: 3x6x6}", "[a, b]")],
    **{kind: [(PAIR, "[a, b]")] for kind in ("sub", "mul", "average", "maximum")},
}
"""For each kind of layer, inputs and parameters.  Layers without an entry take none, on an image."""


def spec(kind: str, shape: str, parameters: str) -> str:
    """The layer after a strided convolution, so that its field is not trivial; merges follow two inputs."""
    step = f"{kind}: {parameters}" if parameters else kind
    if shape.startswith("{"):
        return f"input: {shape}\nlayers:\n  - {step}\n"
    before = "  - conv: {filters: in.channels, kernel: 3, stride: 2, padding: [[9, 10], [9, 10]]}\n"
    rank = shape.count("x")
    if rank != 2 or kind in ("pixel_shuffle", "embedding"):
        before = ""
    return f"input: {shape}\nlayers:\n{before}  - {step}\n"
