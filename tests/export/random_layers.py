"""How the parameters and input shapes of each kind of layer are drawn; not all that is drawn fits."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Shape = tuple[int, ...]
Values = dict[str, Any]
Draw = Callable[[Random, int], tuple[Values, list[Shape]]]


def sides(random: Random, rank: int, low: int = 3, high: int = 0) -> Shape:
    most = high or {0: 1, 1: 24, 2: 13, 3: 8}[rank]
    return tuple(random.randint(low, most) for _ in range(rank))


def channels(random: Random, multiple: int = 1) -> int:
    return multiple * random.randint(1, 6)


def per_axis(random: Random, rank: int, low: int, high: int) -> list[int]:
    """A number per axis, often the same one."""
    if random.random() < 0.5:
        return [random.randint(low, high)] * rank
    return [random.randint(low, high) for _ in range(rank)]


def padding(random: Random, rank: int, most: int, words: tuple[str, ...]) -> Any:
    word = random.choice(["", "", *words])
    if word and (word != "causal" or rank == 1):
        return word
    return [[random.randint(0, most), random.randint(0, most)] for _ in range(rank)]


def conv(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    groups = random.choice([1, 1, 2, 3])
    values: Values = {
        "filters": channels(random, groups),
        "kernel": per_axis(random, rank, 1, 4),
        "stride": per_axis(random, rank, 1, 3),
        "padding": padding(random, rank, 3, ("same", "causal")),
        "dilation": per_axis(random, rank, 1, 3) if random.random() < 0.4 else 1,
        "groups": groups,
        "bias": random.choice(["true", "false"]) == "true",
    }
    return values, [(channels(random, groups), *sides(random, rank))]


def depthwise(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    values, shapes = conv(random, rank)
    del values["filters"], values["groups"]
    return values | {"multiplier": random.randint(1, 3)}, shapes


def pointwise(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    values, shapes = conv(random, rank)
    return {name: values[name] for name in ("filters", "stride", "groups", "bias")}, shapes


def conv_transpose(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    values, shapes = conv(random, rank)
    values["padding"] = padding(random, rank, 2, ("same",))
    if random.random() < 0.5:
        values["output_padding"] = per_axis(random, rank, 0, 2)
    return values, [(shapes[0][0], *sides(random, rank, 2, 7))]


def locally_connected(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    values, shapes = conv(random, rank)
    return {name: values[name] for name in ("filters", "kernel", "stride", "padding", "bias")}, shapes


def pool(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    kernel = per_axis(random, rank, 1, 4)
    values: Values = {
        "kernel": kernel,
        "stride": per_axis(random, rank, 1, 3),
        "padding": [[random.randint(0, k // 2), random.randint(0, k // 2)] for k in kernel],
        "rounding": random.choice(["floor", "ceil"]),
    }
    if random.random() < 0.3:
        values["padding"] = "same"
    elif random.random() < 0.3:
        values["dilation"] = per_axis(random, rank, 1, 2)
    return values, [(channels(random), *sides(random, rank))]


def avgpool(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    values, shapes = pool(random, rank)
    return values | {"count_padding": random.choice([True, False])}, shapes


def lppool(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    values, shapes = pool(random, rank)
    return values | {"p": random.choice([1, 2, 3, 2.5])}, shapes


def adaptive(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    values = {"size": per_axis(random, rank, 1, 7)}
    return values, [(channels(random), *sides(random, rank, 1))]


def upsample(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    interpolating = {1: ["linear"], 2: ["bilinear", "bicubic"], 3: ["trilinear"]}[rank]
    mode = random.choice(["nearest", "nearest_exact", "area", *interpolating * 2])
    values: Values = {"mode": mode}
    if mode in interpolating and random.random() < 0.5:
        values["align_corners"] = True
    if random.random() < 0.5:
        values["factor"] = random.choice([2, 3, 0.5, 1.5])
    else:
        values["size"] = per_axis(random, rank, 1, 11)
    return values, [(channels(random), *sides(random, rank, 1, 6))]


def pixel_shuffle(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    factor = random.randint(1, 3)
    return {"factor": factor}, [(random.randint(1, 3) * factor**rank, *sides(random, rank, 1, 4))]


def unshuffle(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    factor = random.randint(1, 3)
    return {"factor": factor}, [(channels(random), *(n * factor for n in sides(random, rank, 1, 4)))]


def border(random: Random, rank: int, low: int = -1) -> tuple[Values, list[Shape]]:
    shapes = [(channels(random), *sides(random, rank, 4))]
    if random.random() < 0.3:
        return {"size": per_axis(random, rank, 2, 9)}, shapes
    return {"amount": [[random.randint(low, 3), random.randint(low, 3)] for _ in range(rank)]}, shapes


def pad(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    values, shapes = border(random, rank, random.choice([-1, 0]))
    mode = random.choice(["zeros", "reflect", "replicate", "circular"])
    return values | {"mode": mode} | ({"value": 1.5} if random.random() < 0.3 else {}), shapes


def crop(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    return border(random, rank, 0)


def cut(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    shape = (channels(random), *sides(random, rank))
    values = {"start": random.randint(-3, 3), "axis": random.randint(0, rank)}
    return values | ({"end": random.randint(-3, 6)} if random.random() < 0.6 else {}), [shape]


def same(**choices: list[Any]) -> Draw:
    """Layers that take any input; one of the choices for each parameter, None for its default."""

    def draw(random: Random, rank: int) -> tuple[Values, list[Shape]]:
        values = {name: random.choice(options) for name, options in choices.items()}
        return values, [(channels(random), *sides(random, rank))]

    return draw


NORM: dict[str, list[Any]] = {
    "eps": [1e-5, 1e-3],
    "affine": [True, False],
    "scale": [True, False],
    "bias": [True, False],
}


def norm(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    return same(**NORM, track_stats=[True, False])(random, rank)


def layernorm(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    return same(**NORM, axis=["channels", "all", "last", *(["spatial"] if rank else [])])(random, rank)


def grouped(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    groups = random.randint(1, 4)
    return {"groups": groups}, [(channels(random, groups), *sides(random, rank))]


def groupnorm(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    values, shapes = grouped(random, rank)
    return same(**NORM)(random, rank)[0] | values, shapes


def fc(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    axis = random.choice(["channels", "last"]) if rank else None
    return same(units=[1, 3, 7], bias=[True, False], axis=[axis])(random, rank)


def embedding(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    length = random.randint(1, 20)
    return {"vocab": random.randint(1, 50), "dim": random.randint(1, 6)}, [(1, length) if rank else (length,)]


def reshape(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    shape = (channels(random), *sides(random, rank))
    parts = sorted(shape, key=lambda side: random.random())
    return {"shape": random.choice([parts, [-1], [parts[0], -1]])}, [shape]


def permute(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    return {"order": random.sample(range(rank + 1), rank + 1)}, [(channels(random), *sides(random, rank))]


def mean(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    return same(axes=["channels", "last", "all", *(["spatial"] if rank else []), [rank]])(random, rank)


def several(low: int = 1, high: int = 4, broadcast: bool = True) -> Draw:
    """Merges: equal shapes, sometimes with sides of 1."""

    def draw(random: Random, rank: int) -> tuple[Values, list[Shape]]:
        shape = (channels(random), *sides(random, rank))
        count = random.randint(low, high)
        thin = 0.15 if broadcast else 0.0
        return {}, [tuple(1 if random.random() < thin else side for side in shape) for _ in range(count)]

    return draw


def concat(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    rest = sides(random, rank)
    return {}, [(channels(random), *rest) for _ in range(random.randint(1, 4))]


def matmul(random: Random, rank: int) -> tuple[Values, list[Shape]]:
    *leading, m, k = (channels(random), *sides(random, rank))
    return {}, [(*leading, m, k), (*leading, k, random.randint(1, 6))]


DRAWS: dict[str, Draw] = {
    "conv": conv,
    "depthwise": depthwise,
    "pointwise": pointwise,
    "conv_transpose": conv_transpose,
    "locally_connected": locally_connected,
    "maxpool": pool,
    "avgpool": avgpool,
    "lppool": lppool,
    "adaptive_avgpool": adaptive,
    "adaptive_maxpool": adaptive,
    "upsample": upsample,
    "pixel_shuffle": pixel_shuffle,
    "pixel_unshuffle": unshuffle,
    "space_to_depth": unshuffle,
    "pad": pad,
    "crop": crop,
    "slice": cut,
    "batchnorm": norm,
    "instancenorm": norm,
    "layernorm": layernorm,
    "groupnorm": groupnorm,
    "shuffle": grouped,
    "lrn": same(size=[1, 2, 3, 4, 5], alpha=[1e-4, 0.1], beta=[0.75, 0.5], k=[1, 2]),
    "fc": fc,
    "embedding": embedding,
    "reshape": reshape,
    "permute": permute,
    "mean": mean,
    "leaky_relu": same(slope=[0.01, 0.2]),
    "prelu": same(per=["shared", "channel", "unit"]),
    "elu": same(alpha=[1, 0.5]),
    "gelu": same(approximate=["none", "tanh"]),
    "concat": concat,
    "sub": several(2, 2),
    "matmul": matmul,
    "scale": same(init=[0.5, 1]),
    **dict.fromkeys(("add", "mul", "average", "maximum"), several()),
}
"""How the parameters of each kind are drawn; kinds that are not here have none."""
