"""Work, rooflines and reconciled figures as the Python API gives them: numbers that show themselves."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from cnncalc.analysis.roofline import Roofline as _Roofline
from cnncalc.analysis.work import Work as _Work

if TYPE_CHECKING:
    from cnncalc.analysis.reconcile import Reconciliation
    from cnncalc.network import Network

WIDTH = 100


class Work(_Work):
    """The work of a network.  Printed, it is a table; `to_dict()` is the JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of `cnncalc work --format json`, schema `cnncalc.work/1`."""
        from cnncalc.render.work import work_object

        return work_object(self)

    def __str__(self) -> str:
        from cnncalc.render.sheets import sheet_text
        from cnncalc.render.work import work_sheet

        return sheet_text(work_sheet(self, WIDTH), WIDTH)


class Roofline(_Roofline):
    """A network on a device.  Printed, it is a table; `to_dict()` is the JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of `cnncalc roofline --format json`, schema `cnncalc.roofline/1`."""
        from cnncalc.render.roofline import roofline_object

        return roofline_object(self)

    def __str__(self) -> str:
        from cnncalc.render.roofline import roofline_sheet
        from cnncalc.render.sheets import sheet_text

        return sheet_text(roofline_sheet(self), WIDTH)


class Reconciled:
    """What explains figures of a network; `results` has one entry per figure, each with `found`, best first."""

    def __init__(self, network: Network, results: list[Reconciliation]) -> None:
        self.network = network
        self.results = results

    @property
    def explained(self) -> bool:
        """Whether every figure has an explanation."""
        return all(result.found for result in self.results)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of `cnncalc reconcile --format json`, schema `cnncalc.reconcile/1`."""
        from cnncalc.render.reconcile import reconcile_object

        return reconcile_object(self.network, self.results)

    def __str__(self) -> str:
        from cnncalc.render.reconcile import reconcile_sheet
        from cnncalc.render.sheets import sheet_text

        return sheet_text(reconcile_sheet(self.network, self.results), WIDTH)


def work(network: Network, batch: int, by: str, **options: Any) -> Work:
    """`Network.work`; the options are those of `analysis.work.work_of`.

    Raises:
        ValueError: for a batch below 1, an unknown grouping or tool.
    """
    from cnncalc.analysis.work import work_of

    return Work(**vars(work_of(network, batch, by, **options)))


def roofline(network: Network, device: str | os.PathLike[str], batch: int, dtype: str) -> Roofline:
    """`Network.roofline`.

    Raises:
        SpecError: if there is no such device, or its file is wrong.
        ValueError: for a batch below 1, or a type of numbers the device states no peak for.
    """
    from cnncalc.analysis.roofline import roofline_of
    from cnncalc.spec.devices import load_device

    found = roofline_of(network, load_device(device), batch, dtype)
    return Roofline(network, found.device, batch, dtype, found.rows, found.least)


def reconciled(network: Network, figure: str | int | None, params: str | int | None) -> Reconciled:
    """`Network.reconcile`.

    Raises:
        SpecError: E610 for a text that is no figure.
        ValueError: if no figure is given.
    """
    from cnncalc.analysis.reconcile import reconcile

    typed = [None if text is None else str(text) for text in (figure, params)]
    return Reconciled(network, reconcile(network, *typed))
