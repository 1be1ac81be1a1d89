"""Worked solutions on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.render import figures
from cnncalc.render.language import Language
from cnncalc.render.notation import Ascii, Notation, is_letter

if TYPE_CHECKING:
    from rich.console import Console

    from cnncalc.analysis.worked.lesson import Lesson, Step, Topic

INDENT = 4


def print_lessons(lessons: Sequence[Lesson], target: Console, code: str) -> None:
    """Each layer with its figures; rules are broken at their equals signs where a line is too long."""
    from cnncalc.render.console import is_plain

    notation = Ascii() if is_plain(target) else Notation()
    for position, lesson in enumerate(lessons):
        if position:
            target.print()
        _print_lesson(lesson, target, Language(code, lesson.layout), notation)


def _print_lesson(lesson: Lesson, target: Console, language: Language, notation: Notation) -> None:
    from rich.padding import Padding
    from rich.text import Text

    name = "" if lesson.name == lesson.kind else f"{lesson.name}  "
    target.print(Text.assemble((name, "bold cyan"), headline(lesson)), soft_wrap=True)
    target.print(language.say(lesson.about), style="dim")
    for topic in lesson.topics:
        target.print()
        figure = result_text(topic, language)
        target.print(Text.assemble((language.say(topic.title), "bold"), f"  {figure}"))
        for step in topic.steps:
            _print_step(step, target, language, notation)
        for mark, notes in (("-", topic.notes), ("!", topic.warnings)):
            for note in notes:
                text = Text(f"{mark} {language.say(note)}", style="yellow" if mark == "!" else "dim")
                target.print(Padding(text, (0, 0, 0, INDENT)))


def _print_step(step: Step, target: Console, language: Language, notation: Notation) -> None:
    from rich.padding import Padding
    from rich.text import Text

    reason = language.say(step.reason) if step.reason is not None else ""
    if step.derivation is None:
        target.print(Padding(Text(f"{language.say(step.name)}: {reason}"), (0, 0, 0, INDENT)))
        return
    for line in _chain_lines(step, language, notation, target.width):
        target.print(Text(line), soft_wrap=True)
    if reason:
        target.print(Padding(Text(reason, style="dim"), (0, 0, 0, 2 * INDENT)))


def headline(lesson: Lesson) -> str:
    """`conv  3x32x32 -> 10x32x32`."""
    inputs = ", ".join(figures.shape(x, lesson.layout) for x in lesson.inputs)
    return f"{lesson.kind}  {inputs} -> {figures.shape(lesson.output, lesson.layout)}"


def result_text(topic: Topic, language: Language) -> str:
    """The figure a topic ends with."""
    return figure(topic.what, topic.result, language)


def figure(what: str, result: Any, language: Language) -> str:
    """A shape, a field, bytes or a count."""
    if result is None:
        return language.word("the whole input")
    if what == "coverage":
        low, high = result
        if not high:
            return "?"
        return f"{low:,}" if low == high else f"{low:,} - {high:,}"
    if what == "field":
        return figures.sides(result) if len(set(result)) > 1 else " x ".join(map(str, result))
    if isinstance(result, tuple):
        return figures.shape(result, language.layout)
    if what == "memory":
        return f"{result:,} B" + (f" ({figures.size(result)})" if result >= 1 << 10 else "")
    return f"{result:,}" + (f" ({figures.si(result)})" if result >= figures.EXACT_BELOW else "")


def _chain_lines(step: Step, language: Language, notation: Notation, width: int) -> Iterator[str]:
    assert step.derivation is not None
    chain = notation.chain(step.derivation)
    head = " " * INDENT + language.say(step.name)
    if is_letter(step.derivation.formula.result):
        head, chain = f"{head}: {chain[0]}", chain[1:]
    whole = " = ".join([head, *chain])
    if cells(whole) <= width:
        yield whole
        return
    margin = " " * cells(head)
    for position, part in enumerate(chain):
        yield f"{head if position == 0 else margin} = {part}"


def cells(text: str) -> int:
    """How many columns a text takes; Chinese characters take two."""
    from rich.cells import cell_len

    return cell_len(text)
