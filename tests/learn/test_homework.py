"""Course questions with published answers, asked as a reader would ask them."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.learn.answers import ELSEWHERE, QUESTIONS

ITEMS = json.loads((Path(__file__).parents[1] / "data" / "homework.json").read_text("utf-8"))["items"]


@pytest.mark.parametrize("item", [item for item in ITEMS if item["id"] in QUESTIONS], ids=lambda item: item["id"])
def test_the_published_answer(
    item: dict[str, object], cnncalc: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = QUESTIONS[str(item["id"])]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yaml").write_text(question.spec)
    answers = [cnncalc(*shlex.split(command), "--format", "json").json for command in question.commands]
    assert question.found(answers) == question.wanted(item["expected"])


def test_what_is_not_asked_has_a_reason() -> None:
    known = {item["id"] for item in ITEMS}
    assert known == QUESTIONS.keys() | ELSEWHERE.keys()
    assert not QUESTIONS.keys() & ELSEWHERE.keys()
