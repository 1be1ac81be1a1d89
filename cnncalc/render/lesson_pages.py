"""Worked solutions as Markdown with LaTeX formulas, and as a page of HTML with MathML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from cnncalc.render.html import STYLE
from cnncalc.render.language import CATALOGUES, Language
from cnncalc.render.lessons import headline, result_text
from cnncalc.render.notation import Latex, MathMl, is_letter

if TYPE_CHECKING:
    from cnncalc.analysis.worked.lesson import Lesson, Step, Topic

LESSON_STYLE = """
.cnncalc h2 { font-size: 1.1em; margin: 2em 0 .2em } .cnncalc h3 { font-size: 1em; margin: 1em 0 .2em }
.cnncalc .step { margin: .3em 0 .3em 1.5em } .cnncalc .why { color: #667; margin-left: 3em }
.cnncalc .note { color: #9a6700; margin-left: 1.5em } .cnncalc p { margin: .2em 0 }
"""


def markdown(lessons: Sequence[Lesson], title: str, code: str) -> str:
    """A document for GitHub, Jupyter or pandoc: formulas between dollar signs."""
    parts = [f"# {_mark(title)}"]
    for lesson in lessons:
        language = Language(code, lesson.layout)
        parts.append(f"## {_mark(lesson.name)}\n\n`{headline(lesson)}`\n\n{_mark(language.say(lesson.about))}")
        parts += [_markdown_topic(topic, language) for topic in lesson.topics]
    return "\n\n".join(parts) + "\n"


def _mark(text: str) -> str:
    return "".join("\\" + c if c in "\\*_`[]<>|$" else c for c in text)


def _markdown_topic(topic: Topic, language: Language) -> str:
    lines = [f"### {_mark(language.say(topic.title))}: {result_text(topic, language)}", ""]
    lines += [_markdown_step(step, language) for step in topic.steps]
    lines += [f"- {_mark(language.say(note))}" for note in topic.notes]
    lines += [f"- ⚠ {_mark(language.say(warning))}" for warning in topic.warnings]
    return "\n".join(lines)


def _markdown_step(step: Step, language: Language) -> str:
    name = _mark(language.say(step.name))
    reason = _mark(language.say(step.reason)) if step.reason else ""
    if step.derivation is None:
        return f"- {name}: {reason}"
    notation = Latex()
    formula = notation.equals.join(notation.chain(step.derivation))
    sign = ":" if is_letter(step.derivation.formula.result) else " ="
    return f"- {name}{sign} ${formula}$" + (f"  \n  {reason}" if reason else "")


def html(lessons: Sequence[Lesson], title: str, code: str) -> str:
    """A page that stands alone; browsers draw its formulas without scripts."""
    body = [f"<h1>{escape(title)}</h1>"]
    for lesson in lessons:
        language = Language(code, lesson.layout)
        body.append(f"<h2>{escape(lesson.name)}</h2><p><code>{escape(headline(lesson))}</code></p>")
        body.append(f"<p>{escape(language.say(lesson.about))}</p>")
        body += [_html_topic(topic, language) for topic in lesson.topics]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head += f"<title>{escape(title)}</title><style>{STYLE}{LESSON_STYLE}</style>"
    lang = CATALOGUES[code].replace("_", "-")
    text = "\n".join(body)
    return f'<!doctype html>\n<html lang="{lang}"><head>{head}</head>\n<body class="cnncalc">\n{text}\n</body></html>\n'


def _html_topic(topic: Topic, language: Language) -> str:
    lines = [f"<h3>{escape(language.say(topic.title))}: {escape(result_text(topic, language))}</h3>"]
    lines += [_html_step(step, language) for step in topic.steps]
    lines += [f'<p class="why">{escape(language.say(note))}</p>' for note in topic.notes]
    lines += [f'<p class="note">⚠ {escape(language.say(warning))}</p>' for warning in topic.warnings]
    return "\n".join(lines)


def _html_step(step: Step, language: Language) -> str:
    name = escape(language.say(step.name))
    reason = escape(language.say(step.reason)) if step.reason else ""
    if step.derivation is None:
        return f'<p class="step">{name}: {reason}</p>'
    notation = MathMl()
    formula = f"<math><mrow>{notation.equals.join(notation.chain(step.derivation))}</mrow></math>"
    why = f'<p class="why">{reason}</p>' if reason else ""
    sign = ":" if is_letter(step.derivation.formula.result) else " ="
    return f'<p class="step">{name}{sign} {formula}</p>{why}'
