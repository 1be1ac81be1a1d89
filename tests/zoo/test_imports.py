"""What shipped specs build on: vars seen by blocks, and whole networks used as blocks."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc

BACKBONE = """
input: 3x32x32
vars: {width: 4, classes: 10}
presets: {wide: {width: 8}}
blocks:
  halve:
    do:
      - conv: {filters: width, kernel: 2, stride: 2}
layers:
  - for: i
    in: 3
    do:
      - halve:
        name: c[i]
  - name: last
  - if: classes > 0
    then: [flatten, fc: classes]
"""


def shapes(net: cnncalc.Network) -> list[tuple[int, ...]]:
    return [row.node.shape for row in net.summary().rows]


@pytest.mark.parametrize("how", [{"preset": "wide"}, {"set": {"width": 8}}])
def test_blocks_see_vars_as_they_are_set(how: dict[str, object]) -> None:
    assert shapes(cnncalc.loads(BACKBONE, **how))[0] == (8, 16, 16)  # type: ignore[arg-type]


def test_an_imported_network_takes_arguments_and_shows_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "backbone.yaml").write_text(BACKBONE)
    net = cnncalc.loads(
        """
import: [backbone.yaml]
input: 3x32x32
layers:
  - backbone: {width: 6, classes: 0}
    name: body
  - upsample: {size: "like body.c[1]"}
  - add: [here, "body.c[1]"]
    name: sum
  - concat: [here, [{upsample: {size: like sum, mode: bilinear}, from: body.last}]]
""",
        folder=tmp_path,
    )
    assert shapes(net) == [(6, 16, 16), (6, 8, 8), (6, 4, 4), (6, 8, 8), (6, 8, 8), (6, 8, 8), (12, 8, 8)]


def test_blocks_of_another_file_keep_its_own_vars(tmp_path: Path) -> None:
    (tmp_path / "backbone.yaml").write_text(BACKBONE)
    text = "import: [backbone.yaml]\ninput: 3x32x32\nvars: {width: 9}\nlayers: [halve]"
    assert shapes(cnncalc.loads(text, folder=tmp_path)) == [(4, 16, 16)]
