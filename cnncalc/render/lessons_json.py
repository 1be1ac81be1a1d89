"""Worked solutions as JSON, schema `cnncalc.explain/1`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnncalc.render.json import plain
from cnncalc.render.language import Language

if TYPE_CHECKING:
    from cnncalc.analysis.worked.lesson import Lesson, Step, Topic


def lessons_object(lessons: Sequence[Lesson], title: str, code: str) -> dict[str, Any]:
    """All lessons; shapes are channels first, formulas in the expression language of specs."""
    return {
        "schema": "cnncalc.explain/1",
        "name": title,
        "lang": code,
        "layers": [lesson_object(lesson, code) for lesson in lessons],
    }


def lesson_object(lesson: Lesson, code: str) -> dict[str, Any]:
    """One layer."""
    language = Language(code, lesson.layout)
    return {
        "name": lesson.name,
        "type": lesson.kind,
        "config": plain(lesson.config),
        "input_shapes": plain(lesson.inputs),
        "output_shape": plain(lesson.output),
        "topics": {topic.what: _topic(topic, language) for topic in lesson.topics},
    }


def _topic(topic: Topic, language: Language) -> dict[str, Any]:
    return {
        "title": language.say(topic.title),
        "result": plain(topic.result),
        "steps": [_step(step, language) for step in topic.steps],
        "notes": [language.say(note) for note in topic.notes],
        "warnings": [language.say(warning) for warning in topic.warnings],
    }


def _step(step: Step, language: Language) -> dict[str, Any]:
    made = step.derivation
    return {
        "name": language.say(step.name),
        "letter": made.formula.result if made else None,
        "rule": made.formula.text if made else None,
        "numbers": made.substituted() if made else None,
        "value": plain(made.value) if made else None,
        "reason": language.say(step.reason) if step.reason else None,
    }
