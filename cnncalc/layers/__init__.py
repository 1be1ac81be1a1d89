"""The layers of the language: importing this package registers all of them."""

from cnncalc.layers import (
    activation,
    border,
    conv,
    dense,
    local,
    merge,
    norm,
    pool,
    regularize,
    resize,
    shape,
)
from cnncalc.layers.base import Layer, registry

__all__ = [
    "Layer",
    "activation",
    "border",
    "conv",
    "dense",
    "local",
    "merge",
    "norm",
    "pool",
    "registry",
    "regularize",
    "resize",
    "shape",
]
