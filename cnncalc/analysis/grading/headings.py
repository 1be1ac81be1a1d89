"""The columns an answers file may have, with the headings courses give them."""

from __future__ import annotations

from typing import NamedTuple

from cnncalc.analysis.grading.sheets import spelled


class Heading(NamedTuple):
    """A column: how its cells are read (`name`, `shape`, `number`), and what it is called."""

    key: str
    kind: str
    about: str
    spellings: tuple[str, ...]


HEADINGS = (
    Heading("layer", "name", "the layer, by name or in order", (
        "name", "layers", "layer name", "layer (type)", "module", "stage", "row", "#", "operation", "层", "网络层"
    )),
    Heading("note", "note", "anything: it is not marked", (
        "what", "description", "notes", "remark", "kernel", "filter", "备注", "说明"
    )),
    Heading("output", "shape", "shape of the result", (
        "output shape", "activation shape", "shape", "out", "output size (shape)", "dimensions", "dim", "dims",
        "activation dimensions", "activation map dimensions", "activation volume dimensions", "activation volume",
        "output volume", "volume", "feature map", "output dim", "output dimensions", "输出", "输出尺寸", "输出形状"
    )),
    Heading("size", "number", "numbers in the result: the product of its sides", (
        "activation size", "activations", "units", "neurons", "output size", "number of activations", "memory",
        "values", "number of units", "激活值个数", "神经元"
    )),
    Heading("params", "number", "learned numbers, biases included", (
        "parameters", "param", "param #", "params #", "# params", "# parameters", "#params", "number of parameters",
        "num params", "no of parameters", "total params", "trainable", "trainable params", "参数", "参数量", "参数个数"
    )),
    Heading("weights", "number", "learned numbers without the biases", ("weight", "number of weights", "# weights")),
    Heading("biases", "number", "biases alone", ("bias", "number of biases", "# biases")),
    Heading("buffers", "number", "kept, not learned, numbers", (
        "non-trainable", "non-trainable params", "running statistics"
    )),
    Heading("macs", "number", "multiply–accumulates, biases excluded", (
        "mac", "mult-adds", "multiply-adds", "madds", "multiplications", "mults", "macc", "maccs", "number of macs",
        "multiply-accumulates", "乘法次数", "计算量"
    )),
    Heading("flops", "number", "2 per MAC", ("flop", "number of flops", "operations", "ops", "浮点运算")),
    Heading("field", "number", "side of the receptive field", (
        "receptive field", "rf", "receptive field size", "field of view", "感受野"
    )),
    Heading("jump", "number", "input pixels between neighbouring units", ("cumulative stride", "effective stride")),
    Heading("share", "number", "part of all MACs in per cent", ("share of macs", "% of macs", "% macs")),
)  # fmt: skip
"""Every column there is."""
BY_KEY = {heading.key: heading for heading in HEADINGS}
BY_SPELLING = {spelled(word): heading for heading in HEADINGS for word in (heading.key, *heading.spellings)}
NAMES = frozenset(word for word, heading in BY_SPELLING.items() if heading.kind == "name")


def heading(text: str) -> Heading | None:
    """The column that is called `text`: its words in any case, with a unit or remark in brackets or none."""
    return BY_SPELLING.get(spelled(text)) or BY_SPELLING.get(spelled(text.partition("(")[0]))
