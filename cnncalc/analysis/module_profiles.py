"""Profiles of the tools that watch modules; see `profiles.py`."""

from __future__ import annotations

from cnncalc.analysis.profile import (
    ADAPTIVE_AVG,
    ADAPTIVE_MAX,
    CONV,
    MODULES,
    OUTPUT_RULE,
    POOL,
    TRACKED,
    Profile,
    table,
)

TORCHINFO = Profile(
    "torchinfo",
    "torchinfo 1.8.0, total mult-adds",
    "MAC",
    "parameters × output positions for convolutions; for everything else, just the number of its parameters",
    (
        "normalisation counts as many operations as it has parameters, whatever the size of the map",
        "a fully connected layer counts once, not at every position",
        "an embedding counts its whole table",
        OUTPUT_RULE,
        MODULES,
    ),
    table(
        {
            f"{CONV} conv_transpose": "params * positions",
            "fc batchnorm layernorm groupnorm instancenorm prelu embedding": "params",
        }
    ),
    {},
)
THOP = Profile(
    "thop",
    "thop 0.1.1",
    "MAC",
    "multiply-adds, 4 per unit of normalisation, outputs of mean pools, (k² + 1) per output of adaptive ones",
    (
        "4 operations per unit of batch norm, as if nothing were known before",
        "kernels of adaptive pooling are fractions where sides do not divide",
        OUTPUT_RULE,
        "classes derived from PyTorch's count nothing",
        MODULES,
    ),
    table(
        {
            f"{CONV} conv_transpose": "y * (C // g) * K",
            "fc": "macs",
            "batchnorm layernorm instancenorm": "(4 if affine else 2) * x",
            "prelu": "x",
            "softmax": "positions * (3 * C - 1)",
            "avgpool": "y",
            ADAPTIVE_AVG: "floor((ratio + 1) * y)",
            "upsample/nearest": "y",
            "upsample/linear": "5 * y",
            "upsample/bilinear": "11 * y",
            "upsample/bicubic": "259 * y",
        }
    ),
    {},
    exact_type=True,
)
_DOUBLE = "relu elu gelu prelu " + POOL
PTFLOPS = Profile(
    "ptflops",
    "ptflops 0.7.5, backend pytorch (its default)",
    "MAC",
    "multiply-adds and biases, 2 per unit of normalisation, inputs of pooling, activations and upsampling",
    (
        "modules of ReLU, ELU, GELU, PReLU, upsampling and pooling count twice: once as a module, once as the "
        "function it calls",
        "sigmoid, tanh, hard-swish and operators count nothing",
        "classes derived from PyTorch's count nothing, nor do convolutions and products called as functions",
        "always for one sample",
    ),
    table(
        {
            f"{CONV} conv_transpose fc": "macs + biases",
            "batchnorm groupnorm instancenorm": f"({TRACKED}) * x",
            "layernorm": "x",
            _DOUBLE: "2 * x",
            "relu6 leaky_relu silu softmax": "x",
            "upsample": "2 * y",
            "lppool": "x + 2 * y",
            "lrn": "3 * x + (C + size - 1) * positions",
        }
    ),
    table(
        {
            "relu elu gelu prelu relu6 silu softmax " + POOL: "x",
            "upsample": "y",
            "lppool": "x + 2 * y",
            "lrn": "3 * x + (C + size - 1) * positions",
        }
    ),
    exact_type=True,
    per_sample=True,
)
PTFLOPS_06 = Profile(
    "ptflops-0.6",
    "ptflops 0.6.7",
    "MAC",
    "multiply-adds and biases, 2 per unit of normalisation, inputs of pooling and activations",
    (
        OUTPUT_RULE,
        "biases of a fully connected layer count at one position only",
        "SiLU, GELU, sigmoid, hard-swish and layer norm count nothing, nor do classes derived from PyTorch's",
        MODULES,
        "always for one sample",
    ),
    table(
        {
            CONV: "macs + biases",
            "conv_transpose": "K * C * (D // g) * positions + biases",
            "fc": "macs + (last if biases > 0 else 0)",
            "batchnorm groupnorm instancenorm": f"({TRACKED}) * x",
            f"relu prelu elu leaky_relu relu6 {POOL}": "x",
            "upsample": "y",
        }
    ),
    {},
    exact_type=True,
    per_sample=True,
)
FLOPTH = Profile(
    "flopth",
    "flopth 0.1.6",
    "MAC",
    "multiply-adds and biases of convolutions, 2 per unit of batch norm, 1 of activations, inputs of 2-D pooling",
    (
        "a module called several times counts its last call only",
        "a fully connected layer counts first axis × first axis, so it is wrong at several positions",
        "upsampling forgets the channels",
        OUTPUT_RULE,
        MODULES,
        "always for one sample",
    ),
    table(
        {
            CONV: "macs + biases",
            "conv_transpose": "K * C * (D // g) * positions + biases",
            "fc": "C * D",
            "batchnorm groupnorm instancenorm": f"({TRACKED}) * x",
            "layernorm relu relu6 prelu elu leaky_relu gelu selu tanh hardswish hardsigmoid": "x",
            POOL: "x if axes == 2 else 0",
            "upsample": "positions",
        }
    ),
    {},
    last_call=True,
    per_sample=True,
)
_SCAN_POOLS = {
    "maxpool": "y * (k - 1)",
    "avgpool": "y * (k - 1 + axes)",
    ADAPTIVE_AVG: "y * (bins - 1 + axes)",
    ADAPTIVE_MAX: "y * (bins - 1)",
}
_SCAN_MISTAKES = (
    "pooling with a square kernel counts its side, not its area",
    "bins of adaptive pooling are the remainder + 1 where sides do not divide",
    OUTPUT_RULE,
    MODULES,
)
TORCHSCAN = Profile(
    "torchscan",
    "torchscan 0.2.0, MACs",
    "MAC",
    "multiply-adds, 2 per unit of batch norm, k - 1 per output of pooling (mean pools: + 1 per axis)",
    _SCAN_MISTAKES,
    table(
        {
            CONV: "macs",
            "conv_transpose": "4 * axes + y * (C // g) * K",
            "fc": "macs",
            "batchnorm": f"({TRACKED}) * x",
            **_SCAN_POOLS,
        }
    ),
    {},
    square_side=True,
)
TORCHSCAN_FLOPS = Profile(
    "torchscan-flops",
    "torchscan 0.2.0, module FLOPs",
    "FLOP",
    "2·n - 1 per sum of n products, biases, 4 per unit of batch norm, operations of activations, pooling as in MACs",
    (*_SCAN_MISTAKES, "dropout counts one random number per unit, at inference too"),
    table(
        {
            CONV: "2 * macs - y + biases",
            "conv_transpose": "8 * axes + y * (2 * (C // g) * K - 1) + biases",
            "fc": "2 * macs - y + biases",
            "batchnorm": "2 * C + (4 if affine else 2) * x",
            "layernorm": "6 * x + 2 * means + params // (x // means) * x",
            "relu": "x",
            "elu tanh": "6 * x",
            "leaky_relu sigmoid": "4 * x",
            "relu6": "2 * x",
            "dropout": "x if dropping else 0",
            **_SCAN_POOLS,
        }
    ),
    {},
    square_side=True,
)
