"""`cnncalc check`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.running import Runner

NET = "input: 3x8x8\nvars: {n: 2}\nlayers: [{conv: {filters: n, kernel: 3}}]\n"


def test_shipped_specs_and_their_presets_hold(cnncalc: Runner) -> None:
    done = cnncalc("check", "vgg16", "resnet101")
    assert done.code == 0 and done.err == ""
    assert "vgg16.yaml (vgg19_bn)" in done.out and "resnet50.yaml (resnet101)" in done.out
    assert "resnet18" not in done.out, "the name of a preset means that preset"
    assert done.out.endswith("9 as expected.\n")


def test_all_of_them(cnncalc: Runner) -> None:
    done = cnncalc("check", "--all", "--format", "json")
    assert done.code == 0, done.err
    found = done.json
    assert found["schema"] == "cnncalc.check/1" and found["holds"] is True and found["diagnostics"] == []
    assert len(found["checks"]) > 150
    assert [check["spec"] for check in found["checks"] if not check["holds"]] == []


def test_a_difference(cnncalc: Runner, tmp_path: Path, monkeypatch: object) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(
        NET + "expect: {params: 57, output: 2x6x6}\npresets:\n  wide:\n    n: 4\n    expect: {params: 112}\n"
    )
    done = cnncalc("check", str(file))
    assert done.code == 1 and done.err == ""
    assert f"{file}:4:18: params: expected 57, is 56 (1 less)" in done.out
    assert f"ok      {file} (wide)  params" in done.out
    assert "1 as expected, 1 not as expected." in done.out
    found = cnncalc("check", str(file), "-f", "json").json
    assert found["holds"] is False
    first = found["checks"][0]["findings"][0]
    assert first == {"key": "params", "expected": 57, "actual": 56, "difference": -1, "holds": False,
                     "file": str(file), "line": 4, "column": 18}  # fmt: skip
    assert cnncalc("check", str(file), "--preset", "wide").code == 0


def test_nothing_to_check(cnncalc: Runner, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(NET)
    done = cnncalc("check", str(file))
    assert done.code == 0 and "nothing to check" in done.out
    assert cnncalc("check", str(file), "-f", "json").json["checks"][0]["holds"] is None


def test_errors_do_not_keep_others_from_being_checked(cnncalc: Runner, tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_text(NET + "expect: {parms: 56}\npresets:\n  bad: {n: 0}\n  good: {n: 4, expect: {params: 112}}\n")
    done = cnncalc("check", str(file), "nothing_of_that_name", "lenet5")
    assert done.code == 3
    assert "E205" in done.err and "did you mean 'params'?" in done.err
    assert "filters must be at least 1, not 0" in done.err and "nothing_of_that_name" in done.err
    assert "(good)" in done.out and "lenet5.yaml" in done.out and "3 with errors." in done.out
    assert len(cnncalc("check", str(file), "-f", "json").json["diagnostics"]) == 2


def test_usage(cnncalc: Runner) -> None:
    assert cnncalc("check").code == 2
    done = cnncalc("check", "vgg16", "--preset", "vgg17")
    assert done.code == 3 and "has no preset 'vgg17'" in done.err
