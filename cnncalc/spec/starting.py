"""New specs: from one that exists, or from a small example."""

from __future__ import annotations

import os
from pathlib import Path

from cnncalc.spec.editing import Editor
from cnncalc.spec.files import SUFFIXES, shipped_folder
from cnncalc.spec.nodes import Map, Node, Scalar, Seq
from cnncalc.spec.tree import Document
from cnncalc.spec.writing import flow_text, node_text, title_text

STARTER = """\
# A small network to start from.  Every item under `layers:` is one step; a layer's in-channels
# follow from what comes before it.
#   cnncalc summary {file}        sizes, parameters and MACs of every layer
#   cnncalc check {file}          whether `expect:` below still holds
name: {title}
input: 3x32x32                  # channels x height x width

vars:                           # knobs: cnncalc summary {file} --set width=64
  width: 32                     # filters of the first stage
  classes: 10

blocks:                         # steps that are used more than once, with arguments
  conv_bn_relu:
    args: [filters, stride = 1]
    do:
      - conv: {{filters: filters, kernel: 3, stride: stride, padding: 1, bias: false}}
      - batchnorm
      - relu

layers:
  - conv_bn_relu: width
  - for: stage                  # three stages, each with twice the channels on half the side
    in: 3
    do:
      - conv_bn_relu: {{filters: width * 2 ** stage, stride: 2}}
      - add:                    # a residual branch: its input is added to what it computes
          main:
            - conv_bn_relu: in.channels
            - conv: {{filters: in.channels, kernel: 3, padding: 1}}
          shortcut: []
      - relu
  - global_avgpool
  - flatten
  - fc: classes                 # a bare value is a layer's first parameter

expect: {{params: 491786, output: 10}}
"""


EDITOR_LINE = "# yaml-language-server:"
"""How a spec tells editors which schema to complete it from."""


def starter(file: str) -> str:
    """A small commented network to begin with."""
    return STARTER.format(file=file, title=title_text(Path(file).stem or "Network"))


def copied(document: Document, preset: str | None, title: str, origin: Path, folder: Path) -> str:
    """The text of a spec for a file in another folder, where imports still find what they found.

    Args:
        document: the spec.
        preset: its values become the defaults, its `expect:` that of the file; the other presets,
            which build on the old defaults, are left out.
        title: what the network with the preset is called.
        origin: the file it comes from.
        folder: where the copy will be.
    """
    editor = Editor(document.source)
    if preset is not None:
        _settle(editor, document, preset, title)
    if origin.parent.resolve() == folder.resolve():
        return editor.result()
    _keep_imports(editor, document, origin.parent, folder)
    first, _, rest = editor.result().partition("\n")
    # the schema it names lies in the folder the spec comes from
    return rest if first.startswith(EDITOR_LINE) else f"{first}\n{rest}"


def _settle(editor: Editor, document: Document, preset: str, title: str) -> None:
    """Make a preset the only choice."""
    presets = editor.entries["presets"]
    chosen = presets.entries[preset].entries
    for name, value in document.presets[preset][0].items():
        editor.assign(editor.entries["vars"].entries[name], chosen[name], node_text(value.node))
    old, new = editor.entries.get("expect"), chosen.get("expect")
    if old and new:
        editor.assign(old, new, _mapping(document.presets[preset][1]))
    elif old:
        editor.remove("expect")
    adding = new is not None and old is None
    editor.remove("presets", f"expect: {_mapping(document.presets[preset][1])}" if adding else "")
    if heading := editor.entries.get("name"):
        editor.replace(heading.start, heading.end, title_text(title))


def _mapping(entries: dict[str, Node]) -> str:
    return f"{{{', '.join(f'{flow_text(key)}: {node_text(node)}' for key, node in entries.items())}}}"


def _keep_imports(editor: Editor, document: Document, old: Path, new: Path) -> None:
    """Write imports so that they work from the new folder: shipped specs by name, others by path."""
    node = document.node.get("import") if isinstance(document.node, Map) else None
    items = node.items if isinstance(node, Seq) else [node]
    for item in items:
        if isinstance(item, Scalar):
            name = flow_text(_import(item.text, old, new))
            start = editor.place(item)
            if name != item.text:
                editor.replace(start, start + item.end_column - item.column, name)


def _import(name: str, old: Path, new: Path) -> str:
    path = old / name
    if path.suffix not in SUFFIXES:
        path = old / f"{name}.yaml"
    if not path.is_file():
        return name
    if path.resolve().parent == shipped_folder().resolve():
        return path.stem
    return Path(os.path.relpath(path, new)).as_posix()
