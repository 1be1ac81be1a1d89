"""The layers of the language: importing this package registers all of them."""

from cnncalc.layers import conv, pool
from cnncalc.layers.base import Layer, registry

__all__ = ["Layer", "conv", "pool", "registry"]
