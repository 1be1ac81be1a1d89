"""Pictures and small networks to compute with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnncalc.engine.kernels import Array

SMALL = """
name: Small
input: 2x24x24
layers:
  - conv: {filters: 6, kernel: 3, padding: same, stride: 2, bias: false}
  - batchnorm
  - relu
  - add:
      main:
        - depthwise: {kernel: 3, padding: 1}
        - {conv: {filters: 6, kernel: 1, groups: 2}}
        - batchnorm
      skip: []
  - maxpool: 2
  - conv: {filters: 4, kernel: [1, 3], padding: [[0, 0], [1, 1]], dilation: [1, 1]}
  - conv_transpose: {filters: 4, kernel: 3, stride: 2, padding: 1}
  - avgpool: {kernel: 3, stride: 2, rounding: ceil}
  - flatten
  - fc: 5
  - softmax
"""


def blocks(seed: int = 0) -> Array:
    """A picture of plain squares with a little noise, 70x84, grey, 0 to 255."""
    random = np.random.default_rng(seed)
    return np.kron(random.random((10, 12)), np.ones((7, 7))) * 200 + random.random((70, 84)) * 40


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder with `small.yaml` and `picture.png` in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(SMALL)
    Image.fromarray(blocks().astype(np.uint8)).save("picture.png")
    return tmp_path
