"""How torchvision's code calls what its specs describe, where that changes what tools count.

A spec says what is computed, not whether a ReLU is a module or a function.  Tools that watch modules
miss functions, so their totals of two equal networks can differ.  For the networks of torchvision 0.28
the calls are known from its code; for every other spec each layer is taken to be a module of its own.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import NamedTuple


class Call(NamedTuple):
    """Layers of one kind whose names match `pattern`, and how they are called.

    `how` is `function` (`F.relu(x)`), `repeated` (a module that is called again later in the same
    block), `subclass` (a module of a class derived from PyTorch's) or `tuple` (a module whose square
    kernel is written as a tuple).
    """

    kind: str
    pattern: str
    how: str


_REUSED = Call("relu", "*.main.relu*", "repeated")
_INTERPOLATE = Call("upsample", "*", "function")
_GLOBAL = Call("global_avgpool", "global_avgpool", "function")
_RELU = Call("relu", "*", "function")

TORCHVISION: dict[str, tuple[Call, ...]] = {
    "resnet50": (_REUSED,),
    "deeplabv3_resnet50": (_REUSED, _INTERPOLATE),
    "deeplabv3_mobilenet_v3_large": (_INTERPOLATE,),
    "fcn_resnet50": (_REUSED, _INTERPOLATE),
    "lraspp_mobilenet_v3_large": (_INTERPOLATE,),
    "mobilenet_v2": (_GLOBAL,),
    "densenet121": (_GLOBAL, Call("relu", "relu2", "function")),
    "googlenet": (_RELU, Call("adaptive_avgpool", "*", "function")),
    "inception_v3": (
        _RELU,
        Call("avgpool", "*", "function"),
        Call("maxpool", "reduction_*", "function"),
        Call("global_avgpool", "aux.*", "function"),
    ),
    "r3d_18": (Call("conv", "*.main.conv_3d*", "subclass"), Call("conv", "*.main.conv_2d*", "subclass")),
    "s3d": (Call("maxpool", "*", "tuple"),),
    "convnext_tiny": (Call("layernorm", "layernorm*", "subclass"),),
}
"""By the name of the spec's file; presets are called as their file is."""

WORDS = {
    "function": "called as a function, not a module",
    "repeated": "the module is called again later in its block",
    "subclass": "of a class derived from PyTorch's",
    "tuple": "its square kernel is written as a tuple",
}


def calls_of(spec: str) -> tuple[Call, ...]:
    """What is known of the code that a spec file stands for; nothing for most."""
    return TORCHVISION.get(PurePath(spec).stem, ())


def how(calls: tuple[Call, ...], kind: str, name: str) -> str:
    """How a layer is called; `module` unless something else is known."""
    for call in calls:
        if call.kind == kind and fnmatchcase(name, call.pattern):
            return call.how
    return "module"
