"""What to say about a layer or a parameter that does not exist: the fix, where one can be guessed.

Newcomers bring the names of other tools, of papers and of course notes; each should get the name of
this language in one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from cnncalc.errors import did_you_mean
from cnncalc.layers import registry
from cnncalc.layers.base import Layer

FALLBACK = "`cnncalc layers` lists the layers; blocks are defined under 'blocks:'"
RECURRENT = ("lstm", "gru", "rnn", "simplernn", "convlstm2d", "bilstm")
ELSEWHERE = {
    "input": "the input is no layer: write input: 3x224x224 above 'layers:'",
    "inputlayer": "the input is no layer: write input: 3x224x224 above 'layers:'",
    "sequential": "steps of a list follow each other; a group of steps is a block",
    "model": "steps of a list follow each other; a group of steps is a block",
    "layer": "the name of the layer is the key: - conv: {filters: 64, kernel: 3}",
    "type": "the name of the layer is the key: - conv: {filters: 64, kernel: 3}",
    **dict.fromkeys(RECURRENT, "cnncalc is about convolutional networks: it has no recurrent layers"),
}
"""Help for words that stand for something other than a layer."""

_CALL = re.compile(r"(?:\w+\.)*([^\W\d]\w*)(.*)", re.DOTALL)
_SIZED = re.compile(r"([^\W\d]+?)_?(\d+x\d+(?:x\d+)?)")
_NUMBERED = re.compile(r"([^\W\d]+?)_?\d+(?:_\d+)*")

CHANNELS_FOLLOW = ("in_channels", "in_features", "num_features", "input_shape", "num_channels", "in_planes")
STEP_KEYS = ("name", "from", "when", "share")
TRAINING_WORDS = tuple(
    "init regulari constraint filler decay momentum inplace in_place trainable dtype device seed lr_mult fused".split()
)


def _key(word: str) -> str:
    """What is left of a name without capitals, underscores, and the ranks and suffixes tools put into it."""
    return re.sub(r"(?:[123]d)?(?:layer|block)?$", "", word.lower().replace("_", "").replace("-", ""))


@lru_cache(maxsize=1)
def _spelled() -> Mapping[str, str]:
    """The key of every spelling of every layer -> the layer."""
    spelled = {_key(spelling): kind for kind, cls in registry().items() for spelling in cls.spellings}
    return spelled | {_key(kind): kind for kind in registry()}


def layer_called(word: str) -> str | None:
    """The layer that other tools call `word`."""
    return _spelled().get(_key(word))


def suggest_layer(name: str, words: Iterable[str]) -> str:
    """Help for an unknown layer or block; `words` are the blocks of the spec and the keys of a step."""
    match = _CALL.fullmatch(name)
    if match is None:
        return FALLBACK
    word, rest = match[1].lower(), match[2]
    kind = layer_called(word)
    if rest.strip() or word != name.lower():
        return f"write {registry()[kind].example}" if kind else ELSEWHERE.get(word, FALLBACK)
    if kind:
        return f"did you mean '{kind}'?"
    if word in ELSEWHERE:
        return ELSEWHERE[word]
    words = [*words]
    if (sized := _SIZED.fullmatch(word)) and (kind := layer_called(sized[1])) and "kernel" in registry()[kind].params:
        return f"the size is a parameter: write {kind}: {{…, kernel: {sized[2]}}}"
    if (numbered := _NUMBERED.fullmatch(word)) and (kind := layer_called(numbered[1])):
        return f"write {kind}: … with name: {name} beside it"
    near = did_you_mean(word, [*registry(), *words]) or did_you_mean(name, words)
    if near:
        return near
    near = did_you_mean(_key(word), _spelled())
    return f"did you mean '{_spelled()[near.split(chr(39))[1]]}'?" if near else FALLBACK


def suggest_param(cls: type[Layer], name: str, value: str = "") -> str:
    """Help for an unknown parameter of a layer, given with `value`."""
    from cnncalc.layers.spellings import PARAM_SPELLINGS

    for candidate in PARAM_SPELLINGS.get(name, ()):
        if candidate in cls.params:
            return f"did you mean '{candidate}'?"
    return _no_parameter(cls, name, value) or did_you_mean(name, cls.params) or _all_params(cls)


def suggest_key(name: str, cls: type[Layer]) -> str:
    """Help for a key beside a layer that may be another layer, or a parameter at the wrong place."""
    help = suggest_layer(name, ())
    return suggest_param(cls, name) if help == FALLBACK else help


def _no_parameter(cls: type[Layer], name: str, value: str) -> str | None:
    """Help for what other tools give to a layer and this language says elsewhere, or not at all."""
    if name in ("activation", "act", "nonlinearity"):
        return f"an activation is a step of its own: add `- {layer_called(value) or 'relu'}` as the next step"
    if name in CHANNELS_FOLLOW:
        return "leave it out: the channels follow from the layer before"
    if name in STEP_KEYS:
        return f"put '{name}:' beside '{cls.kind}:', as a key of the same step"
    if name in ("data_format", "layout"):
        return "shapes are written channels first; `layout: channels_last` at the top turns all of them"
    if name in ("keep_prob", "keep") and "p" in cls.params:
        return "write p: 1 - keep_prob, since p is the probability of dropping"
    if any(word in name.lower() for word in TRAINING_WORDS) and name not in cls.params:
        return "leave it out: it changes no size and no count"
    return None


def _all_params(cls: type[Layer]) -> str:
    if not cls.params:
        return f"{cls.kind} has no parameters: write - {cls.kind}"
    return f"{cls.kind} has: {', '.join(cls.params)}"
