"""How often a layer reads each place of its input."""

from __future__ import annotations

from math import prod

from cnncalc.analysis.coverage import LONGEST, axis_counts
from cnncalc.analysis.worked.lesson import Say, Step, Topic
from cnncalc.graph import Measure


def coverage_topic(measure: Measure) -> Topic:
    """How many windows lie over a place: fewest and most, and over a corner."""
    title = Say("Coverage")
    if not measure.layer.windows(measure.xs[0]):
        reason = Say("no window slides here")
        return Topic("coverage", title, (1, 1), (Step(Say("readings"), None, reason),))
    if max(measure.xs[0][1:]) > LONGEST:
        reason = Say("the sides are too long to be counted place by place")
        return Topic("coverage", title, (0, 0), (Step(Say("readings"), None, reason),))
    counts = [axis_counts(measure, axis) for axis in range(1, len(measure.xs[0]))]
    low, high = prod(map(min, counts)), prod(map(max, counts))
    corner = prod(along[0] for along in counts)
    places = prod(map(len, counts))
    never = places - prod(sum(1 for count in along if count) for along in counts)
    text = "windows over a corner: {corner}; over the places read most: {high}"
    steps = [Step(Say("readings"), None, Say(text, {"corner": corner, "high": high}))]
    if never:
        text = "{never} of {places} places are never read"
        steps.append(Step(Say("unread"), None, Say(text, {"never": never, "places": places})))
    return Topic("coverage", title, (low, high), tuple(steps))
