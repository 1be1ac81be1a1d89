"""The summary as the Python API gives it: the numbers, and how they show themselves."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis import summary as analysis


class Summary(analysis.Summary):
    """All numbers of a network.  Printed, it is a table; `to_dict()` is the JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of `cnncalc summary --format json`, schema `cnncalc.summary/1`."""
        from cnncalc.render.json import summary_object

        return summary_object(self)

    def __str__(self) -> str:
        from cnncalc.render.console import summary_text

        return summary_text(self)

    def _repr_html_(self) -> str:
        from cnncalc.render.html import summary_fragment

        return summary_fragment(self)
