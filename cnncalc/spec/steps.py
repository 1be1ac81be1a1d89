"""YAML nodes to steps: the grammar of a list of layers, with every mistake reported at once."""

from __future__ import annotations

from cnncalc.errors import Diagnostic, SpecError, did_you_mean
from cnncalc.layers.base import Layer, Param
from cnncalc.spec.heads import HEADS
from cnncalc.spec.nodes import Map, Node, Scalar, Seq
from cnncalc.spec.tree import Argument, Block, BlockCall, Branch, Head, LayerCall, Merge, Step
from cnncalc.spec.values import Given, Reference, Value, plain_name
from cnncalc.spec.vocabulary import STRUCTURE, Vocabulary
from cnncalc.spec.written import written_weights
from cnncalc.spec.yaml_traps import shorten

MODIFIERS = ("name", "from", "when", "share", "weights")
MAX_ERRORS = 100
"""After so many mistakes the rest of a file is not looked at."""
COMPANIONS = {
    "do": ("repeat", "for"),
    "in": ("for",),
    "index": ("for",),
    "then": ("if",),
    "else": ("if",),
    "with": ("use",),
}


class StepParser:
    """Parses steps of one document; `errors` collects what is wrong, so that one run reports it all."""

    def __init__(self, vocabulary: Vocabulary, blocks: dict[str, Block]) -> None:
        self.vocabulary = vocabulary
        self.blocks = blocks
        self.errors: list[Diagnostic] = []
        self.incomplete = False
        """Whether an import failed, so that nobody knows which blocks there are."""
        self.calls: list[BlockCall] = []

    def steps(self, node: Node | None, what: str) -> list[Step]:
        """The steps of a list; an empty value is an empty list."""
        if node is None or (isinstance(node, Scalar) and node.empty):
            return []
        if isinstance(node, (Scalar, Map)):
            help = "start each step with '- '"
            if isinstance(node, Scalar) and len(node.text) < 40:
                help = f"write [{node.text}], or start each step with '- '"
            self.errors.append(node.diagnostic("E113", f"{what} must be a list", help))
            return []
        assert isinstance(node, Seq)
        steps = []
        for item in node.items:
            if len(self.errors) >= MAX_ERRORS:
                break
            try:
                steps.append(self.step(item))
            except SpecError as error:
                self.errors += [d for d in error.diagnostics if d.code != "E202" or not self.incomplete]
        return steps

    def step(self, node: Node) -> Step:
        """One step.

        Raises:
            SpecError: if it has no head that can be understood.
        """
        step = Step(node)
        if isinstance(node, Scalar):
            step.head = self.named(node, None)
            return step
        if isinstance(node, Seq):
            raise node.error(
                "E113", "a step cannot be a list", "start each of its items with '- ' on a line of its own"
            )
        assert isinstance(node, Map)
        heads = [key for key in node.entries if key not in MODIFIERS and key not in COMPANIONS]
        self.modifiers(step, node)
        if len(heads) > 1:
            self.two_heads(node, heads)
        if not heads:
            stray = self.companions(node, None)
            if not stray and not node.entries.keys() & {"name", "from"}:
                raise node.error("E114", "this step does nothing", "give it a layer, or a name")
            return step
        key, value = node.entries[heads[0]]
        if key.text in HEADS:
            step.head = HEADS[key.text](self, node, key, value)
        else:
            step.head = self.named(key, value)
        self.companions(node, key.text)
        return step

    def two_heads(self, node: Map, heads: list[str]) -> None:
        """Complain about a second head, or about a key that is no modifier.

        Raises:
            SpecError: E205 or E114, always.
        """
        from cnncalc.spec.suggestions import suggest_key

        known = [head for head in heads if self.vocabulary.is_head(head, self.blocks)]
        unknown = [head for head in heads if head not in known]
        if not known:
            raise self.unknown(node.key(heads[0]))
        loops = [head for head in known if head in COMPANIONS["do"]]
        if loops and "do" not in node.entries:
            others = " and ".join(f"'{head}'" for head in heads if head != loops[0])
            raise node.key(loops[0]).error("E116", f"'{loops[0]}' has no 'do:'", f"put {others} in a list under 'do:'")
        if unknown:
            key = node.key(unknown[0])
            help = did_you_mean(key.text, (*MODIFIERS, *COMPANIONS))
            if self.vocabulary.is_param(known[0], key.text):
                help = f"indent it below '{known[0]}:', or write {known[0]}: {{…, {key.text}: …}}"
            elif not help and known[0] in self.vocabulary.layers:
                help = suggest_key(key.text, self.vocabulary.layers[known[0]])
            raise key.error("E205", f"a step has no '{key.text}'", help or f"modifiers are {', '.join(MODIFIERS)}")
        help = "start the second with '- ' on a line of its own"
        raise node.key(heads[1]).error("E114", f"two heads in one step: '{heads[0]}' and '{heads[1]}'", help)

    def companions(self, node: Map, head: str | None) -> bool:
        """Complain about `do`, `then` and the like where no head takes them; tells whether there were any."""
        stray = [key for key in node.entries if key in COMPANIONS and head not in COMPANIONS[key]]
        for key in stray:
            help = f"it belongs to {' or '.join(f'{owner!r}' for owner in COMPANIONS[key])}"
            self.errors.append(node.key(key).diagnostic("E205", f"'{key}' has no place in this step", help))
        return bool(stray)

    def modifiers(self, step: Step, node: Map) -> None:
        """name, from, when, share, weights."""
        for key, (_, value) in node.entries.items():
            if key == "name":
                step.name = Reference(value)
                if step.name.wildcard or "." in step.name.base:
                    raise value.error("E117", f"the name {_brief(value)} cannot contain '*' or '.'", _plainer(value))
            elif key == "from":
                items = value.items if isinstance(value, Seq) else [value]
                step.sources = [Reference(item) for item in items]
                if not items:
                    raise value.error("E116", "'from' names no tensor", "write from: and a name, or leave it out")
            elif key == "when":
                step.when = Value(value)
            elif key == "share":
                step.share = plain_name(value, "a share label")
            elif key == "weights":
                step.weights = written_weights(value)

    # -- layers, blocks and merges -------------------------------------------------------------

    def named(self, key: Scalar, value: Node | None) -> Head:
        """The layer, merge or block called `key`.

        Raises:
            SpecError: E202 if nothing is called so.
        """
        name = key.text
        if name in self.blocks:
            return self.block_call(key, self.blocks[name], value)
        cls = self.vocabulary.layers.get(name)
        if cls is None:
            raise self.unknown(key)
        if cls.inputs[1] != 1:
            return self.merge(key, cls, value)
        return self.layer_call(key, cls, value)

    def unknown(self, key: Scalar) -> SpecError:
        """E202 for a head that is nothing."""
        from cnncalc.spec.suggestions import suggest_layer

        help = suggest_layer(key.text, [*self.blocks, *STRUCTURE])
        return key.error("E202", f"there is no layer or block {_brief(key)}", help)

    def layer_call(self, key: Node, cls: type[Layer], value: Node | None) -> LayerCall:
        """A layer with its parameters, which may be a bare value for the first."""
        arguments: dict[str, Argument] = {}
        if isinstance(value, Map):
            for name, (name_node, item) in value.entries.items():
                spec = cls.params.get(name)
                if spec is None:
                    from cnncalc.spec.suggestions import suggest_param

                    message = f"{cls.kind} has no parameter {_brief(name_node)}"
                    help = suggest_param(cls, name, item.text if isinstance(item, Scalar) else "")
                    self.errors.append(name_node.diagnostic("E201", message, help))
                    continue
                try:
                    arguments[name] = self.argument(name_node, item, spec)
                except SpecError as error:
                    self.errors += error.diagnostics
        elif value is not None and not (isinstance(value, Scalar) and value.empty):
            first = next(iter(cls.params.values()), None)
            if first is None:
                raise value.error("E201", f"{cls.kind} has no parameters", f"write - {cls.kind}")
            arguments[first.name] = self.argument(key, value, first)
        return LayerCall(key, cls, arguments)

    def argument(self, key: Node, node: Node, spec: Param) -> Argument:
        """The value of one parameter; its own words win over variables of the same name."""
        if isinstance(node, Scalar):
            if node.text in spec.slot.words:
                return Argument(key, Given(node, node.text))
            if spec.like and node.text.startswith("like "):
                rest = node.text[5:]
                shift = 5 + len(rest) - len(rest.lstrip()) + node.quoted
                inner = Scalar(node.source, node.line, node.column + shift, node.end_column, rest.strip())
                return Argument(key, None, Reference(inner))
        return Argument(key, Value(node))

    def block_call(self, key: Node, block: Block, value: Node | None) -> BlockCall:
        """A block with its arguments, which may be a bare value for the first."""
        arguments: dict[str, Argument] = {}
        bare = None
        if isinstance(value, Map):
            for name, (name_node, item) in value.entries.items():
                try:
                    arguments[name] = Argument(name_node, Value(item))
                except SpecError as error:
                    self.errors += error.diagnostics
        elif value is not None and not (isinstance(value, Scalar) and value.empty):
            bare = Value(value)
        call = BlockCall(key, block, arguments, bare)
        self.calls.append(call)
        return call

    def check_calls(self) -> None:
        """Hold the arguments of every call against its block, now that all blocks are known."""
        for call in self.calls:
            if call.block.faulty:
                continue
            known = call.block.arguments
            name = call.block.name
            for given, argument in call.arguments.items():
                if given not in known:
                    help = did_you_mean(given, known) or f"{name} has: {', '.join(known) or 'no arguments'}"
                    message = f"block '{name}' has no argument '{given}'"
                    self.errors.append(argument.key.diagnostic("E201", message, help))
            if call.bare and not known:
                self.errors.append(
                    call.bare.node.diagnostic("E201", f"block '{name}' has no arguments", f"write - {name}")
                )
            filled = set(call.arguments) | set(list(known)[: 1 if call.bare else 0])
            missing = [argument for argument, default in known.items() if default is None and argument not in filled]
            if missing:
                given_too = [*list(known)[: 1 if call.bare else 0], *call.arguments]
                help = f"write {name}: {{{', '.join(f'{argument}: …' for argument in [*given_too, *missing])}}}"
                message = f"block '{name}' needs '{missing[0]}'"
                self.errors.append(call.key.diagnostic("E305", message, help))
        self.calls.clear()

    def merge(self, key: Scalar, cls: type[Layer], value: Node | None) -> Merge:
        """A layer of several inputs."""
        branches: list[Branch] = []
        if isinstance(value, Map):
            branches = [self.branch(item, name.text) for name, item in value.entries.values()]
        elif isinstance(value, Seq):
            branches = [self.branch(item, None) for item in value.items]
        elif isinstance(value, Scalar) and not value.empty:
            branches = [self.branch(value, None)]
        if not branches:
            raise key.error("E116", f"{cls.kind} has nothing to merge", f"write {cls.example}")
        return Merge(key, cls, branches)

    def branch(self, node: Node, name: str | None) -> Branch:
        """One input of a merge: a word, a list of steps, or one step."""
        if isinstance(node, Seq):
            return Branch(node, name, None, self.steps(node, "a branch"))
        if isinstance(node, Map):
            return Branch(node, name, None, [self.step(node)])
        if isinstance(node, Scalar) and node.empty:
            raise node.error("E116", "this branch is empty", "write [] for the tensor as it is, or name a tensor")
        return Branch(node, name, Reference(node), [])

    def used(self, name: Scalar, given: Node | None) -> Head:
        """What `use` calls, once its name is known.

        Raises:
            SpecError: as for a step with that head.
        """
        head = self.named(name, given)
        self.check_calls()
        if self.errors:
            errors, self.errors = self.errors, []
            raise SpecError(errors)
        return head


def _brief(node: Node) -> str:
    """The text of a word for a message, in quotes."""
    return f"'{shorten(node.text)}'" if isinstance(node, Scalar) else "of this step"


def _plainer(node: Node) -> str:
    """Help for a name that must be one word."""
    text = node.text if isinstance(node, Scalar) else ""
    return "give each its own index: enc[0]" if "*" in text else f"write {shorten(text.replace('.', '_'))}"
