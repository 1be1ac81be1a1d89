"""How other tools count: each a table of formulas over layers, its mistakes included.

Those that watch operations stand here, those that watch modules in `module_profiles.py`.

A profile gives the figure its tool reports for PyTorch code that writes every layer as a module of its
own (`nn.ReLU()`), and merges, `mean`, `scale`, `slice` and the like as operators (`x + y`, `x.mean()`).
Where torchvision's code is known to differ, `calls.py` says so.  What a profile does not list, its tool
does not count.  `counting.LETTERS` says what the letters mean.
"""

from __future__ import annotations

from cnncalc.analysis.module_profiles import FLOPTH, PTFLOPS, PTFLOPS_06, THOP, TORCHINFO, TORCHSCAN, TORCHSCAN_FLOPS
from cnncalc.analysis.profile import ADAPTIVE_AVG, CONV, ESTIMATE, OUTPUT_RULE, POOL, SAME, TRACKED, Profile, table

FVCORE = Profile(
    "fvcore",
    "fvcore 0.1.5, FlopCountAnalysis",
    "MAC",
    "multiply-adds (it calls one a flop), 2 per unit of batch norm, 5 of other norms, inputs of adaptive mean pools",
    ("calls a multiply-add a flop", SAME, "other pooling, activations and sums count nothing"),
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
    (OUTPUT_RULE, "groups of a transposed convolution are ignored where its channels change", SAME),
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
PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        TORCHINFO,
        FVCORE,
        THOP,
        PTFLOPS,
        PTFLOPS_ATEN,
        PTFLOPS_06,
        CALFLOPS,
        CALFLOPS_MACS,
        FLOP_COUNTER_MODE,
        TORCHPROFILE,
        FLOPTH,
        TORCHSCAN,
        TORCHSCAN_FLOPS,
    )
}
