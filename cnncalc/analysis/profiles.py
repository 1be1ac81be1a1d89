"""How other tools count: each a table of formulas over layers, its mistakes included.

A profile gives the figure its tool reports for PyTorch code that writes every layer as a module of its
own (`nn.ReLU()`), and merges, `mean`, `scale`, `slice` and the like as operators (`x + y`, `x.mean()`).
Where torchvision's code is known to differ, `calls.py` says so.  What a profile does not list, its tool
does not count.  `counting.LETTERS` says what the letters mean.
"""

from __future__ import annotations

from cnncalc.analysis.profile import Profile, table

CONV = "conv depthwise pointwise"
POOL = "maxpool avgpool adaptive_avgpool adaptive_maxpool global_avgpool global_maxpool"
ADAPTIVE_AVG = "adaptive_avgpool global_avgpool"
ADAPTIVE_MAX = "adaptive_maxpool global_maxpool"
TRACKED = "2 if affine else 1"
ESTIMATE = "5 if affine else 4"
_OUTPUT_RULE = "counts a transposed convolution at its output positions: stride² times too much"
_MODULES = "sees modules only: functions, operators and matrix products count nothing"
_SAME = "convolutions with padding 'same' count nothing"

TORCHINFO = Profile(
    "torchinfo",
    "torchinfo 1.8.0, total mult-adds",
    "MAC",
    "parameters × output positions for convolutions; for everything else, just the number of its parameters",
    (
        "normalisation counts as many operations as it has parameters, whatever the size of the map",
        "a fully connected layer counts once, not at every position",
        "an embedding counts its whole table",
        _OUTPUT_RULE,
        _MODULES,
    ),
    table(
        {
            f"{CONV} conv_transpose": "params * positions",
            "fc batchnorm layernorm groupnorm instancenorm prelu embedding": "params",
        }
    ),
    {},
)
FVCORE = Profile(
    "fvcore",
    "fvcore 0.1.5, FlopCountAnalysis",
    "MAC",
    "multiply-adds (it calls one a flop), 2 per unit of batch norm, 5 of other norms, inputs of adaptive mean pools",
    ("calls a multiply-add a flop", _SAME, "other pooling, activations and sums count nothing"),
    table(
        {
            CONV: "0 if same else macs",
            "conv_transpose fc matmul": "macs",
            "batchnorm": f"({TRACKED}) * x if tracked else ({ESTIMATE}) * x",
            "layernorm groupnorm instancenorm": f"({ESTIMATE}) * x",
            ADAPTIVE_AVG: "x if axes == 2 else 0",
            "upsample/nearest": "y if axes == 2 else 0",
            "upsample/bilinear": "4 * y",
        }
    ),
)
THOP = Profile(
    "thop",
    "thop 0.1.1",
    "MAC",
    "multiply-adds, 4 per unit of normalisation, outputs of mean pools, (k² + 1) per output of adaptive ones",
    (
        "4 operations per unit of batch norm, as if nothing were known before",
        "kernels of adaptive pooling are fractions where sides do not divide",
        _OUTPUT_RULE,
        "classes derived from PyTorch's count nothing",
        _MODULES,
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
PTFLOPS_ATEN = Profile(
    "ptflops-aten",
    "ptflops 0.7.5, backend aten",
    "MAC",
    "multiply-adds and biases, nothing else",
    ("always for one sample",),
    table({f"{CONV} conv_transpose fc": "macs + biases", "matmul": "macs"}),
    per_sample=True,
)
_CALFLOPS_NORM = {
    "batchnorm": f"({TRACKED}) * x if tracked else ({ESTIMATE}) * x",
    "layernorm groupnorm instancenorm": f"({ESTIMATE}) * x",
}
_CALFLOPS_REST = {
    CONV: "2 * weights * even_positions + (D * even_positions if biases > 0 else 0)",
    "conv_transpose": "2 * K * C * (D // g // g) * inputs + (D // g * conv_positions if biases > 0 else 0)",
    "fc": "2 * macs",
    **_CALFLOPS_NORM,
    "relu prelu elu leaky_relu silu gelu softmax " + POOL: "x",
    "upsample": "positions if sized else x",
    "lppool": "x + 2 * y",
    "lrn": "3 * x + (C + size - 1) * positions",
}
_CALFLOPS_MISTAKES = (
    "a transposed convolution is divided by its groups twice",
    "padding 'same' with an even kernel is taken to be smaller than it is",
    "upsampling counts its input, or its output positions once for all channels",
    "biases of fully connected layers, ReLU6, sigmoid, operators and matrix products count nothing",
)
CALFLOPS = Profile(
    "calflops",
    "calflops 0.3.2, FLOPs (as DeepSpeed's profiler)",
    "FLOP",
    "2 per multiply-add, biases of convolutions, 2 per unit of batch norm, 1 of activations, inputs of pooling",
    _CALFLOPS_MISTAKES,
    table(_CALFLOPS_REST),
    table({**_CALFLOPS_REST, "relu6": "x"}),
)
CALFLOPS_MACS = Profile(
    "calflops-macs",
    "calflops 0.3.2, MACs",
    "MAC",
    "multiply-adds, nothing else",
    _CALFLOPS_MISTAKES[:2],
    table({CONV: "weights * even_positions", "conv_transpose": "K * C * (D // g // g) * inputs", "fc": "macs"}),
)
FLOP_COUNTER_MODE = Profile(
    "flopcountermode",
    "PyTorch's torch.utils.flop_counter.FlopCounterMode",
    "FLOP",
    "2 per multiply-add of convolutions and matrix products, nothing else",
    (),
    table({f"{CONV} conv_transpose fc matmul": "2 * macs"}),
)
TORCHPROFILE = Profile(
    "torchprofile",
    "torchprofile 0.1.0",
    "MAC",
    "multiply-adds, 1 per unit of normalisation with factors, outputs of mean pooling and of products",
    (_OUTPUT_RULE, "groups of a transposed convolution are ignored where its channels change", _SAME),
    table(
        {
            CONV: "0 if same else macs",
            "conv_transpose": "y * (D // g if C == D else C) * K",
            "fc matmul": "macs",
            "batchnorm layernorm groupnorm instancenorm": "y if affine else 0",
            f"avgpool {ADAPTIVE_AVG} mean leaky_relu mul scale": "y",
            "upsample/bilinear": "4 * y",
            "lppool": "3 * y",
            "lrn": "3 * y",
        }
    ),
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
        _OUTPUT_RULE,
        _MODULES,
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
    _OUTPUT_RULE,
    _MODULES,
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

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        TORCHINFO,
        FVCORE,
        THOP,
        PTFLOPS,
        PTFLOPS_ATEN,
        CALFLOPS,
        CALFLOPS_MACS,
        FLOP_COUNTER_MODE,
        TORCHPROFILE,
        FLOPTH,
        TORCHSCAN,
        TORCHSCAN_FLOPS,
    )
}
