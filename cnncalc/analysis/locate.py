"""Finding the tensor a person means: a row of a table, a block, or a name the spec gives."""

from __future__ import annotations

from cnncalc.errors import Diagnostic, SpecError, did_you_mean
from cnncalc.graph import Graph, Place

SHOWN = 6


def locate(graph: Graph, name: str) -> int:
    """The tensor called `name`.

    A row's full name (`resnet.c2/0/bottleneck.conv_bn1.conv`), a block's (its last tensor), a name of
    the spec (`enc[2]`), `input`, or the end of a full name where only one row ends so (`conv_bn1.conv`).

    Raises:
        SpecError: E204 if there is none, or if several are meant.
    """
    wanted = name.strip().replace(" ", "")
    if wanted in graph.names:
        return graph.names[wanted]
    if wanted in graph.outputs:
        return graph.outputs[wanted]
    blocks = _blocks(graph)
    if wanted in blocks:
        return blocks[wanted]
    labelled = [index for index, label in graph.labels.items() if label.replace(" ", "") == wanted]
    known = graph.names | blocks
    ends = {index for full, index in known.items() if full.endswith(wanted) and full[-len(wanted) - 1] in "./"}
    for found in (labelled, sorted(ends)):
        if len(found) == 1:
            return found[0]
        if found:
            raise _several(graph, name, found)
    spec = [label.replace(" ", "") for label in graph.labels.values()]
    short = [full.rsplit(".", 1)[-1] for full in known]
    help = did_you_mean(wanted, [*known, *spec, *short]) or "the rows are those of `cnncalc summary --depth 9`"
    raise SpecError(Diagnostic("E204", f"no layer, block or tensor is called '{name}'", help=help))


def _blocks(graph: Graph) -> dict[str, int]:
    """The full name of every block, loop and branch, and its last tensor."""
    found: dict[str, int] = {}
    for node in graph.nodes:
        place: Place | None = node.place
        while place is not None and place.parent is not None:
            found[place.path.rstrip("./")] = node.index
            place = place.parent
    return found


def _several(graph: Graph, name: str, found: list[int]) -> SpecError:
    names = ", ".join(graph.nodes[index].name for index in found[:SHOWN])
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return SpecError(Diagnostic("E204", f"'{name}' could be {len(found)} tensors", help=f"say which: {names}{more}"))
