"""Reports as the Python API gives them: the numbers of an analysis, and how they show themselves."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis import field_report, memory_report

WIDTH = 100


class FieldGrowth(field_report.FieldGrowth):
    """The receptive field of every layer.  Printed, it is a table; `to_dict()` is the JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """The object of `cnncalc rf SPEC --format json`, schema `cnncalc.rf/1`."""
        from cnncalc.render.field_objects import growth_object

        return growth_object(self)

    def __str__(self) -> str:
        from cnncalc.render.fields import growth_sheet
        from cnncalc.render.sheets import sheet_text

        return sheet_text(growth_sheet(self, 9), WIDTH)


class LayerField(field_report.LayerField):
    """One unit's receptive field.  Printed, it is taken apart; `to_dict()` is the JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """The object of `cnncalc rf SPEC LAYER --format json`, schema `cnncalc.rf/1`."""
        from cnncalc.render.field_objects import layer_object

        return layer_object(self)

    def __str__(self) -> str:
        from cnncalc.render.fields import layer_sheet
        from cnncalc.render.sheets import sheet_text

        return sheet_text(layer_sheet(self, WIDTH), WIDTH)


class TrainingMemory(memory_report.TrainingMemory):
    """Memory of a training step.  Printed, it is taken apart; `to_dict()` is the JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """The object of `cnncalc memory --format json`, schema `cnncalc.memory/1`."""
        from cnncalc.render.memory_objects import memory_object

        return memory_object(self)

    def __str__(self) -> str:
        from cnncalc.render.memory import memory_sheet
        from cnncalc.render.sheets import sheet_text

        return sheet_text(memory_sheet(self, 1, WIDTH), WIDTH)
