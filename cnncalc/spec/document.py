"""A whole spec file: the top level, its blocks and what it imports."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.errors import Diagnostic, SpecError, did_you_mean
from cnncalc.spec.nodes import Map, Node, Scalar, Seq, Source
from cnncalc.spec.steps import MAX_ERRORS, StepParser
from cnncalc.spec.tree import Block, Document
from cnncalc.spec.values import Reference, Value, mapping, plain_name, sequence
from cnncalc.spec.vocabulary import MODIFIER_WORDS, Vocabulary
from cnncalc.spec.yaml_traps import shorten

KEYS = (
    "name",
    "family",
    "task",
    "input",
    "layout",
    "vars",
    "presets",
    "import",
    "blocks",
    "layers",
    "outputs",
    "expect",
)
BLOCK_KEYS = ("doc", "args", "inputs", "outputs", "do")
LAYOUTS = ("channels_first", "channels_last")

Importer = Callable[[Node], Document]


class DocumentParser:
    """Parses one file; `importer` loads the documents it imports."""

    def __init__(self, source: Source, root: Node, vocabulary: Vocabulary, importer: Importer) -> None:
        self.vocabulary = vocabulary
        self.importer = importer
        if not isinstance(root, Map):
            help = "start with: input: 3x224x224, then layers:"
            raise root.error("E113", "a spec is a mapping with 'input:' and 'layers:'", help)
        self.root = root
        self.document = Document(source, root)
        self.steps = StepParser(vocabulary, self.document.blocks)
        self.errors = self.steps.errors
        self.import_failed = False

    def attempt(self, parse: Callable[[], None]) -> None:
        """Run one part of the parse; its error is kept and the rest goes on."""
        try:
            parse()
        except SpecError as error:
            self.errors += error.diagnostics

    def parse(self) -> Document:
        """The document.

        Raises:
            SpecError: with everything that is wrong in the file.
        """
        for key, (node, _) in self.root.entries.items():
            if key not in KEYS:
                help = did_you_mean(key, KEYS) or f"top-level keys are {', '.join(KEYS)}"
                if key in self.vocabulary.layers:
                    help = f"put it in the list under 'layers:', as `- {key}: …`"
                elif self.vocabulary.is_head(key, ()):
                    help = f"'{key}' starts a step: put it in the list under 'layers:'"
                self.errors.append(node.diagnostic("E205", f"a spec has no '{shorten(key)}'", help))
        for part in (self.head, self.vars, self.presets, self.imports, self.blocks, self.layers, self.tail):
            self.attempt(part)
        self.steps.check_calls()
        if self.import_failed:
            # its blocks are missing: that they are unknown is no mistake of this file
            self.errors[:] = [error for error in self.errors if error.code != "E202"]
        if self.errors:
            raise SpecError(sorted(self.errors, key=self._order))
        return self.document

    def _order(self, diagnostic: Diagnostic) -> tuple[bool, str, int, int]:
        """Sorts what is wrong in this file first, then what is wrong in each import, from top to bottom."""
        span = diagnostic.span
        name = self.document.source.name
        return (span.file != name, span.file, span.line, span.column) if span else (False, "", 0, 0)

    def head(self) -> None:
        """name, family, task, layout, input."""
        for key in ("name", "family", "task"):
            node = self.root.get(key)
            if node is not None:
                if not isinstance(node, Scalar) or node.empty:
                    raise node.error("E113", f"'{key}' must be text", f"write {key}: and the text on the same line")
                setattr(self.document, key, node.text)
        layout = self.root.get("layout")
        if layout is not None:
            text = layout.text if isinstance(layout, Scalar) else ""
            if text not in LAYOUTS:
                meant = LAYOUTS["c" == text.lower()[-1:]]
                help = f"write {meant}" if text.upper() in ("NCHW", "NHWC") else f"one of: {', '.join(LAYOUTS)}"
                raise layout.error("E304", f"layout cannot be '{text}'", help)
            self.document.layout = text
            self.document.explicit_layout = True
        node = self.root.get("input")
        if isinstance(node, Map):
            for name, item in node.entries.values():
                if plain_name(name, "an input") == "here":
                    message = "an input cannot be called 'here', which is the current tensor"
                    raise name.error("E206", message, "choose another name")
                self.document.inputs[name.text] = Value(item)
        elif node is not None:
            self.document.inputs["input"] = Value(node)

    def vars(self) -> None:
        """Knobs, in order."""
        node = self.root.get("vars")
        if node is None or (isinstance(node, Scalar) and node.empty):
            return
        for key, value in mapping(node, "'vars'").entries.values():
            self.document.vars[self.vocabulary.variable(key, "a variable")] = Value(value)

    def presets(self) -> None:
        """Name to values of vars, a title and an `expect:` of its own."""
        node = self.root.get("presets")
        if node is None:
            return
        for name, value in mapping(node, "'presets'").entries.values():
            if len(self.errors) >= MAX_ERRORS:
                break
            options = (
                {} if isinstance(value, Scalar) and value.empty else mapping(value, f"preset '{name.text}'").entries
            )
            values: dict[str, Value] = {}
            expect: dict[str, Node] = {}
            for key, (key_node, item) in options.items():
                if key == "expect":
                    expect = {k: v for k, (_, v) in mapping(item, "'expect'").entries.items()}
                elif key == "name" and key not in self.document.vars:
                    self.document.titles[name.text] = _text(item, "'name'")
                elif key not in self.document.vars:
                    help = did_you_mean(key, self.document.vars) or "presets set what 'vars:' defines"
                    self.errors.append(key_node.diagnostic("E207", f"there is no variable '{key}'", help))
                else:
                    values[key] = Value(item)
            self.document.presets[name.text] = (values, expect)

    def imports(self) -> None:
        """Blocks of other files, and each whole network as a block."""
        node = self.root.get("import")
        if node is None:
            return
        for item in node.items if isinstance(node, Seq) else [node]:
            try:
                imported = self.importer(item)
            except SpecError as error:
                self.errors += error.diagnostics
                self.steps.incomplete = True
                continue
            found = dict(imported.blocks)
            if imported.layers:
                found[imported.stem] = network_block(imported)
            for name, block in found.items():
                other = self.document.blocks.get(name)
                if other is not None and other.node is not block.node:
                    message = f"'{name}' comes from {other.document.source.name} and from {imported.source.name}"
                    self.errors.append(item.diagnostic("E210", message, "rename one of the two blocks"))
                self.document.blocks[name] = block

    def blocks(self) -> None:
        """All names first, so that blocks can call each other and themselves."""
        node = self.root.get("blocks")
        if node is None or (isinstance(node, Scalar) and node.empty):
            return
        entries = list(mapping(node, "'blocks'").entries.values())
        own = []
        for key, value in entries:
            name = plain_name(key, "a block")
            if self.vocabulary.is_head(name, ()) or name in MODIFIER_WORDS:
                what = "a layer" if name in self.vocabulary.layers else "a word of the language"
                self.errors.append(
                    key.diagnostic("E206", f"'{name}' is {what} and cannot name a block", "choose another name")
                )
                continue
            if name in self.document.blocks:
                file = self.document.blocks[name].document.source.name
                self.errors.append(
                    key.diagnostic("E210", f"a block '{name}' is imported from {file} too", "rename this one")
                )
            block = Block(key, name, self.document)
            self.document.blocks[name] = block
            own.append((block, value))
        for block, value in own:
            before = len(self.errors)
            self.attempt(lambda block=block, value=value: self.block(block, value))  # type: ignore[misc]
            block.faulty = len(self.errors) > before

    def block(self, block: Block, node: Node) -> None:
        """doc, args, inputs, outputs and do of one block."""
        options = mapping(node, f"block '{block.name}'", "put its steps under 'do:'")
        unknown = [entry[0] for key, entry in options.entries.items() if key not in BLOCK_KEYS]
        for key in unknown:
            help = did_you_mean(key.text, BLOCK_KEYS) or f"a block has {', '.join(BLOCK_KEYS)}"
            if key.text in ("layers", "steps", "body") or self.vocabulary.is_head(key.text, self.document.blocks):
                help = "put its steps in a list under 'do:'"
            self.errors.append(key.diagnostic("E205", f"a block has no '{shorten(key.text)}'", help))
        if "do" not in options.entries:
            if unknown:
                return
            raise block.node.error("E116", f"block '{block.name}' has no 'do:'", "put its steps under 'do:'")
        doc = options.get("doc")
        block.doc = doc.text if isinstance(doc, Scalar) else ""
        args = options.get("args")
        for item in [] if args is None else sequence(args, "'args'"):
            self.argument(block, item)
        inputs = options.get("inputs")
        block.inputs = [] if inputs is None else [plain_name(item, "an input") for item in sequence(inputs, "'inputs'")]
        outputs = options.get("outputs")
        block.outputs = [] if outputs is None else [Reference(item) for item in sequence(outputs, "'outputs'")]
        block.body = self.steps.steps(options.get("do"), "'do'")

    def argument(self, block: Block, node: Node) -> None:
        """`name` or `name = default`."""
        if not isinstance(node, Scalar):
            raise node.error("E113", "an argument is a name, or name = default", "write args: [filters, stride = 1]")
        text, equals, default = node.text.partition("=")
        shift = node.quoted
        name = Scalar(
            node.source, node.line, node.column + shift, node.column + shift + len(text.rstrip()), text.strip()
        )
        word = self.vocabulary.variable(name, "an argument")
        if word in block.arguments:
            raise name.error("E206", f"block '{block.name}' has two arguments '{word}'", "rename or delete one")
        value = None
        if equals:
            start = node.column + shift + len(text) + 1 + len(default) - len(default.lstrip())
            value = Value(
                Scalar(node.source, node.line, start, max(node.end_column - shift, start + 1), default.strip())
            )
        block.arguments[word] = value

    def layers(self) -> None:
        """The network, unless the file only brings blocks."""
        node = self.root.get("layers")
        misspelt = self.root.entries.keys() - set(KEYS)
        if node is None:
            if not misspelt and not self.root.entries.keys() & {"blocks", "import"}:
                raise self.root.error("E116", "a spec needs 'layers:'", "add layers: with one list item per layer")
            return
        self.document.layers = self.steps.steps(node, "'layers'")
        if not self.document.layers and not self.errors:
            raise self.root.key("layers").error("E116", "there are no layers", "add one list item per layer: - conv: …")
        if "input" not in self.root.entries and not misspelt:
            raise self.root.key("layers").error("E116", "a spec needs 'input:'", "add input: 3x224x224 above")

    def tail(self) -> None:
        """outputs and expect."""
        outputs = self.root.get("outputs")
        if outputs is not None:
            self.document.outputs = [Reference(item) for item in sequence(outputs, "'outputs'")]
        expect = self.root.get("expect")
        if expect is not None:
            self.document.expect = {key: value for key, (_, value) in mapping(expect, "'expect'").entries.items()}


def _text(node: Node, what: str) -> str:
    if isinstance(node, Scalar) and not node.empty:
        return node.text
    raise node.error("E113", f"{what} must be text", "write the text on the same line")


def network_block(document: Document) -> Block:
    """A whole spec as a block, called with its vars as arguments."""
    block = Block(document.node, document.stem, document)
    block.network = True
    block.arguments = dict(document.vars)
    block.inputs = list(document.inputs) if len(document.inputs) > 1 else []
    block.outputs = document.outputs or []
    block.body = document.layers
    return block
