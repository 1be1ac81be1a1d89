"""How often each pixel is read, counted again window by window."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest

import cnncalc
from cnncalc.analysis.coverage import coverage
from tests.cli.transcript import result


@pytest.mark.parametrize(
    ("n", "f", "s", "p", "d"), [(6, 3, 1, 0, 1), (9, 3, 2, 1, 1), (10, 2, 3, 0, 1), (11, 3, 1, 2, 2)]
)
def test_one_layer(n: int, f: int, s: int, p: int, d: int) -> None:
    found = json.loads(result(f"cnncalc coverage {n}x{n} -k {f} -s {s} --padding {p} -d {d} -f json"))["maps"][0]
    counts = [[0] * n for _ in range(n)]
    places = range(-p, n + p - d * (f - 1), s)
    for top, left, i, j in product(places, places, range(f), range(f)):
        y, x = top + d * i, left + d * j
        if 0 <= y < n and 0 <= x < n:
            counts[y][x] += 1
    assert found["counts"] == counts
    assert found["never"] == sum(row.count(0) for row in counts)


def test_ways_through_a_network_are_products_summed_over_paths() -> None:
    conv = "conv: {filters: 1, kernel: 3, padding: 1}"
    text = f"input: 1x8\nlayers:\n- {conv}\n- add:\n    a: [{conv}]\n    b: []\n"
    net = cnncalc.loads(text)
    (found,) = coverage(net.graph, len(net.graph.nodes) - 1)
    once = [sum(abs(i - j) <= 1 for j in range(8)) for i in range(8)]
    twice = [sum(once[j] for j in range(8) if abs(i - j) <= 1) for i in range(8)]
    assert found.counts == [a + b for a, b in zip(once, twice, strict=True)]


@pytest.mark.parametrize(
    "name", ["unet", "googlenet", "shufflenet_v1", "mobilenet_v2", "unet3d", "textcnn", "dcgan_generator"]
)
def test_networks(name: str) -> None:
    net = cnncalc.load(name)
    for one in coverage(net.graph, next(iter(net.graph.outputs.values()))):
        assert min(one.counts) >= 0 < max(one.counts)


def test_drawings(tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    svg, png = tmp_path / "map.svg", tmp_path / "map.png"
    result(f"cnncalc coverage 7x5 --kernel 2 --stride 3 --svg {svg} --png {png}")
    assert len(ElementTree.parse(svg).findall("{*}text")) == 35
    assert png.read_bytes().startswith(b"\x89PNG")
    assert "exists; add --force" in result(f"cnncalc coverage 7x5 --kernel 2 --svg {svg}")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("6x6", "add --kernel"),
        ("3x3 --kernel 5", "kernel 5 does not fit"),
        ("lenet5 --kernel 3", "is a spec"),
        ("lenet5 c9", "no layer, block or tensor"),
        ("99999x99999 --kernel 3", "too large"),
    ],
)
def test_questions_without_sense(call: str, says: str) -> None:
    assert says in result(f"cnncalc coverage {call}")


def test_without_pillow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    text = result(f"cnncalc coverage 6x6 --kernel 3 --png {tmp_path / 'a.png'}")
    assert "Pillow" in text
    assert text.endswith("[exit 4]")
