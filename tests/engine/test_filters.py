"""`cnncalc filter` and `cnncalc learn`: what the notes say of edges."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnncalc.cli.app import run
from cnncalc.engine.filters import apply_filter, learn_filter, named_filter
from cnncalc.layers.filters import filter_names
from tests.engine.conftest import blocks

Capture = pytest.CaptureFixture[str]


def test_edges_of_both_kinds_have_opposite_signs() -> None:
    image = np.zeros((1, 6, 9))
    image[:, :, 3:6] = 1  # dark, light, dark
    row = apply_filter(image, named_filter("sobel-x"))[0, 3]
    assert row.tolist() == [0, 0, 4, 4, 0, -4, -4, 0, 0]
    assert np.array_equal(apply_filter(image, named_filter("sobel-x"), convolution=True)[0, 3], -row)
    assert not apply_filter(image, named_filter("sobel-y")).any()


def test_sobel_and_scharr_are_the_notes() -> None:
    assert named_filter("sobel-x").tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    assert named_filter("scharr-y").tolist() == [[-3, -10, -3], [0, 0, 0], [3, 10, 3]]


@pytest.mark.parametrize("name", filter_names())
def test_filters_keep_or_remove_what_is_even(name: str) -> None:
    even = apply_filter(np.full((1, 5, 5), 0.5), named_filter(name))
    assert np.allclose(even, 0.5 if name in ("box", "gaussian", "sharpen", "identity") else 0.0)


def test_a_filter_answers_most_to_its_pattern() -> None:
    kernel = named_filter("45deg")
    patterns = [named_filter(f"{angle}deg") for angle in range(0, 360, 45)]
    answers = [float(apply_filter(pattern[None], kernel, same=False).item()) for pattern in patterns]
    assert int(np.argmax(answers)) == 1 and int(np.argmin(answers)) == 5


@pytest.mark.parametrize("target", ["sobel-x", "sobel-y", "scharr-x", "laplacian", "45deg", "30deg", "-100.5deg"])
def test_any_filter_is_learned(target: str) -> None:
    lesson = learn_filter(blocks() / 255, target)
    assert lesson.error < 1e-9
    assert lesson.losses[-1] < 1e-18 * lesson.losses[0]
    assert all(later <= earlier * (1 + 1e-9) for earlier, later in zip(lesson.losses, lesson.losses[1:], strict=False))


def test_the_commands(here: Path, capsys: Capture) -> None:
    assert run(["filter", "picture.png", "--kernel", "sobel-x", "-o", "edges.png", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["output_shape"] == [1, 70, 84] and report["statistics"]["minimum"] < 0
    with Image.open("edges.png") as image:
        assert image.size == (84, 70)
    assert run(["filter", "picture.png", "-k", "1,0,-1;1,0,-1", "--colour", "--signed", "-o", "edges.jpg"]) == 0
    capsys.readouterr()
    assert run(["learn", "--image", "picture.png", "--target", "45deg"]) == 0
    out = capsys.readouterr().out
    assert "learned" in out and "true" in out and "1.414" in out
    assert run(["learn", "--image", "picture.png", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["error"] < 1e-9


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["filter", "picture.png", "-k", "sobel"], "there is no filter 'sobel': did you mean"),
        (["filter", "picture.png", "-k", "1,2;3"], "differ in length"),
        (["filter", "picture.png", "-k", "1,a"], "is no kernel"),
        (["filter", "none.png", "-k", "box"], "there is no file none.png"),
        (["filter", "picture.png", "-k", "box", "-o", "a/b.png"], "there is no folder a"),
        (["learn", "--image", "picture.png", "-t", "sobbel-y"], "did you mean 'sobel-y'?"),
    ],
)
def test_mistakes(arguments: list[str], says: str, here: Path, capsys: Capture) -> None:
    assert run(arguments) == 2
    err = capsys.readouterr().err
    assert says in err and len(err.splitlines()) == 1
