"""The yardstick: ten lines of typer, rich and pyyaml that read a file and print a table of the same size."""

import sys
from pathlib import Path

import typer
import yaml
from rich.console import Console
from rich.table import Table


def main(path: Path) -> None:
    yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    table = Table("Layer", "Output", "Kernel", "Params", "MACs", "Share", "", "Field")
    for row in range(39):
        table.add_row(f"conv{row}", "512x28x28", "3x3 p1", "2.36 M", "1.85 G", "12.0 %", "############", "196")
    Console(file=sys.stdout).print(table)


if __name__ == "__main__":
    typer.run(main)
