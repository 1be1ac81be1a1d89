"""Reports as the Python API gives them: the numbers of an analysis, and how they show themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.analysis import field_report, memory_report

if TYPE_CHECKING:
    from cnncalc.analysis.field_need import Need
    from cnncalc.render.sheets import Sheet

WIDTH = 100


class _Shown:
    """A report that is a text in a terminal and a page in a notebook."""

    def _sheet(self) -> Sheet:
        raise NotImplementedError

    def __str__(self) -> str:
        from cnncalc.render.sheets import sheet_text

        return sheet_text(self._sheet(), WIDTH)

    def _repr_markdown_(self) -> str:
        from cnncalc.render.sheets import markdown

        return markdown(self._sheet())


class FieldGrowth(_Shown, field_report.FieldGrowth):
    """The receptive field of every layer.  Printed, it is a table; `to_dict()` is the JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """The object of `cnncalc rf SPEC --format json`, schema `cnncalc.rf/1`."""
        from cnncalc.render.field_objects import growth_object

        return growth_object(self)

    def _sheet(self) -> Sheet:
        from cnncalc.render.fields import growth_sheet

        return growth_sheet(self, 9)


class LayerField(_Shown, field_report.LayerField):
    """One unit's receptive field.  Printed, it is taken apart; `to_dict()` is the JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """The object of `cnncalc rf SPEC LAYER --format json`, schema `cnncalc.rf/1`."""
        from cnncalc.render.field_objects import layer_object

        return layer_object(self)

    def to_reach(self, *size: int) -> Need:
        """The smallest single changes that make the field at least `size`: one number, or one per axis.

        Raises:
            ValueError: if there is not one size for each axis.
        """
        from cnncalc.analysis.field_need import find_changes

        self.need = find_changes(self, size)
        return self.need

    def _sheet(self) -> Sheet:
        from cnncalc.render.fields import layer_sheet

        return layer_sheet(self, WIDTH)


class TrainingMemory(_Shown, memory_report.TrainingMemory):
    """Memory of a training step.  Printed, it is taken apart; `to_dict()` is the JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """The object of `cnncalc memory --format json`, schema `cnncalc.memory/1`."""
        from cnncalc.render.memory_objects import memory_object

        return memory_object(self)

    def _sheet(self) -> Sheet:
        from cnncalc.render.memory import memory_sheet

        return memory_sheet(self, 1, WIDTH)
