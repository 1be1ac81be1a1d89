"""What a layer is, and the registry of all of them.

A layer states each fact once, in one class: its parameters, its output shape, weights, multiply–
accumulates and window geometry.  Parsing, 'did you mean', JSON Schema, reference pages, totals,
receptive fields and explanations are derived from that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any, ClassVar, NamedTuple, TypeVar, dataclass_transform

from cnncalc.expr import Value
from cnncalc.formula import Derivation, Formula
from cnncalc.layers.facts import SAME_UNIT as SAME_UNIT
from cnncalc.layers.facts import Inference as Inference
from cnncalc.layers.facts import Kept as Kept
from cnncalc.layers.facts import Reach as Reach
from cnncalc.layers.facts import Reads as Reads
from cnncalc.layers.facts import Shape as Shape
from cnncalc.layers.facts import ShapeError as ShapeError
from cnncalc.layers.facts import Shapes as Shapes
from cnncalc.layers.facts import Window as Window
from cnncalc.layers.facts import same_place
from cnncalc.layers.slots import SLOTS, Slot, SlotError, WordSlot

MACS = Formula(
    "MACs",
    "weights * positions",
    "every weight is used once at every position the layer computes",
)


class Param(NamedTuple):
    """A parameter of a layer, as its class states it."""

    name: str
    doc: str
    slot: Slot
    default: Any
    minimum: int | None
    like: bool

    @property
    def required(self) -> bool:
        """Whether a spec must give it."""
        return self.default is REQUIRED


class _Required:
    def __repr__(self) -> str:
        return "required"


REQUIRED = _Required()


class SameAs(NamedTuple):
    """The default of a parameter that takes another parameter's value (`stride` of pooling)."""

    param: str


class _Field(tuple[Any, ...]):
    """(doc, default, minimum, choices, like) of `param`; a NamedTuple would cost start-up time."""


def param(
    doc: str,
    *,
    default: Any = REQUIRED,
    minimum: int | None = None,
    choices: tuple[str, ...] | None = None,
    like: bool = False,
) -> Any:
    """A parameter of a layer.  The annotation gives its slot, `choices` make it one of a few words.

    `like` allows `like NAME`, the spatial size of another tensor.  The first parameter of a class is
    the one a bare value (`conv: 8`) goes to.
    """
    return _Field((doc, default, minimum, choices, like))


class Layer:
    """Base of all layers.  Instances are immutable; equal parameters make equal layers."""

    kind: ClassVar[str] = ""
    group: ClassVar[str] = ""
    params: ClassVar[dict[str, Param]] = {}
    inputs: ClassVar[tuple[int, int | None]] = (1, 1)
    """Fewest and most input tensors; None for any number."""
    ranks: ClassVar[tuple[int, ...]] = (0, 1, 2, 3)
    """How many spatial axes the input may have."""
    weighted: ClassVar[bool] = False
    """Whether it is one of the 'layers' people count (VGG-16 has 16)."""
    in_place: ClassVar[bool] = False
    """Whether it can overwrite its input, as activations can."""
    view: ClassVar[bool] = False
    """Whether its output is its input's memory under another shape, at inference."""
    whole_shape: ClassVar[str] = ""
    """The parameter that is a whole shape, written in the spec's layout; '' for none."""
    hands_on: ClassVar[bool] = False
    """Whether the gradient of its inputs is that of its output, unchanged."""
    spellings: ClassVar[tuple[str, ...]] = ()
    """What other tools and courses call it, for 'did you mean'."""
    example: ClassVar[str] = ""

    values: dict[str, Any]

    def __init__(self, **values: Any) -> None:
        self.__dict__["values"] = values
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self.kind} layers are immutable")

    def __repr__(self) -> str:
        return f"{self.kind}({', '.join(f'{k}={v!r}' for k, v in self.values.items())})"

    @property
    def gate(self) -> bool:
        """Whether it mixes in statistics of all positions although its output follows the same position."""
        return False

    infer: Callable[..., Inference]
    """Output shape from input shapes, with its arithmetic.  Raises ShapeError."""

    def weights(self, *xs: Shape) -> Shapes:
        """Learned tensors by name."""
        return {}

    def buffers(self, *xs: Shape) -> Shapes:
        """Kept but not learned tensors by name (running statistics)."""
        return {}

    def positions(self, xs: tuple[Shape, ...], y: Shape) -> int | None:
        """How often each weight (biases aside) is used; None if the layer does no such work."""
        return None

    def macs(self, xs: tuple[Shape, ...], y: Shape) -> Derivation | None:
        """Multiply–accumulates for one sample, or None if the layer has none."""
        positions = self.positions(xs, y)
        if positions is None:
            return None
        return MACS(weights=prod(self.weights(*xs)["weight"]), positions=positions)

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """What training must keep of the forward pass to compute this layer's gradients."""
        return ()

    def workspace(self, xs: tuple[Shape, ...], y: Shape) -> int:
        """Numbers of scratch memory while it runs, if its windows are laid out as a matrix, one sample at a time."""
        return 0

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """Operations for one sample besides the multiply–accumulates, by type: `bias`, `pooling`, ….

        What counts as one operation is said in `effort.py`.
        """
        if self.group not in ("convolution", "dense") or "bias" not in self.weights(*xs):
            return {}
        from cnncalc.layers.effort import BIAS

        return {"bias": BIAS(y=prod(y))}

    def windows(self, x: Shape) -> tuple[Window, ...]:
        """The window along each spatial axis, for layers that slide one."""
        return ()

    def reach(self, x: Shape, y: Shape) -> tuple[Reach | None, ...]:
        """What a unit sees of the input along each spatial axis of the output; None: everything."""
        windows = self.windows(x)
        if not windows:
            return (SAME_UNIT,) * (len(y) - 1)
        return tuple(Reach(w.stride, -w.padding[0], w.effective_kernel - 1 - w.padding[0]) for w in windows)

    def reads(self, xs: tuple[Shape, ...], y: Shape, k: int, axis: int) -> Reads | None:
        """Exactly which places of `axis` (0 = channels) of input k a unit reads; None: all of them.

        `reach` is the evenly spaced span around these.  Places outside the input are padding.
        """
        x = xs[k]
        if axis == 0:
            return same_place if x[0] == y[0] else None
        windows = self.windows(x)
        if windows:
            w = windows[axis - 1]
            stride, before, dilation, span = w.stride, w.padding[0], w.dilation, w.effective_kernel
            return lambda i: range(i * stride - before, i * stride - before + span, dilation)
        reach = self.reach(x, y)[axis - 1]
        if reach is None:
            return None
        return lambda i: range(i * reach.scale + reach.first, i * reach.scale + reach.last + 1)

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The input axes (0 = channels) that every output unit sees in full, whatever its own place.

        After `permute`, places may stand where channels do, so axis 0 matters to receptive fields too.
        """
        return ()

    def origins(self, x: Shape, y: Shape) -> tuple[tuple[int, ...], ...] | None:
        """For layers that rearrange axes: the input axes (0 = channels) each output axis runs over; else None."""
        return None

    def config(self, x: Shape) -> dict[str, Any]:
        """The parameters as reports show them: padding rules resolved for this input."""
        values = dict(self.values)
        if "padding" in values:
            values["padding"] = tuple(w.padding for w in self.windows(x))
        return values


def exactly_one(layer: Layer, first: str, second: str) -> str:
    """Which of two parameters the spec gives.

    Raises:
        ShapeError: E305 if neither is given, E312 if both are.
    """
    given = [name for name in (first, second) if layer.values[name] is not None]
    if not given:
        raise ShapeError("E305", f"{layer.kind} needs '{first}' or '{second}'", f"write {layer.example}")
    if len(given) == 2:
        raise ShapeError(
            "E312", f"{layer.kind} takes '{first}' or '{second}', not both", f"remove '{first}' or '{second}'", second
        )
    return given[0]


_REGISTRY: dict[str, type[Layer]] = {}
L = TypeVar("L", bound=Layer)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(param,))
def layer(kind: str, *, group: str, spellings: tuple[str, ...] = (), example: str = "") -> Callable[[type[L]], type[L]]:
    """Class decorator: enter a layer under the name it has in specs."""

    def register(cls: type[L]) -> type[L]:
        if kind in _REGISTRY:
            raise ValueError(f"two layers are called '{kind}'")
        params = {}
        for base in reversed(cls.__mro__):
            for name, annotation in vars(base).get("__annotations__", {}).items():
                field = vars(base).get(name)
                if isinstance(field, _Field):
                    doc, default, minimum, choices, like = field
                    slot = WordSlot(choices) if choices else SLOTS[annotation.removesuffix(" | None")]
                    params[name] = Param(name, doc, slot, default, minimum, like)
        cls.kind, cls.group, cls.params = kind, group, params
        cls.spellings, cls.example = spellings, example or kind
        _REGISTRY[kind] = cls
        return cls

    return register


def registry() -> Mapping[str, type[Layer]]:
    """All layers by their name in specs."""
    return _REGISTRY


def build(cls: type[Layer], given: Mapping[str, Value], rank: int) -> Layer:
    """A layer from the values a spec gives, for an input of `rank` spatial axes.

    Raises:
        ParamError: a value does not fit its parameter, or a required one is missing.
    """
    values: dict[str, Any] = {}
    for name, spec in cls.params.items():
        value = given.get(name, spec.default)
        if isinstance(value, SameAs):
            values[name] = values[value.param]
        elif value is None:
            values[name] = None
        elif value is REQUIRED:
            raise ParamError("E305", f"{cls.kind} needs '{name}': {spec.doc}", f"write {cls.example}", None)
        else:
            try:
                values[name] = spec.slot.convert(value, name, spec.minimum, rank)
            except SlotError as error:
                raise ParamError(error.code, error.message, error.help, name) from None
    return cls(**values)


class ParamError(ShapeError):
    """A parameter that is missing or has a value of the wrong kind."""
