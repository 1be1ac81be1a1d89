"""Fully connected layers, and look-up of embeddings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cnncalc.engine.kernels import Array, Context, kernel
from cnncalc.errors import DataError
from cnncalc.layers.dense import Embedding, FullyConnected


@kernel("fc")
def fully_connected(layer: FullyConnected, xs: list[Array], weights: Mapping[str, Array], context: Context) -> Array:
    """(N, C) -> (N, units); with `axis`, along that axis of a larger tensor."""
    (x,) = xs
    axis = x.ndim - 1 if layer.axis == "last" else 1
    rows = np.moveaxis(x, axis, -1)
    result = context.product(rows.reshape(-1, x.shape[axis]), weights["weight"].T)
    if "bias" in weights:
        result += weights["bias"]
    return np.moveaxis(result.reshape(*rows.shape[:-1], layer.units), -1, axis)


@kernel("embedding")
def embedding(layer: Embedding, xs: list[Array], weights: Mapping[str, Array], context: Context) -> Array:
    """(N, n) or (N, 1, n) token numbers -> (N, dim, n).

    Raises:
        DataError: if a token is no whole number from 0 to vocab - 1.
    """
    tokens = xs[0].reshape(xs[0].shape[0], -1)
    whole = np.rint(tokens)
    if not (np.array_equal(whole, tokens) and whole.min() >= 0 and whole.max() < layer.vocab):
        odd = tokens[(whole != tokens) | (whole < 0) | (whole >= layer.vocab)].flat[0]
        raise DataError(f"{float(odd):g} is no token: embedding takes whole numbers from 0 to {layer.vocab - 1}")
    return np.moveaxis(weights["weight"][whole.astype(np.intp)], -1, 1)
