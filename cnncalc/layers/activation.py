"""Activations: one function applied to every unit, no neighbours involved."""

from __future__ import annotations

from math import prod
from typing import ClassVar

from cnncalc.formula import Derivation
from cnncalc.layers.base import Inference, Kept, Layer, Shape, Shapes, layer, param

_FROM_OUTPUT = (Kept("output", "its slope follows from what it gave"),)
_FROM_INPUT = (Kept("input", "its slope does not follow from what it gave"),)


class _Activation(Layer):
    in_place = True
    unit_steps: ClassVar[tuple[str, ...]] = ("compare",)
    """The operations on one unit."""

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """The same few operations on every unit."""
        from cnncalc.layers.effort import PER_UNIT

        return {"activation": PER_UNIT(c=len(self.unit_steps), x=prod(xs[0]))}

    needs_input: ClassVar[bool] = False
    """Whether its slope cannot be told from its output."""

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its output, so that it can overwrite its input; or its input, where the output does not tell the slope."""
        return _FROM_INPUT if self.needs_input else _FROM_OUTPUT

    def infer(self, x: Shape) -> Inference:
        """The shape stays."""
        return Inference(x)


@layer("relu", group="activation", spellings=("ReLU", "rectifier"))
class Relu(_Activation):
    """max(0, x): the negative half is cut off.

    Reference: Nair & Hinton (2010), §2; Krizhevsky et al. (2012), §3.1.
    """


@layer("relu6", group="activation", spellings=("ReLU6", "clipped_relu"))
class Relu6(_Activation):
    """min(max(0, x), 6).

    Reference: Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10 (2010), §3.
    """

    unit_steps = ("compare", "compare")


@layer("abs", group="activation", spellings=("AbsVal", "absolute"))
class Abs(_Activation):
    """|x|: edges of both signs count alike.

    Reference: Jarrett et al., What is the Best Multi-Stage Architecture (2009), §2.1.
    """

    unit_steps = ("drop the sign",)

    needs_input = True


@layer("leaky_relu", group="activation", spellings=("LeakyReLU", "lrelu", "leaky"), example="leaky_relu: 0.1")
class LeakyRelu(_Activation):
    """x for positive x, slope·x for negative x.

    Reference: Maas, Hannun & Ng (2013), §2.
    """

    unit_steps = ("compare", "multiply")

    slope: float = param("factor of negative inputs", default=0.01)


@layer("prelu", group="activation", spellings=("PReLU", "parametric_relu"), example="prelu: channel")
class Prelu(_Activation):
    """x for positive x, a·x for negative x, where a is learned.

    Reference: He et al., Delving Deep into Rectifiers (2015), §2.1.
    """

    unit_steps = ("compare", "multiply")

    needs_input = True

    per: str = param(
        "which units share a slope: all of them, those of a channel, or none",
        default="shared",
        choices=("shared", "channel", "unit"),
    )

    def weights(self, *xs: Shape) -> Shapes:
        """One slope, one per channel, or one per unit."""
        return {"weight": {"shared": (1,), "channel": (xs[0][0],), "unit": xs[0]}[self.per]}


@layer("elu", group="activation", spellings=("ELU",))
class Elu(_Activation):
    """x for positive x, α(exp(x) - 1) for negative x.

    Reference: Clevert, Unterthiner & Hochreiter (2015), §3.
    """

    unit_steps = ("compare", "exp", "subtract 1", "times α")

    alpha: float = param("what large negative inputs approach, negated", default=1.0)


@layer("selu", group="activation", spellings=("SELU",))
class Selu(_Activation):
    """1.0507·x for positive x, 1.7581(exp(x) - 1) for negative x: keeps mean 0 and variance 1.

    Reference: Klambauer et al., Self-Normalizing Neural Networks (2017), §2.
    """

    unit_steps = ("compare", "exp", "subtract 1", "times both constants")


@layer("gelu", group="activation", spellings=("GELU",))
class Gelu(_Activation):
    """x·Φ(x), Φ being the normal distribution function.

    Reference: Hendrycks & Gimpel (2016), §2.
    """

    unit_steps = ("divide by √2", "erf", "add 1", "halve", "times x")

    needs_input = True

    approximate: str = param(
        "tanh: 0.5x(1 + tanh(√(2/π)(x + 0.044715x³))) instead of x·Φ(x)", default="none", choices=("none", "tanh")
    )


@layer("silu", group="activation", spellings=("SiLU", "swish", "Swish"))
class Silu(_Activation):
    """x·sigmoid(x), also called swish.

    Reference: Elfwing, Uchibe & Doya (2017), §2; Ramachandran, Zoph & Le (2017), §3.
    """

    unit_steps = ("negate", "exp", "add 1", "divide")

    needs_input = True


@layer("mish", group="activation", spellings=("Mish",))
class Mish(_Activation):
    """x·tanh(log(1 + exp(x))).

    Reference: Misra (2019), §1.
    """

    unit_steps = ("exp", "add 1", "log", "tanh", "times x")

    needs_input = True


@layer("softplus", group="activation", spellings=("Softplus",))
class Softplus(_Activation):
    """log(1 + exp(x)): a rounded ReLU.

    Reference: Dugas et al. (2001), §3; Glorot, Bordes & Bengio (2011), §3.
    """

    unit_steps = ("exp", "add 1", "log")


@layer("sigmoid", group="activation", spellings=("Sigmoid", "logistic"))
class Sigmoid(_Activation):
    """1/(1 + exp(-x)): between 0 and 1.

    Reference: Goodfellow et al., Deep Learning (2016), §3.10.
    """

    unit_steps = ("negate", "exp", "add 1", "divide")


@layer("hardsigmoid", group="activation", spellings=("hard_sigmoid", "Hardsigmoid", "h_sigmoid", "hsigmoid"))
class HardSigmoid(_Activation):
    """min(max(0, x + 3), 6)/6: a sigmoid of straight lines.

    Reference: Howard et al., MobileNetV3 (2019), §5.2.
    """

    unit_steps = ("add 3", "compare", "compare", "divide by 6")


@layer("hardswish", group="activation", spellings=("hard_swish", "Hardswish", "h_swish", "hswish", "hard_silu"))
class HardSwish(_Activation):
    """x·min(max(0, x + 3), 6)/6.

    Reference: Howard et al., MobileNetV3 (2019), §5.2.
    """

    unit_steps = ("add 3", "compare", "compare", "divide by 6", "times x")

    needs_input = True


@layer("tanh", group="activation", spellings=("Tanh", "TanH"))
class Tanh(_Activation):
    """(exp(x) - exp(-x))/(exp(x) + exp(-x)): between -1 and 1.

    Reference: LeCun et al., Efficient BackProp (1998), §4.4.
    """

    unit_steps = ("tanh",)


@layer("softmax", group="activation", spellings=("Softmax", "Softmax2d", "log_softmax"))
class Softmax(Layer):
    """exp(x) divided by the sum of exp over the channels: positive numbers that add up to 1.

    Reference: Bridle (1990); Goodfellow et al., Deep Learning (2016), §6.2.2.3.
    """

    def infer(self, x: Shape) -> Inference:
        """The shape stays."""
        return Inference(x)

    def saved(self, xs: tuple[Shape, ...], y: Shape) -> tuple[Kept, ...]:
        """Its output."""
        return _FROM_OUTPUT

    def mixes(self, x: Shape) -> tuple[int, ...]:
        """The channels."""
        return (0,)

    def ops(self, xs: tuple[Shape, ...], y: Shape) -> dict[str, Derivation]:
        """exp, sum and division; one sum per position."""
        from cnncalc.layers.effort import SOFTMAX

        return {"activation": SOFTMAX(x=prod(y), sums=prod(y[1:]))}
