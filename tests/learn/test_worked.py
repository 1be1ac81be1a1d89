"""Worked solutions: their arithmetic holds, for every kind of layer, in every notation and language."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

import cnncalc
from cnncalc.analysis.worked.explain import explain
from cnncalc.analysis.worked.lesson import TOPICS, Lesson, Say
from cnncalc.layers import registry
from cnncalc.render import lesson_pages
from cnncalc.render.console import console
from cnncalc.render.language import Language
from cnncalc.render.lessons import print_lessons
from tests.learn import arithmetic, catalogue
from tests.learn.layers import CASES, IMAGE, spec

ROWS = [(kind, *case) for kind in registry() for case in CASES.get(kind, [(IMAGE, "")])]
every_layer = pytest.mark.parametrize(("kind", "shape", "parameters"), ROWS)


def lessons(kind: str, shape: str, parameters: str) -> list[Lesson]:
    network = cnncalc.loads(spec(kind, shape, parameters))
    return explain(network, network.graph.layers(), TOPICS, batch=2)


def printed(found: list[Lesson], code: str) -> str:
    buffer = StringIO()
    print_lessons(found, console(buffer), code)
    return buffer.getvalue()


def test_every_case_is_a_layer() -> None:
    assert CASES.keys() <= registry().keys()


@every_layer
@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_arithmetic_printed_holds(kind: str, shape: str, parameters: str, code: str) -> None:
    for width in ("60", "200"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("COLUMNS", width)
            text = printed(lessons(kind, shape, parameters), code)
        found = list(arithmetic.chains(text))
        assert found
        for chain in found:
            assert arithmetic.agrees(chain), chain


@every_layer
def test_the_results_are_those_of_the_summary(kind: str, shape: str, parameters: str) -> None:
    network = cnncalc.loads(spec(kind, shape, parameters))
    summary = network.summary()
    for row, lesson in zip(summary.rows, lessons(kind, shape, parameters), strict=True):
        results = {topic.what: topic for topic in lesson.topics}
        assert results["shape"].result == row.node.shape
        assert results["params"].result == row.node.trainable
        assert results["macs"].result == 2 * row.node.macs
        for what, total in (("params", row.node.trainable), ("macs", 2 * row.node.macs)):
            steps = [step.derivation for step in results[what].steps if step.derivation]
            assert not total or total in [step.value for step in steps]


@every_layer
def test_latex_says_the_same(kind: str, shape: str, parameters: str) -> None:
    page = lesson_pages.markdown(lessons(kind, shape, parameters), "net", "zh")
    for formula in re.findall(r"\$(.+?)\$", page):
        chain = [arithmetic.from_latex(part) for part in formula.split(" = ")]
        parts = [part for part in chain if "\\" not in part and "_" not in part and arithmetic.numeric(part)]
        assert arithmetic.agrees(["", *parts]), formula


@every_layer
def test_html_is_well_formed(kind: str, shape: str, parameters: str) -> None:
    page = lesson_pages.html(lessons(kind, shape, parameters), "a < b", "en")
    for math in re.findall(r"<math>.*?</math>", page):
        ElementTree.fromstring(math)
    ElementTree.fromstring("<main>" + page.partition("<body")[2].partition(">")[2].replace("</body></html>", "</main>"))


@every_layer
def test_every_sentence_is_translated(kind: str, shape: str, parameters: str) -> None:
    chinese = Language("zh")
    for sentence in sentences(lessons(kind, shape, parameters)):
        translated = chinese.word(sentence)
        assert translated != sentence or sentence in ("MACs", "FLOPs"), sentence
        assert sorted(re.findall(r"{\w+}", translated)) == sorted(re.findall(r"{\w+}", sentence))


def sentences(found: list[Lesson]) -> set[str]:
    texts: set[str] = set()

    def collect(*said: Say | None) -> None:
        for one in said:
            if one is not None:
                texts.add(one.text)
                collect(*(value for value in one.values.values() if isinstance(value, Say)))

    for lesson in found:
        collect(lesson.about)
        for topic in lesson.topics:
            collect(topic.title, *topic.notes, *topic.warnings)
            for step in topic.steps:
                collect(step.name, step.reason)
    return texts


@pytest.mark.parametrize("source", catalogue.SOURCES, ids=lambda path: path.parts[-3])
def test_catalogues_are_compiled(source: Path) -> None:
    shipped = catalogue.entries(source.with_suffix(".mo").read_bytes())
    assert shipped == catalogue.entries(catalogue.compiled(source)), "python -m tests.learn.catalogue"
