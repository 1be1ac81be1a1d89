"""The classics of papers and courses against every total published of them.

That each file keeps its own `expect:` is tested in `test_specs.py`; here are the figures of others.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from math import prod
from typing import Any

import pytest

import cnncalc
from cnncalc.analysis.summary import Summary
from tests.zoo.shipped import members, path, summary

Settings = tuple[tuple[str, Any], ...]

# name, settings, params, MACs where the source prints them, output; the source
EXACT: list[tuple[str, dict[str, Any], int, int | None, tuple[int, ...]]] = [
    ("lenet5", {}, 61706, 416520, (10,)),  # D2L §7.6; MACs: tables of classic networks (mo4tech)
    ("lenet5_1998", {}, 60000, None, (84,)),  # LeCun et al. 1998, §II.B: "only 60,000 trainable free parameters"
    ("digit_net", {}, 61706, None, (10,)),  # the course notes' digit net
    ("digit_net_rgb", {}, 62006, None, (10,)),  # Ng's slide, corrected
    ("alexnet_2012", {}, 60965224, 724406816, (1000,)),  # netscope; tables of classic networks
    ("caffenet", {}, 60965224, 724406816, (1000,)),  # the same
    ("alexnet_one_gpu", {}, 62378344, None, (1000,)),  # osmr/imgclsmob: AlexNet
    ("zfnet", {}, 62357608, None, (1000,)),  # osmr/imgclsmob
    ("nin", {}, 966986, None, (10,)),  # osmr/imgclsmob
    ("googlenet_2014", {}, 6998552, None, (1000,)),  # copies of BVLC GoogLeNet
    ("googlenet_2014_aux", {}, 13378280, None, (1000,)),  # the same
    ("resnet50_v1", {}, 25557032, None, (1000,)),  # osmr/imgclsmob (its 'b' models have the stride in the 3x3)
    ("resnet101_v1", {}, 44549160, None, (1000,)),  # the same
    ("resnet152_v1", {}, 60192808, None, (1000,)),  # the same
    ("cifar_resnet20", {}, 272474 - 2752, None, (10,)),  # osmr/imgclsmob, less its 1x1 shortcuts
    ("cifar_resnet56", {}, 855770 - 2752, None, (10,)),  # the same
    ("cifar_resnet110", {}, 1730714 - 2752, None, (10,)),  # the same
    ("cifar_resnet1202", {}, 19424026 - 2752, None, (10,)),  # the same
    ("wrn_28_10", {}, 36479194, None, (10,)),  # osmr/imgclsmob
    ("wrn_28_10", {"depth": 16}, 17116634, None, (10,)),  # osmr/imgclsmob: WRN-16-10
    ("wrn_28_10", {"depth": 40, "k": 8}, 35748314, None, (10,)),  # osmr/imgclsmob: WRN-40-8
    ("xception", {}, 22855952, None, (1000,)),  # Chollet 2017, table 3
    ("inception_v4", {}, 42679816, None, (1000,)),  # timm
    ("inception_resnet_v2", {}, 55843464, None, (1000,)),  # timm
    ("seresnet50", {}, 28088024, None, (1000,)),  # osmr/imgclsmob
    ("seresnet101", {}, 49326872, None, (1000,)),  # the same
    ("seresnet152", {}, 66821848, None, (1000,)),  # the same
    ("shufflenet_v1", {}, 1865728, None, (1000,)),  # osmr/imgclsmob: ShuffleNet x1.0 (g=3)
    ("shufflenet_v1_g1", {}, 1531936, None, (1000,)),  # the same, g=1
    ("shufflenet_v1_g2", {}, 1733848, None, (1000,)),  # the same, g=2
    ("shufflenet_v1_g4", {}, 1968344, None, (1000,)),  # the same, g=4
    ("shufflenet_v1_g8", {}, 2434768, None, (1000,)),  # the same, g=8
    ("shufflenet_v1_0.5x", {}, 718324, None, (1000,)),  # the same, x0.5 (g=3)
    ("unet", {}, 31030658, None, (2, 388, 388)),  # jakeret/unet; sizes: Ronneberger et al. 2015, figure 1
    ("unet", {"classes": 1}, 31030593, None, (1, 388, 388)),  # summaries of PyTorch copies
    ("unet_256", {}, 31037698, None, (2, 256, 256)),  # milesial/Pytorch-UNet, 2 classes
    ("unet_256", {"classes": 1}, 31037633, None, (1, 256, 256)),  # the same, 1 class
    ("unet3d", {}, 19069955, None, (3, 44, 44, 28)),  # Çiçek et al. 2016, §2; sizes: figure 2
    ("c3d", {}, 79991015, None, (487,)),  # summaries of PyTorch copies
    ("c3d_ucf101", {}, 78409573, None, (101,)),  # the same
    ("dcgan_generator", {}, 3576704, None, (3, 64, 64)),  # PyTorch's DCGAN example
    ("dcgan_discriminator", {}, 2765568, None, (1, 1, 1)),  # the same
    ("srcnn", {"bias": False}, 8032, None, (1, 21, 21)),  # Dong et al. 2016, §4.3: weights only
    ("srcnn_935", {"bias": False}, 24416, None, (1, 19, 19)),  # the same
    ("srcnn_955", {"bias": False}, 57184, None, (1, 17, 17)),  # the same
    ("autoencoder", {}, 4385, None, (1, 28, 28)),  # Keras' summary of the blog's code
    ("darknet19", {}, 20842376, None, (1000,)),  # summary of a PyTorch copy
    ("darknet53", {}, 41609928, None, (1000,)),  # osmr/imgclsmob
    ("yolov1", {}, 271703550, None, (30, 7, 7)),  # summaries of PyTorch copies
    ("yolov3", {}, 61949149, None, (255, 13, 13)),  # the same
    ("fcn8s", {}, 134489759, None, (21, 500, 500)),  # a PyTorch copy
    ("aspp", {}, 15535104, None, (256, 33, 33)),  # the module in torchvision's deeplabv3_resnet50
    ("densenet_bc_100_12", {}, 769162, None, (10,)),  # osmr/imgclsmob
    ("densenet_bc_100_12", {"L": 40}, 176122, None, (10,)),  # osmr/imgclsmob: DenseNet-BC-40 (k=12)
    ("densenet_bc_250_24", {}, 15324406, None, (10,)),  # osmr/imgclsmob
    ("densenet_bc_190_40", {}, 25624430, None, (10,)),  # osmr/imgclsmob
    ("nasnet_cells", {}, 5289978, None, (1000,)),  # Keras' NASNetMobile, trainable
    ("nasnet_large", {}, 88753150, None, (1000,)),  # Keras' NASNetLarge, trainable
    ("retinanet_r50_fpn", {}, 34014999, None, (819, 100, 100)),  # torchvision's documentation
    ("siamese", {}, 38951745, None, (1,)),  # a survey's table of networks, Omniglot
    ("unetpp", {}, 9041601, None, (1, 96, 96)),  # the authors' Keras code
]

# name, settings, what the source prints of which quantity; the source
ROUNDED: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("googlenet_2014_aux", {}, {"macs": "1.59 G"}),  # torchinfo on a PyTorch copy
    ("resnet50_v1", {}, {"macs": "3.8 G"}),  # He et al. 2016, table 1
    ("resnet101_v1", {}, {"macs": "7.6 G"}),  # the same
    ("resnet152_v1", {}, {"macs": "11.3 G"}),  # the same
    ("cifar_resnet20", {}, {"params": "0.27 M"}),  # He et al. 2016, table 6
    ("cifar_resnet32", {}, {"params": "0.46 M"}),  # the same
    ("cifar_resnet44", {}, {"params": "0.66 M"}),  # the same
    ("cifar_resnet56", {}, {"params": "0.85 M"}),  # the same
    ("cifar_resnet110", {}, {"params": "1.7 M"}),  # the same
    ("cifar_resnet1202", {}, {"params": "19.4 M"}),  # the same
    ("wrn_28_10", {}, {"params": "36.5 M"}),  # Zagoruyko & Komodakis 2016, table 4
    ("wrn_40_4", {}, {"params": "8.9 M"}),  # the same
    ("wrn_40_2", {}, {"params": "2.2 M"}),  # the same
    ("wrn_40_1", {}, {"params": "0.6 M"}),  # the same
    ("wrn_16_8", {}, {"params": "11.0 M"}),  # the same
    ("mobilenet_v1", {}, {"params": "4.2 M", "macs": "569 M"}),  # Howard et al. 2017, table 6
    ("mobilenet_v1_0.75", {}, {"params": "2.6 M", "macs": "325 M"}),  # the same
    ("mobilenet_v1_0.5", {}, {"params": "1.3 M", "macs": "149 M"}),  # the same
    ("mobilenet_v1_0.25", {}, {"params": "0.5 M", "macs": "41 M"}),  # the same
    ("mobilenet_v1_192", {}, {"params": "4.2 M", "macs": "418 M"}),  # table 7
    ("mobilenet_v1_160", {}, {"params": "4.2 M", "macs": "290 M"}),  # the same
    ("mobilenet_v1_128", {}, {"params": "4.2 M", "macs": "186 M"}),  # the same
    ("mobilenet_v1_0.5", {"resolution": 192}, {"macs": "110 M"}),  # TF-slim's README, where it is right
    ("mobilenet_v1_0.5", {"resolution": 160}, {"macs": "77 M"}),  # the same
    ("mobilenet_v1_0.5", {"resolution": 128}, {"macs": "49 M"}),  # the same
    ("mobilenet_v1_0.25", {"resolution": 160}, {"macs": "21 M"}),  # the same
    ("mobilenet_v1_0.25", {"resolution": 128}, {"macs": "14 M"}),  # the same
    ("shufflenet_v1_0.5x", {}, {"macs": "38 M", "params": "0.7 M"}),  # Zhang et al. 2018, table 2; megvii-model
    ("shufflenet_v1_1.5x", {}, {"macs": "292 M", "params": "3.4 M"}),  # table 5; megvii-model
    ("shufflenet_v1_2x", {}, {"macs": "524 M", "params": "5.4 M"}),  # the same
    ("c3d_ucf101", {}, {"params": "78.4 M", "macs": "38.5 G"}),  # MMAction2's model zoo
    ("darknet19", {}, {"flops": "5.58 G"}),  # Redmon & Farhadi 2017, §3: two operations per MAC
    ("darknet19", {"resolution": 256}, {"flops": "7.29 G"}),  # the authors' site
    ("darknet19_448", {}, {"flops": "22.33 G"}),  # the same
    ("darknet53", {}, {"flops": "18.57 G"}),  # the same
    ("yolov3_320", {}, {"flops": "38.97 G"}),  # the same
    ("yolov3", {}, {"flops": "65.86 G"}),  # the same
    ("yolov3_608", {}, {"flops": "140.69 G"}),  # the same
    ("fcn8s", {}, {"params": "134 M"}),  # Long et al. 2015, table 1
    ("hg_s8_b1", {}, {"params": "25.59 M"}),  # bearpaw/pytorch-pose
    ("hg_s2_b1", {}, {"params": "6.73 M"}),  # the same
    ("densenet_40_12", {}, {"params": "1.0 M"}),  # Huang et al. 2017, table 2
    ("densenet_100_12", {}, {"params": "7.0 M"}),  # the same
    ("densenet_100_24", {}, {"params": "27.2 M"}),  # the same
    ("nasnet_cells", {}, {"params": "5.3 M", "macs": "564 M"}),  # Zoph et al. 2018, table 2
    ("nasnet_large", {}, {"kept": "88.9 M", "macs": "23.8 G"}),  # the same
    ("retinanet_r50_fpn", {}, {"macs": "151.54 G"}),  # torchvision's documentation
    ("unetpp_bn", {}, {"params": "9.16 M"}),  # 4uiiurz1/pytorch-nested-unet
]

# name, params and buffers together; the source
KEPT: list[tuple[str, int]] = [
    ("mobilenet_v1", 4253864),  # Keras' "Total params"
    ("xception", 22910480),  # the same
    ("nasnet_cells", 5326716),  # the same
    ("nasnet_large", 88949818),  # the same
    ("resnet50_v1", 25636712 - 26560),  # the same, less Keras' biases before batch norm
    ("yolov3", (248007048 - 20) // 4),  # yolov3.weights: a header of 20 bytes, then float32
    ("darknet53", (162482580 - 20) // 4 + 1024 * 1000 + 1000),  # darknet53.conv.74, and the classifier
]


@cache
def numbers(name: str, settings: Settings = ()) -> Summary:
    stem, preset = members()[name]
    return cnncalc.load(path(stem), preset=preset, set=dict(settings)).summary() if settings else summary(stem, preset)


def ident(value: Any) -> str | None:
    return value if isinstance(value, str) else None


@pytest.mark.parametrize("name, settings, params, macs, output", EXACT, ids=ident)
def test_published_to_the_unit(
    name: str, settings: dict[str, Any], params: int, macs: int | None, output: tuple[int, ...]
) -> None:
    result = numbers(name, tuple(settings.items()))
    graph = result.network.graph
    assert result.totals.trainable == params
    assert macs is None or result.totals.macs == macs
    assert graph.nodes[next(iter(graph.outputs.values()))].shape == output


@pytest.mark.parametrize("name, settings, printed", ROUNDED, ids=ident)
def test_published_and_rounded(name: str, settings: dict[str, Any], printed: dict[str, str]) -> None:
    """Papers round to the digits they print, or cut there."""
    totals = numbers(name, tuple(settings.items())).totals
    kept = totals.trainable + totals.buffers
    values = {"params": totals.trainable, "kept": kept, "macs": totals.macs, "flops": totals.flops}
    for quantity, text in printed.items():
        digits, unit = text.split()
        value = Decimal(values[quantity]) / {"M": 10**6, "G": 10**9}[unit]
        assert Decimal(digits) in {value.quantize(Decimal(digits), how) for how in (ROUND_HALF_UP, ROUND_DOWN)}


@pytest.mark.parametrize("name, total", KEPT, ids=ident)
def test_published_with_kept_statistics(name: str, total: int) -> None:
    totals = numbers(name).totals
    assert totals.trainable + totals.buffers == total


def weighted(name: str, settings: Settings = ()) -> list[tuple[tuple[int, ...], int, int]]:
    """Output, parameters and MACs of the layers that have weights."""
    return [
        (row.node.shape, row.node.trainable, row.macs) for row in numbers(name, settings).rows if row.node.trainable
    ]


def test_the_digit_net_of_the_notes() -> None:
    rows = numbers("digit_net").rows
    sizes = [row.node.shape for row in rows if row.node.kind not in ("relu", "softmax")]
    assert sizes == [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5), (400,), (120,), (84,), (10,)]
    assert [params for _, params, _ in weighted("digit_net")] == [156, 2416, 48120, 10164, 850]
    assert [params for _, params, _ in weighted("digit_net_rgb")] == [456, 2416, 48120, 10164, 850]


def test_lenet_as_published() -> None:
    """LeCun et al. 1998, §II.B, layer by layer."""
    published = {"c1": (156, 122304), "c3": (1516, 151600), "c5": (48120, 48120), "f6": (10164, 10164)}
    groups: dict[str, tuple[int, int]] = {}
    for row in numbers("lenet5_1998").rows:
        biases = prod(row.node.shape) if row.node.trainable else 0
        layer = row.node.name.partition(".")[0]
        params, connections = groups.get(layer, (0, 0))
        groups[layer] = params + row.node.trainable, connections + row.macs + biases
    assert {layer: groups[layer] for layer in published} == published
    assert groups["s2"][0] == 12
    assert groups["s4"][0] == 32
    assert numbers("lenet5").totals.weight_layers == 5


def test_alexnet_layer_by_layer() -> None:
    """Weights and connections without biases, as in a CSC411 homework; 'connections' are MACs."""
    assert [(prod(shape), params - shape[0], macs) for shape, params, macs in weighted("alexnet_2012")] == [
        (290400, 34848, 105415200),
        (186624, 307200, 223948800),
        (64896, 884736, 149520384),
        (64896, 663552, 112140288),
        (43264, 442368, 74760192),
        (4096, 37748736, 37748736),
        (4096, 16777216, 16777216),
        (1000, 4096000, 4096000),
    ]
    one_gpu = [params for _, params, _ in weighted("alexnet_one_gpu")]
    assert one_gpu[:4] == [34944, 614656, 885120, 1327488]


def test_alexnet_does_not_come_out_even_at_224() -> None:
    """CS231n: (224 - 11)/4 + 1 = 54.25, but the paper's first layer is 55x55, as it is from 227."""
    assert cnncalc.load(path("alexnet_2012"), input="3x224x224").summary().rows[0].node.shape == (96, 54, 54)
    assert numbers("alexnet_2012").rows[0].node.shape == (96, 55, 55)


def test_googlenet_row_by_row() -> None:
    """Szegedy et al. 2015, table 1, with its errata: millions of operations, thousands (1024) of weights."""
    rows = weighted("googlenet_2014")
    stem, cells = rows[:3], [rows[3 + 6 * i : 9 + 6 * i] for i in range(9)]
    operations = [round(sum(macs for _, _, macs in cell) / 1e6, 1) for cell in cells]
    assert operations == [128.0, 304.3, 73.6, 87.9, 99.9, 118.5, 170.0, 51.1, 70.7]  # printed 54 for 51.1
    weights = [round(sum(params - shape[0] for shape, params, _ in cell) / 1024, 1) for cell in cells]
    assert (weights[0], weights[4], weights[7]) == (159.5, 497.5, 1018.0)  # printed 159, 463, 1072
    assert (stem[0][1] - 64, round(stem[0][2] / 1e6)) == (9408, 118)  # printed 2.7K, 34M


@pytest.mark.parametrize("name, printed", [("_g1", 143), ("_g2", 140), ("", 137), ("_g4", 133), ("_g8", 137)])
def test_shufflenet_complexity_is_that_of_the_convolutions(name: str, printed: int) -> None:
    """Zhang et al. 2018, table 1: without the classifier."""
    rows = weighted(f"shufflenet_v1{name}")
    assert round(sum(macs for _, _, macs in rows[:-1]) / 1e6) == printed


def test_retinanet_as_mmdetection_counts_it() -> None:
    """It prints 37.74 M: the stem and first stage, which it freezes, are left out."""
    rows = numbers("retinanet_r50_coco80").rows
    first_stage = next(i for i, row in enumerate(rows) if row.node.name.startswith("c3"))
    assert round(sum(row.node.trainable for row in rows[first_stage:]) / 1e6, 2) == 37.74


def test_two_streams_are_cnn_m_2048() -> None:
    """With 1000 classes one has the 370 MB of VGG_CNN_M_2048.caffemodel; the other sees 17 channels more."""
    total = numbers("twostream", (("classes", 1000),)).totals.trainable
    assert round((total - 17 * 7 * 7 * 96) / 2 * 4 / 1e6) == 370


def test_yolov1_operations_of_the_site() -> None:
    """40.19 Bn: figure 3's convolutions, and yolov1.cfg's 12544 x 1715 last layer."""
    convolutions = sum(macs for shape, _, macs in weighted("yolov1") if len(shape) == 3)
    assert round(2 * (convolutions + 12544 * 1715) / 1e9, 2) == 40.19


def test_wavenet_sees_1024_samples_per_run() -> None:
    """Van den Oord et al. 2016, §2.1."""
    assert numbers("wavenet", (("runs", 1),)).rows[-1].field.size == (1024,)
    assert numbers("wavenet").rows[-1].field.size == (3 * 1023 + 1,)
