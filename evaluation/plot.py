"""A picture of how far probabilities hold: how often statements of about the same probability are right."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean

from .calibrate import binned, expected_calibration_error
from .scores import Verdict

_SIDE, _LEFT, _TOP = 320, 56, 28
_LARGEST = 16  #: radius of the bin with the most statements


def calibration_plot(verdicts: Sequence[Verdict], stated_at: float) -> str:
    """Return a reliability diagram (DeGroot and Fienberg, The Statistician 32, 1983) as SVG.

    A circle is a tenth of the scale: its place is the mean probability and the share that is right, its size the number
    of statements. On the diagonal probabilities hold; the upright line divides what is suggested from what is stated.

    Args:
        verdicts: statements that were judged.
        stated_at: from which probability on a statement is stated.

    """
    bins = binned(verdicts)
    most = max((len(group) for group in bins.values()), default=1)
    parts = [_axis(), _line(0, 0, 1, 1, "6 4"), _line(stated_at, 0, stated_at, 1, "2 3")]
    parts += [_circle(group, most) for group in bins.values()]
    title = f"{sum(map(len, bins.values())):,} statements; off by {expected_calibration_error(verdicts):.3f} on average"
    width, height = _LEFT + _SIDE + 24, _TOP + _SIDE + 48
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'role="img"'
        f' font-family="sans-serif" font-size="12"><title>{title}</title><rect width="{width}" height="{height}" '
        'fill="white"/>'
        f'{"".join(parts)}<text x="{_LEFT}" y="18">{title}</text></svg>\n'
    )


def _at(probability: float, share: float) -> tuple[str, str]:
    return f"{_LEFT + probability * _SIDE:.1f}", f"{_TOP + (1 - share) * _SIDE:.1f}"


def _line(x1: float, y1: float, x2: float, y2: float, dashes: str) -> str:
    (a, b), (c, d) = _at(x1, y1), _at(x2, y2)
    return f'<path d="M{a} {b}L{c} {d}" stroke="#555" stroke-dasharray="{dashes}" fill="none"/>'


def _axis() -> str:
    marks = ""
    for tenth in range(0, 11, 2):
        x, y = _at(tenth / 10, tenth / 10)
        marks += f'<text x="{x}" y="{_TOP + _SIDE + 18}" text-anchor="middle">{tenth / 10:g}</text>'
        marks += f'<text x="{_LEFT - 8}" y="{float(y) + 4:.1f}" text-anchor="end">{tenth / 10:g}</text>'
    words = f'<text x="{_LEFT + _SIDE / 2:g}" y="{_TOP + _SIDE + 38}" text-anchor="middle">probability</text>'
    words += (
        f'<text transform="translate(16 {_TOP + _SIDE / 2:g}) rotate(-90)" text-anchor="middle">share that is '
        "right</text>"
    )
    frame = f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#555"/>'
    return frame + marks + words


def _circle(group: Sequence[Verdict], most: int) -> str:
    share, mean = sum(bool(v.right) for v in group) / len(group), fmean(v.probability for v in group)
    x, y = _at(mean, share)
    radius = max(3.0, _LARGEST * sqrt(len(group) / most))
    title = f"{len(group):,} statements of probability {mean:.2f}: {share:.2f} right"
    return (
        f'<circle cx="{x}" cy="{y}" r="{radius:.1f}" fill="#2b6cb0" fill-opacity=".6"><title>{title}</title></circle>'
    )
