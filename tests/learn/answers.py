"""Which question of the homework is asked how; those that belong to other commands, and why."""

from __future__ import annotations

from math import prod
from typing import Any

from tests.learn.questions import (
    CIFAR,
    COURSE,
    EXAM,
    KERAS,
    SLIDING,
    Question,
    ask,
    conv,
    field_net,
    fields,
    fits_and_floor,
    hwc,
    invalid,
    lecun,
    macs,
    net,
    of,
    params,
    row,
    shape,
    side,
    table_row,
    vgg_row,
    vgg_total,
)

INCEPTION = """input: 192x28x28
layers:
- concat:
  - [pointwise: 64]
  - [conv: {filters: 128, kernel: 3, padding: 1}]
  - [conv: {filters: 32, kernel: 5, padding: 2}]
  - [maxpool: {kernel: 3, stride: 1, padding: 1}, pointwise: 32]
"""
DENSE = """input: 3x8x8
layers:
- repeat: 2
  do: [concat: {old: [], new: [conv: {filters: 10, kernel: 3, padding: 1}]}]
- pointwise: 10
- avgpool: 2
"""
LENET28 = """input: 1x28x28
layers:
- conv: {filters: 6, kernel: 5, padding: 2}
- avgpool: 2
- conv: {filters: 16, kernel: 5}
- avgpool: 2
- flatten
- fc: 120
- fc: 84
- fc: 10
"""
NARROW = "input: 192x28x28\nlayers: [pointwise: 16, conv: {filters: 32, kernel: 5, padding: 2}]\n"
SEPARABLE = "input: 3x6x6\nlayers: [depthwise: 3, pointwise: 5]\n"
INVERTED = """input: 5x8x8
layers:
- pointwise: {filters: 30, bias: false}
- depthwise: {kernel: 3, padding: 1, bias: false}
- pointwise: {filters: 20, bias: false}
"""
C = 16


def _weights(a: list[Any]) -> dict[str, Any]:
    one = row(a, -1)
    return {
        "shape": hwc(one["output_shape"]),
        "weights": prod(one["weights"]["weight"]),
        "biases": one["weights"]["bias"][0],
    }


def _alexnet(a: list[Any]) -> list[Any]:
    rows = [r for r in a[0]["layers"] if r["type"] in ("conv", "fc")]
    return [[prod(r["output_shape"]), prod(r["weights"]["weight"]), r["macs"]] for r in rows]


def _multiples(*factors: int) -> Any:
    return lambda a: [one["trainable"] == factor * C * C for one, factor in zip(a, factors, strict=True)]


THREE = f"input: {C}x32x32\nlayers:\n" + 3 * f"- conv: {{filters: {C}, kernel: 3, bias: false}}\n"
STACK = f"{C}x32x32 {C} -f 3 --no-bias"

QUESTIONS: dict[str, Question] = {
    "ng-w1-same7": ask(
        "solve --in 63 --out 63 --kernel 7 --padding ?", found=lambda a: a[0]["solutions"][0]["padding"]
    ),
    "ng-w1-121same": ask("solve --kernel 5 --padding ?", found=lambda a: a[0]["padding"][0]),
    "ng-w1-121": ask("conv 121x121x16 32 -f 4 -s 3 --hwc", found=shape),
    "ng-w1-128pool4": ask("pool 128x128x12 4 -s 4 --hwc", found=shape),
    "ng-w2-1x1": ask("conv 64x64x16 1 -f 1 --hwc", found=params),
    "ng-w2-mbv2-params": net(INVERTED, lambda a: a[0]["totals"]["trainable"]),
    "ng-w4-3d": ask("conv 32x32x32x16 32 -f 3 --hwc", found=shape),
    "ng-w4-3d-s2": ask("conv 64x64x64x3 16 -f 4 -s 2 --hwc", found=shape),
    "ng-lec-6x6": ask("conv 6x6x1 1 -f 3 --hwc", found=lambda a: shape(a)[:2]),
    "ng-lec-39-1": ask("conv 39x39x3 10 -f 3 --hwc", found=shape),
    "ng-lec-39-2": ask("conv 37x37x10 20 -f 5 -s 2 --hwc", found=shape),
    "ng-lec-1000": ask("fc 1000x1000x3 1000 --hwc --no-bias", found=params),
    "ng-lenet-input": net(
        COURSE,
        lambda a: [hwc(a[0]["inputs"]["input"]), prod(a[0]["inputs"]["input"])],
        lambda e: [e["shape"], e["size"]],
    ),
    "ng-lenet-conv1": net(COURSE, table_row(0)),
    "ng-lenet-pool2": net(COURSE, table_row(3)),
    "ng-lenet-fc4": net(COURSE, lambda a: row(a, 6)["trainable"], lambda e: e["params"]),
    "ng-lenet-errata": net(
        COURSE,
        lambda a: (
            [0] + [r["trainable"] for r in a[0]["layers"] if r["type"] != "flatten"] + [a[0]["totals"]["trainable"]]
        ),
        lambda e: [*e["correct"], e["total"]],
    ),
    "ng-lenet8-conv2": ask(
        "conv 14x14x8 16 -f 5 --hwc",
        found=lambda a: {"shape": shape(a), "size": prod(shape(a)), "params": params(a)},
    ),
    "ng-inc-direct": ask("conv 28x28x192 32 -f 5 -p same --hwc", found=macs),
    "ng-inc-bottleneck": net(
        NARROW,
        lambda a: {"first": row(a, 0)["macs"], "second": row(a, 1)["macs"], "total": a[0]["totals"]["macs"]},
    ),
    "ng-inc-module": net(INCEPTION, lambda a: hwc(row(a, -1)["output_shape"])),
    "ng-mobilenet-dws": net(
        SEPARABLE,
        lambda a: {"depthwise": row(a, 0)["macs"], "pointwise": row(a, 1)["macs"], "total": a[0]["totals"]["macs"]},
        of("depthwise", "pointwise", "total"),
    ),
    "cs-ex2": ask("conv 16x16x20 1 -f 3 --hwc --no-bias", found=params),
    "cs-7-s2": ask("conv 7x7x1 1 -f 3 -s 2 --hwc", found=lambda a: shape(a)[:2]),
    "cs-1d-s3": ask("conv 1x5 1 -f 3 -p 1 -s 3", found=invalid, wanted=fits_and_floor),
    "cs-w10": ask("conv 1x10 1 -f 3 -s 2", found=invalid, wanted=fits_and_floor),
    "cs-alex224": ask("conv 224x224x3 96 -f 11 -s 4 --hwc", found=invalid, wanted=fits_and_floor),
    "cs-alex": ask("conv 227x227x3 96 -f 11 -s 4 --hwc", found=lambda a: {"out": shape(a), "neurons": prod(shape(a))}),
    "cs-alex-noshare": ask("locally_connected 227x227x3 96 -f 11 -s 4 --hwc", found=params),
    "cs-fc2conv": net(
        SLIDING,
        lambda a: [hwc(row(a, -4)["output_shape"]), hwc(row(a, -1)["output_shape"])],
        lambda e: [e["before"], e["out"]],
    ),
    "cs-3stack": Question(
        ("explain net.yaml --what field", f"conv {C}x32x32 {C} -f 7 --no-bias", f"conv {STACK}"),
        lambda a: [fields(a), a[1]["trainable"] == 49 * C * C, 3 * a[2]["trainable"] == 27 * C * C],
        lambda e: [e["rf"], e["single"] == "49C^2", e["stack"] == "27C^2"],
        THREE,
    ),
    "cs-vgg-total": ask("summary vgg16", found=vgg_total),
    "cs-conv10": net(
        CIFAR,
        lambda a: [r["trainable"] for r in a[0]["layers"] if r["trainable"]] + [a[0]["totals"]["trainable"]],
        lambda e: [e["conv1"], e["conv2"], e["conv3"], e["fc"], e["total"]],
    ),
    "cs230-hist-6": net(EXAM, lambda a: hwc(row(a, 5)["output_shape"]), lambda e: e["shape"]),
    "cs230-hist-7": net(EXAM, _weights),
    "lecun-C1": ask("summary lenet5", found=lecun("c1"), wanted=of("params", "connections")),
    "lecun-C3": ask("summary lenet5 --set published=true", found=lecun("c3"), wanted=of("params", "connections")),
    "lecun-F6": ask("fc 120 84", found=params, wanted=lambda e: e["params"]),
    "d2l-groups": ask(
        "conv 16x8x8 32 -f 3 --no-bias",
        "conv 16x8x8 32 -f 3 --no-bias -g 4",
        found=lambda a: "g" if all(a[0][k] == 4 * a[1][k] for k in ("trainable", "macs")) else None,
    ),
    "d2l-alex-1gb": ask(
        "fc 9216 4096",
        "fc 4096 4096",
        found=lambda a: a[0]["trainable"] + a[1]["trainable"],
        wanted=lambda e: e["params_fc6_fc7"],
    ),
    "d2l-vgg-stack": ask(
        f"conv {STACK}",
        f"conv {C}x32x32 {C} -f 5 --no-bias",
        found=_multiples(9, 25),
        wanted=lambda e: [e["three_3x3"] == "27 c^2", e["one_5x5"] == "25 c^2"],
    ),
    "d2l-lenet": net(
        LENET28,
        lambda a: [r["output_shape"] for r in a[0]["layers"]] + [a[0]["totals"]["trainable"]],
        lambda e: [r["out"] for r in e[:-1]] + [e[-1]["params"]],
    ),
    "d2l-dense": net(DENSE, lambda a: {"dense": row(a, -3)["output_shape"], "transition": row(a, -1)["output_shape"]}),
    "d2l-tconv-shape": ask(
        "conv 10x16x16 20 -f 5 -p 2 -s 3",
        "deconv 20x6x6 10 -f 5 -p 2 -s 3",
        found=lambda a: {"conv": a[0]["output_shape"][1], "tconv": a[1]["output_shape"][1]},
    ),
    "flux-1": ask("deconv 3x100x100 7 -f 5", found=lambda a: {"out": side(a), "params": params(a)}),
    "flux-2": ask("deconv 3x100x100 7 -f 5 -s 2", found=lambda a: {"out": side(a)}),
    "flux-3": ask("deconv 3x100x100 7 -f 5 -s 3 -p same", found=lambda a: {"out": side(a)}),
    "dv-r2": ask("conv 1x5x5 1 -f 4 -p 2", found=side),
    "dv-r5": ask("conv 1x5x5 1 -f 3 -s 2", found=side),
    "dv-r7": ask("pool 1x5x5 3 -s 1", found=side),
    "dv-r8": ask("deconv 1x2x2 1 -f 3", found=side),
    "dv-r9": ask("deconv 1x6x6 1 -f 4 -p 2", found=side),
    "dv-r10": ask("deconv 1x5x5 1 -f 3 -p 1", found=side),
    "dv-r11": ask("deconv 1x7x7 1 -f 3 -p 2", found=side),
    "dv-r12": ask("deconv 1x2x2 1 -f 3 -s 2", found=side),
    "dv-r14": ask("deconv 1x3x3 1 -f 3 -s 2 -p 1 --output-padding 1", found=side),
    "dv-r15": ask("conv 1x7x7 1 -f 3 -d 2", found=side),
    "filo-empty": ask("summary alexnet_2012", found=_alexnet, wanted=lambda e: [r[1:] for r in e["rows"]]),
    "so-alex25m": net(
        KERAS,
        lambda a: {f"conv{i}": r["trainable"] for i, r in enumerate((r for r in a[0]["layers"] if r["trainable"]), 1)},
    ),
    "nemotron-5x5": ask("conv 5x5x1 1 -f 3 -p 2 --hwc", found=lambda a: shape(a)[:2]),
    "mnist-12": ask("conv 28x28x1 4 -f 7 -s 3 --hwc", found=lambda a: {"out": shape(a), "flat": prod(shape(a))}),
    "fvcore-conv1": ask("conv 10x15x15 3 -f 3 -p 1 --batch 5", found=macs),
    "fvcore-conv3": ask("conv 16x15x15 8 -f 5 -p 2 -g 4 --batch 5", found=macs),
    "fvcore-conv4": ask("conv 16x15x15 8 -f 3 -p 1 -g 8 --batch 5", found=macs),
    "fvcore-conv5": ask("conv 10x15 3 -f 3 -p 1 --batch 5", found=macs),
    **{f"cs-vgg-{number:02}": vgg_row(number) for number in (1, 3, 4, 5, 6, 8, 9, 10, 12, 16, 18)},
    "rf-csdn": Question(
        ("explain net.yaml --what field",),
        fields,
        spec=field_net(conv(3), "maxpool: 2", conv(3), "maxpool: 2", conv(3), conv(3), "maxpool: 2"),
    ),
    "rf-dilated": Question(
        ("explain net.yaml --what field",), fields, spec=field_net(conv(3, 1), conv(3, 2), conv(3, 4))
    ),
    "rf-context": Question(
        ("explain net.yaml --what field",),
        fields,
        spec=field_net(*(conv(3, d) for d in (1, 1, 2, 4, 8, 16, 1)), conv(1)),
    ),
}

ELSEWHERE = {
    "conv1d-a1": "numbers that run: cnncalc run and filter",
    "conv1d-a2": "numbers that run: cnncalc run and filter",
    "cs-demo-numeric": "numbers that run: cnncalc run",
    "fvcore-bilinear": "another tool's way of counting: cnncalc summary --count",
}
