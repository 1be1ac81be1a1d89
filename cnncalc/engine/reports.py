"""What runs report: plain numbers, no arrays, for renderers to write down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Statistics:
    """The values of one tensor.  `zeros` is a share from 0 to 1; the others ignore what is not finite."""

    minimum: float
    maximum: float
    mean: float
    deviation: float
    zeros: float
    not_numbers: int
    infinite: int

    @property
    def finite(self) -> bool:
        """Whether every value is a number."""
        return not self.not_numbers and not self.infinite


@dataclass(frozen=True)
class LayerRun:
    """One layer that ran.  `shape` is channels first, without the batch; `seconds` includes making its weights."""

    name: str
    kind: str
    shape: tuple[int, ...]
    statistics: Statistics
    multiplications: int
    seconds: float


@dataclass(frozen=True)
class TopOutputs:
    """The largest values of a flat output, for the first sample, largest first: (unit, value)."""

    name: str
    units: int
    values: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class RunReport:
    """A network that ran.

    `trouble` tells where values first stopped being finite, and why if that is known; None if they
    never did.
    """

    name: str
    batch: int
    dtype: str
    seed: int
    inputs: dict[str, Statistics]
    layers: tuple[LayerRun, ...]
    outputs: dict[str, tuple[int, ...]]
    top: tuple[TopOutputs, ...]
    seconds: float
    peak_bytes: int
    peak_layer: str
    multiplications: int
    trouble: str | None
    layout: str = "channels_first"


@dataclass(frozen=True)
class Claim:
    """One statement of the analysis held against what happened; `holds` is None where it does not apply."""

    subject: str
    stated: str
    found: str
    holds: bool | None


@dataclass(frozen=True)
class Verification:
    """All claims about a network, at the input shapes they were tried with."""

    name: str
    inputs: dict[str, tuple[int, ...]]
    reduced: bool
    claims: tuple[Claim, ...]
    seconds: float
    layout: str = "channels_first"

    @property
    def holds(self) -> bool:
        """Whether no claim fails."""
        return all(claim.holds is not False for claim in self.claims)
