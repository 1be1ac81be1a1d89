"""Memory against simulations that know nothing of the analysis, and against arithmetic written out by hand."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.analysis.training import Schedule
from cnncalc.graph import Graph
from tests.analysis.random_nets import trees

MIB = 1 << 20


# -- inference ----------------------------------------------------------------------------------


def simulated_peak(graph: Graph) -> int:
    """Run the graph once, tensor by tensor, throwing away what no later layer reads; elements."""
    memory = {index: prod(graph.nodes[index].shape) for index in graph.inputs.values()}
    owner = {index: index for index in graph.inputs.values()}
    most = 0
    for node in graph.layers():
        if node.kind in ("flatten", "reshape", "dropout", "drop_path", "identity"):
            owner[node.index] = owner[node.inputs[0]]
        else:
            owner[node.index] = node.index
            memory[node.index] = prod(node.shape)
        most = max(most, sum(memory.values()))
        later = {source for one in graph.layers() if one.index > node.index for source in one.inputs}
        needed = {owner[index] for index in later | set(graph.outputs.values()) if index in owner}
        first = {index for index in graph.inputs.values() if index in later}
        memory = {index: size for index, size in memory.items() if index in needed | first}
    return most


VIEWS = st.sampled_from(["dropout", "{dropout: 0.2}", "identity", "relu", "batchnorm"])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.tuples(trees(1), VIEWS), min_size=1, max_size=3), st.integers(4, 24), st.integers(1, 3))
def test_inference_peak_is_what_a_run_needs(parts: list[tuple[object, str]], n: int, batch: int) -> None:
    import numpy as np

    from tests.analysis.random_nets import ImpossibleError, run

    a, texts = np.ones((1, 1, n)), []
    for steps, view in parts:
        try:
            more, a = run(steps, a)  # type: ignore[arg-type]
        except ImpossibleError:
            return
        texts += [*more, view]
    network = cnncalc.loads(f"input: 1x{n}\nlayers: [{', '.join(texts)}]")
    memory = network.summary(batch=batch).totals.memory
    assert memory.peak_inference_bytes == 4 * batch * simulated_peak(network.graph)


@pytest.mark.parametrize("name", ["resnet18", "googlenet", "densenet121", "unet", "siamese"])
def test_inference_peak_of_known_networks(name: str) -> None:
    network = cnncalc.load(name)
    assert network.summary().totals.memory.peak_inference_bytes == 4 * simulated_peak(network.graph)


# -- training, by hand --------------------------------------------------------------------------


def test_vgg16_by_hand() -> None:
    """Every convolution keeps its input, every ReLU its output; where they are one tensor it counts once."""
    batch = 64
    memory = cnncalc.load("vgg16").memory(batch=batch, optimizer="momentum")
    parameters = 138_357_544
    assert memory.static == (4 * parameters, 4 * parameters, 4 * parameters, 0, 0)
    image = 3 * 224 * 224  # kept by conv1
    relus = 2 * 64 * 224**2 + 2 * 128 * 112**2 + 3 * 256 * 56**2 + 3 * 512 * 28**2 + 3 * 512 * 14**2
    # the input of the first convolution after each pooling is the pool's output; the last pool is adapted to
    # 7x7, which gives what fc1 keeps
    pools = 64 * 112**2 + 128 * 56**2 + 256 * 28**2 + 512 * 14**2
    indices = pools + 512 * 7**2  # one of 8 bytes for each output of the five poolings
    heads = 512 * 7**2 + 4096 + 4096 + 4096 + 4096  # fc1's input; two ReLUs; what dropout gives fc2 and fc3
    masks = 4096 + 4096  # 1 byte each
    kept = 4 * (image + relus + pools + heads) + 8 * indices + masks
    assert memory.kept_bytes == batch * kept

    # The peak is in the backward of the last pooling: all that is kept before the classifier is still there,
    # and the gradients of the pool's output and input.  What fc1 kept is not needed any more.
    before = 4 * (image + relus + pools) + 8 * indices
    gradients = 4 * (512 * 7**2 + 512 * 14**2)
    assert memory.peak.title == "backward of maxpool5"
    assert memory.peak.alive.total(batch) == batch * (before + gradients)
    assert memory.peak.scratch.total(batch) == 0
    assert memory.peak_bytes == 3 * 4 * parameters + batch * (before + gradients)

    # For few samples the matrix of one sample's windows weighs more: the peak moves to the backward of conv10.
    # What conv11 to conv13 and the last two pools kept is gone then, and so is the last ReLU at 28x28.
    small = cnncalc.load("vgg16").memory(batch=8, optimizer="momentum")
    relus -= 512 * 28**2 + 3 * 512 * 14**2
    pools -= 512 * 14**2
    gradients = 4 * (512 * 28**2 + 512 * 28**2)
    assert small.peak.title == "backward of conv10"
    assert small.peak.scratch == (0, 4 * 512 * 3 * 3 * 28**2)
    assert small.peak.alive == (4 * (image + relus + pools) + 8 * pools + gradients, 0)


def test_resnet50_by_hand() -> None:
    """Batch norm keeps its input (the convolution's output) and statistics, ReLU its output, for each of the parts."""
    memory = cnncalc.load("resnet50").memory(batch=1)
    parameters, statistics = 25_557_032, 53_120
    assert memory.static == (4 * parameters, 4 * parameters, 8 * parameters, 0, 4 * statistics)

    image = 3 * 224 * 224
    stem = 64 * 112**2 + 64 * 112**2 + 64 * 56**2  # conv1 -> batch norm; ReLU; the pool's output
    kept = image + stem
    side, channels = 56, 64
    for blocks, width, first_stride in ((3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, 2)):
        for block in range(blocks):
            stride = first_stride if block == 0 else 1
            before, side = side, side // stride
            kept += 2 * width * before**2  # 1x1 at the old size: batch norm's input, ReLU's output
            kept += 2 * width * side**2  # 3x3: the same at the new size
            kept += 4 * width * side**2  # 1x1 to four times the width: batch norm's input
            kept += 4 * width * side**2 if block == 0 else 0  # the shortcut's batch norm
            kept += 4 * width * side**2  # the sum, overwritten by its ReLU
            channels = 4 * width
    kept += channels  # the pooled vector, which fc keeps
    indices = 64 * 56**2
    norm_statistics = statistics  # a mean and a deviation per channel, as many numbers as running ones
    assert memory.kept_bytes == 4 * kept + 8 * indices + 4 * norm_statistics


def test_mixed_precision_and_optimizers() -> None:
    network = cnncalc.load("lenet5")
    count = 61_706
    half = network.memory(dtype="float16", optimizer="adamw").static
    assert half == (2 * count, 2 * count, 8 * count, 4 * count, 0)
    assert network.memory(optimizer="sgd").static == (4 * count, 4 * count, 0, 0, 0)
    assert network.memory(dtype="float64", optimizer="momentum").static == (8 * count, 8 * count, 8 * count, 0, 0)


SMALL = (
    "input: 3x8x8\nlayers: [{conv: {filters: 4, kernel: 3, padding: 1}}, batchnorm, relu, {maxpool: 2},"
    " dropout, flatten, {fc: 5}]"
)


def test_every_step_of_a_small_network() -> None:
    """Bytes alive for one sample, written out."""
    moments = cnncalc.loads(SMALL).memory().moments
    image, maps, pooled, indices, mask = 4 * 3 * 64, 4 * 4 * 64, 4 * 4 * 16, 8 * 4 * 16, 4 * 16
    kept = image + maps + maps + indices + mask  # image, batch norm's input, ReLU's output, …
    expected = [
        ("forward of conv", image + maps),
        ("forward of batchnorm", image + maps + maps),
        ("forward of relu", image + maps + maps),  # in place
        ("forward of maxpool", image + maps + maps + pooled + indices),
        ("forward of dropout", kept + pooled + pooled),
        ("forward of flatten", kept + pooled),
        ("forward of fc", kept + pooled + 4 * 5),
        ("loss", kept + pooled + 4 * 5 + 4 * 5),
        ("backward of fc", kept + pooled + 4 * 5 + pooled),
        ("backward of flatten", kept + pooled),
        ("backward of dropout", kept + pooled + pooled),
        ("backward of maxpool", kept - mask + pooled + maps),
        ("backward of relu", kept - mask - indices + maps),  # the gradient is changed in place
        ("backward of batchnorm", image + maps + maps + maps),
        ("backward of conv", image + maps),  # no gradient for the image
    ]
    assert [(moment.title, moment.alive.each) for moment in moments] == expected
    assert {moment.alive.fixed for moment in moments} == {0, 4 * 2 * 4}
    scratch = {moment.title: moment.scratch.fixed for moment in moments if moment.scratch.fixed}
    im2col = 4 * 3 * 9 * 64
    assert scratch == {"forward of conv": im2col, "backward of conv": im2col}


def test_an_activation_does_not_overwrite_what_is_needed_later() -> None:
    def kept(layers: str) -> list[tuple[str, str, str | None]]:
        memory = cnncalc.loads(f"input: 2x8\nlayers: [{{pointwise: 2}}, {layers}, {{pointwise: 2}}]").memory()
        return [(row.node.name, row.tensor, row.counted_at) for row in memory.kept]

    assert ("pointwise2", "input", "relu") in kept("relu")
    assert ("silu", "input", None) in kept("silu")  # its slope needs its input ...
    assert ("pointwise2", "input", None) in kept("silu")  # ... so its output is another tensor
    assert ("tanh", "output", None) in kept("sigmoid, tanh")  # sigmoid's output must not be overwritten
    assert ("sigmoid", "output", None) in kept("sigmoid, tanh")
    spec = "input: 2x8\nlayers: [{pointwise: 2}, {add: [[relu], []]}]"
    schedule = cnncalc.loads(spec).memory().schedule
    assert schedule.storage == [0, 1, 2, 3]  # the other branch still reads what relu would overwrite
    assert cnncalc.loads("input: 2x8\nlayers: [{pointwise: 2}, relu]").memory().schedule.storage == [0, 1, 1]


# -- fitting and checkpoints --------------------------------------------------------------------


@pytest.mark.parametrize("checkpoint", [False, True])
@pytest.mark.parametrize("limit", [700 * MIB, 2 << 30, 16 << 30, 10**10])
def test_the_largest_batch_is_the_largest(limit: int, checkpoint: bool) -> None:
    memory = cnncalc.load("resnet18").memory(batch=4, checkpoint=checkpoint)
    fit = memory.fit(limit)
    assert fit.batch > 0
    assert memory.bytes_at(fit.batch) == fit.bytes <= limit < fit.more == memory.bytes_at(fit.batch + 1)
    assert cnncalc.load("resnet18").memory(fit.batch).bytes_at(fit.batch) >= fit.bytes


def test_too_little_room() -> None:
    fit = cnncalc.load("vgg16").memory().fit(100 * MIB)
    assert (fit.batch, fit.bytes) == (0, 0)
    assert fit.more > 100 * MIB


def test_checkpoints_keep_only_the_edges() -> None:
    """Three blocks of three layers: at the loss only the blocks' ends are there; each is computed again once."""
    conv = "{conv: {filters: 4, kernel: 3, padding: 1, bias: false}}"
    block = f"blocks: {{b: {{do: [{conv}, batchnorm, relu]}}}}"
    network = cnncalc.loads(f"{block}\ninput: 4x16\nlayers: [b, b, b]")
    plain, less = network.memory(), network.memory(checkpoint=True)
    tensor = 4 * 4 * 16
    at_loss = next(moment for moment in less.moments if moment.phase == "loss")
    assert at_loss.alive == (tensor * (1 + 3 + 1), 0)  # the image, three ends, the gradient of the last
    assert less.peak_bytes < plain.peak_bytes
    assert less.extra_macs == 3 * 4 * 4 * 3 * 16
    assert [moment.title for moment in less.moments if moment.phase == "recompute"] == [
        f"recompute of b{k}.{layer}" for k in (3, 2, 1) for layer in ("conv", "batchnorm", "relu")
    ]
    assert network.memory(checkpoint="b").segments == less.segments


@pytest.mark.parametrize("name", ["resnet18", "densenet121", "googlenet", "unet", "efficientnet_b0", "siamese"])
def test_schedules_hold_together(name: str) -> None:
    """Whatever a backward step reads is alive then, and nothing is alive before it is made."""
    network = cnncalc.load(name)
    spans = network.memory(checkpoint=True).segments if name not in ("siamese",) else None
    for schedule in (Schedule(network.graph, 4), Schedule(network.graph, 4, spans.spans if spans else ())):
        made = {("tensor", index, "") for index in network.graph.inputs.values()}
        for event in schedule.events:
            assert set(event.reads) <= made
            made |= set(event.makes)
        assert all(moment.alive.each >= 0 and moment.alive.fixed >= 0 for moment in schedule.moments)
    trained = {node.index for node in network.graph.layers() if node.trainable}
    backward = {moment.node.index for moment in schedule.moments if moment.phase == "backward" and moment.node}
    assert trained <= backward


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"batch": 0}, "at least 1"),
        ({"batch": -3}, "at least 1"),
        ({"dtype": "int8"}, "trained in floating point"),
        ({"dtype": "float8"}, "must be one of"),
        ({"optimizer": "adamm"}, "did you mean 'adam"),
        ({"optimizer": "zeroth"}, "there are sgd, momentum"),
        ({"checkpoint": True}, "no block to compute again"),
    ],
)
def test_refusals(options: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cnncalc.load("vgg16").memory(**options)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="did you mean 'bottleneck'"):
        cnncalc.load("resnet50").memory(checkpoint="botleneck")
