from __future__ import annotations

import pytest

from tests.layers.table import Refusal, Row, check, check_refusal, make, name

ROWS = [
    Row("batchnorm", {}, (64, 8, 8), (64, 8, 8), 128, 128),
    Row("batchnorm", {"affine": False}, (64,), (64,), 0, 128),
    Row("batchnorm", {"track_stats": False}, (64, 3), (64, 3), 128),
    Row("batchnorm", {"scale": False}, (64, 3), (64, 3), 64, 128),
    Row("batchnorm", {"bias": False}, (64, 3), (64, 3), 64, 128),
    Row("layernorm", {}, (96, 7, 5), (96, 7, 5), 192),
    Row("layernorm", {"axis": "last"}, (7, 5, 96), (7, 5, 96), 192),
    Row("layernorm", {"axis": "all"}, (6, 7, 5), (6, 7, 5), 420),
    Row("layernorm", {"axis": "spatial", "bias": False}, (6, 7, 5), (6, 7, 5), 35),
    Row("layernorm", {"axis": [2, 3]}, (6, 2, 7, 5), (6, 2, 7, 5), 70),
    Row("layernorm", {"axis": 1, "affine": False}, (6, 7, 5), (6, 7, 5)),
    Row("groupnorm", {"groups": 3}, (6, 4, 4), (6, 4, 4), 12),
    Row("groupnorm", {"groups": 1, "affine": False}, (6,), (6,)),
    Row("instancenorm", {}, (6, 4, 4), (6, 4, 4)),
    Row("instancenorm", {"affine": True, "track_stats": True}, (6, 4), (6, 4), 12, 12),
    Row("lrn", {}, (96, 27, 27), (96, 27, 27)),
    Row("scale", {"init": 1e-6}, (96, 7, 7), (96, 7, 7), 96),
]

REFUSALS = [
    Refusal("groupnorm", {"groups": 4}, (6, 4), "E402", "groups", "6 channels cannot be split into 4"),
    Refusal("groupnorm", {}, (6, 4), "E305", None, "groupnorm needs 'groups'"),
    Refusal("layernorm", {"axis": "spatial"}, (6,), "E405", "axis", "flat vector"),
    Refusal("layernorm", {"axis": 3}, (6, 4, 4), "E306", "axis", "axes 0 (channels) to 2"),
    Refusal("layernorm", {"axis": [-1]}, (6,), "E306", "axis", "only axis 0, its channels"),
    Refusal("layernorm", {"axis": []}, (6, 4), "E306", "axis", "cannot be []"),
    Refusal("layernorm", {"axis": "chanels"}, (6, 4), "E304", "axis", "cannot be chanels"),
    Refusal("batchnorm", {"eps": -1}, (6, 4), "E303", "eps", "at least 0"),
    Refusal("batchnorm", {"eps": "small"}, (6, 4), "E302", "eps", "must be a number"),
]


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_numbers(row: Row) -> None:
    check(row)


@pytest.mark.parametrize("row", REFUSALS, ids=name)
def test_refusals(row: Refusal) -> None:
    check_refusal(row)


def test_alexnets_constants() -> None:
    assert make("lrn", {}, (1, 2, 2)).values == {"size": 5, "alpha": 1e-4, "beta": 0.75, "k": 2}


@pytest.mark.parametrize(
    "kind, values, mixed, gate",
    [
        ("batchnorm", {}, (), False),
        ("layernorm", {}, (0,), False),
        ("layernorm", {"axis": "last"}, (2,), False),
        ("layernorm", {"axis": "all"}, (0, 1, 2), True),
        ("layernorm", {"axis": "spatial"}, (1, 2), True),
        ("layernorm", {"axis": [1]}, (1,), True),
        ("layernorm", {"axis": [0]}, (0,), False),
        ("groupnorm", {"groups": 2}, (0, 1, 2), True),
        ("instancenorm", {}, (1, 2), True),
        ("lrn", {}, (0,), False),
        ("scale", {}, (), False),
    ],
)
def test_which_axes_share_statistics(kind: str, values: dict[str, object], mixed: tuple[int, ...], gate: bool) -> None:
    layer = make(kind, values, (4, 5, 6))
    assert layer.mixes((4, 5, 6)) == mixed
    assert layer.gate is gate
