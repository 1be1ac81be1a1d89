"""What the commands that compute with numbers share: the optional parts they need, and their options."""

from __future__ import annotations

import functools
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import typer

from cnncalc.cli import common
from cnncalc.cli.status import Status
from cnncalc.errors import DataError, LimitError

if TYPE_CHECKING:
    from cnncalc.engine.execute import Execution
    from cnncalc.engine.kernels import Array

P = ParamSpec("P")

WEIGHTS = typer.Option(
    "--weights",
    "-w",
    help="Weights from FILE.npz, or one tensor: conv1.weight=FILE.npy; others are drawn.",
    metavar="FILE",
)
ENGINE = typer.Option("--engine", help="What computes; onnxruntime is faster, but counts nothing.")
SEED = typer.Option("--seed", help="Of the weights that are drawn.", min=0)
MEMORY_LIMIT = typer.Option(
    "--memory-limit", help="Refuse to take more than this; default 80 % of the free memory.", metavar="2GiB"
)
EXTRAS = {"numpy": "run", "PIL": "run", "onnx": "onnx", "onnxruntime": "onnx"}
NAMES = {"PIL": "pillow"}


class Engine(StrEnum):
    """What can run a network."""

    NUMPY = "numpy"
    ONNXRUNTIME = "onnxruntime"


def executor(engine: Engine) -> Callable[..., Execution]:
    """The function that runs graphs.

    Raises:
        ModuleNotFoundError: if the engine's packages are not installed.
    """
    if engine is Engine.ONNXRUNTIME:
        from cnncalc.engine import onnxruntime

        onnxruntime.require()
        return onnxruntime.execute
    from cnncalc.engine.execute import execute

    return execute


def computing(function: Callable[P, Any]) -> Callable[P, None]:
    """Decorator for commands that use the engine: its errors, and missing parts, end in one line and an exit code."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            return function(*args, **kwargs)
        except DataError as error:
            raise common.UsageError(str(error)) from None
        except LimitError as error:
            return refuse(str(error))
        except MemoryError:
            return refuse("there is not enough memory: use a smaller --input, or --set a smaller width")
        except ModuleNotFoundError as error:
            part = (error.name or "").partition(".")[0]
            if part not in EXTRAS:
                raise
            return refuse(f"this needs {NAMES.get(part, part)}: pip install 'cnncalc[{EXTRAS[part]}]'")

    return common.command(wrapped)


def refuse(message: str) -> Status:
    """Say which limit was reached."""
    typer.echo(f"cnncalc: error: {message}", err=True)
    return Status.LIMIT


def read_weights(sources: list[str]) -> dict[str, Array]:
    """The `--weights` options: archives, and single tensors with a name.

    Raises:
        DataError: for a file that is none.
        UsageError: for a `.npy` without a name.
    """
    from cnncalc.engine.files import read_array, read_arrays

    tensors: dict[str, Array] = {}
    for source in sources:
        name, equals, path = source.rpartition("=")
        if equals and not Path(source).exists():
            tensors[name] = read_array(Path(path))
        elif source.endswith(".npy"):
            raise common.UsageError(f"--weights {source}: say which tensor it is: --weights conv1.weight={source}")
        else:
            tensors |= read_arrays(Path(source))
    return tensors


def named(options: list[str], option: str) -> dict[str, str]:
    """`NAME=VALUE` options, '' for the name of those without one.

    Raises:
        UsageError: if one name is given twice.
    """
    result: dict[str, str] = {}
    for text in options:
        name, equals, value = text.partition("=")
        key, value = (name, value) if equals else ("", text)
        if key in result:
            raise common.UsageError(f"{option} is given twice{f' for {key}' if key else ''}")
        result[key] = value
    return result
