"""Documents from text and files, with what they import."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from cnncalc.errors import SpecError
from cnncalc.spec.document import DocumentParser
from cnncalc.spec.files import SUFFIXES, find, read_bytes
from cnncalc.spec.frames import with_note
from cnncalc.spec.nodes import Map, Node, Scalar, Source
from cnncalc.spec.tree import Document
from cnncalc.spec.vocabulary import Vocabulary
from cnncalc.spec.yaml_nodes import read_yaml

MAX_IMPORT_DEPTH = 32


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The words of the language, collected once."""
    return Vocabulary()


class Loader:
    """Loads documents; each imported file once, cycles refused."""

    def __init__(self, max_yaml_nodes: int = 100_000) -> None:
        self.max_yaml_nodes = max_yaml_nodes
        self.loaded: dict[Path, Document] = {}
        self.loading: list[Path] = []

    def from_text(self, text: str | bytes, name: str, folder: Path | None = None) -> Document:
        """The document in `text`; its imports are looked up in `folder`.

        Raises:
            SpecError: with everything that is wrong in it.
        """
        root = read_yaml(text, name, max_nodes=self.max_yaml_nodes)
        return self._parse(root, folder)

    def from_file(self, path: Path, name: str | None = None) -> Document:
        """The document in a file, reported as `name`.

        Raises:
            SpecError: with everything that is wrong in it.
        """
        resolved = path.resolve()
        self.loading.append(resolved)
        try:
            return self.from_text(read_bytes(path), name or str(path), path.parent)
        finally:
            self.loading.pop()

    def _parse(self, root: Node, folder: Path | None) -> Document:
        source: Source = root.source
        return DocumentParser(source, root, vocabulary(), lambda node: self._import(node, folder)).parse()

    def _import(self, node: Node, folder: Path | None) -> Document:
        """An imported document.  Files that are not specs are refused without a word of their text."""
        if not isinstance(node, Scalar) or node.empty:
            help = "write import: [blocks.yaml]"
            raise node.error("E113", "an import is a path or the name of a shipped spec", help)
        if len(self.loading) >= MAX_IMPORT_DEPTH:
            message = f"imports are nested deeper than {MAX_IMPORT_DEPTH} files"
            raise node.error("E505", message, "import the last of them directly")
        path = self._locate(node, folder)
        resolved = path.resolve()
        if resolved in self.loading:
            chain = " -> ".join(p.name for p in [*self.loading[self.loading.index(resolved) :], resolved])
            raise node.error(
                "E210", f"imports go in a circle: {chain}", "move the shared blocks into a file of their own"
            )
        if resolved not in self.loaded:
            try:
                data = read_bytes(path)
                root = read_yaml(data, str(path), max_nodes=self.max_yaml_nodes)
            except SpecError as error:
                place = next((f" (line {d.span.line})" for d in error.diagnostics if d.span), "")
                raise node.error(
                    "E210", f"'{node.text}' cannot be read as a spec{place}", "check that file by itself"
                ) from None
            if not isinstance(root, Map) or not root.entries.keys() & {"layers", "blocks"}:
                message = f"'{node.text}' is not a spec: it has neither 'layers:' nor 'blocks:'"
                raise node.error("E210", message, "check the path, or put the blocks under 'blocks:'")
            self.loading.append(resolved)
            try:
                self.loaded[resolved] = self._parse(root, path.parent)
            except SpecError as error:
                raise with_note(error, f"in: imported at line {node.line} of {node.source.name}") from None
            finally:
                self.loading.pop()
        return self.loaded[resolved]

    def _locate(self, node: Scalar, folder: Path | None) -> Path:
        """Relative to the importing file; else a shipped spec."""
        name = node.text
        here = Path(name) if folder is None else folder / name
        try:
            if here.suffix in SUFFIXES and here.is_file():
                return here
            if folder is not None and Path(name).parent == Path() and (folder / f"{name}.yaml").is_file():
                return folder / f"{name}.yaml"
        except (OSError, ValueError):
            pass
        if Path(name).parent != Path() or Path(name).suffix:
            raise node.error(
                "E209",
                f"there is no spec file '{name[:80]}' to import",
                "a .yaml file, relative to this one, or a shipped name",
            )
        try:
            return find(name).path
        except SpecError as error:
            raise node.error(
                "E209", f"there is nothing called '{name[:80]}' to import", error.diagnostics[0].help
            ) from None
