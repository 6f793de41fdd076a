# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Draws what policies make of one trace, as SVG: a panel for each, with what was in use and what the heap had."""

from html import escape

COLUMNS = 3
PANEL_WIDTH, PANEL_HEIGHT = 250, 150
LEFT, TOP, GAP_ACROSS, GAP_DOWN, BOTTOM = 56, 62, 18, 52, 34

STYLE = """
    .page{fill:#ffffff}.panel{fill:#f6f8fa}.live{fill:#2f6fc4}.region{fill:#f5cd8f}.grid{stroke:#d8dee4}
    .text{fill:#1f2328}.quiet{fill:#57606a}text{font:13px sans-serif}.quiet{font-size:11px}
    @media (prefers-color-scheme:dark){.page{fill:#0d1117}.panel{fill:#161b22}.live{fill:#4c8fe8}.region{fill:#7a5520}
    .grid{stroke:#2b323b}.text{fill:#e6edf3}.quiet{fill:#9aa4af}}
"""


class Panel:
    """One policy's picture: where its place is, and how figures are mapped onto it."""

    def __init__(self, number, case, top_of_scale):
        self.case = case
        self.left = LEFT + number % COLUMNS * (PANEL_WIDTH + GAP_ACROSS)
        self.bottom = TOP + number // COLUMNS * (PANEL_HEIGHT + GAP_DOWN) + PANEL_HEIGHT
        self.scale = PANEL_HEIGHT / top_of_scale

    def area(self, kind, values):
        """A value for each sample, as steps, filled down to the bottom."""
        width = PANEL_WIDTH / len(values)
        path = f"M{self.left} {self.bottom}"
        for index, value in enumerate(values):
            height = self.bottom - value * self.scale
            path += f"L{self.left + index * width:.1f} {height:.1f}H{self.left + (index + 1) * width:.1f}"
        return f'<path class="{kind}" d="{path}V{self.bottom}Z"/>'

    def draw(self):
        """Everything of the panel."""
        top = self.bottom - PANEL_HEIGHT
        case = self.case
        figures = f'region/live {case["region_over_live"]:.2f}, {case["moves_per_1000"]:.1f} moves in 1000 calls'
        samples = case["timeline"]
        return [f'<rect class="panel" x="{self.left}" y="{top}" width="{PANEL_WIDTH}" height="{PANEL_HEIGHT}"/>',
                self.area("region", [sample[2] for sample in samples]),
                self.area("live", [sample[1] for sample in samples]),
                f'<text class="text" x="{self.left}" y="{top - 8}">{escape(case["policy"])}</text>',
                f'<text class="quiet" x="{self.left}" y="{self.bottom + 16}">{figures}</text>']


def scale_marks(top_of_scale, rows):
    """0 and the top of the scale, in KiB, beside the first panel of each row."""
    marks = []
    for row in range(rows):
        top = TOP + row * (PANEL_HEIGHT + GAP_DOWN)
        for value, y in ((top_of_scale, top + 8), (0, top + PANEL_HEIGHT)):
            marks.append(f'<text class="quiet" x="{LEFT - 6}" y="{y}" text-anchor="end">{value // 1024} KiB</text>')
    return marks


def draw(cases):
    """All cases, which are those of one trace."""
    highest = max(sample[2] for case in cases for sample in case["timeline"])
    top_of_scale = (highest // 8192 + 1) * 8192
    rows = (len(cases) + COLUMNS - 1) // COLUMNS
    width = LEFT + COLUMNS * (PANEL_WIDTH + GAP_ACROSS)
    height = TOP + rows * (PANEL_HEIGHT + GAP_DOWN) - GAP_DOWN + BOTTOM
    body = [f'<rect class="page" width="{width}" height="{height}"/>',
            f'<text class="text" x="{LEFT}" y="22" font-weight="bold">{escape(cases[0]["trace"])}: what is in use '
            '(blue), and what the heap holds beyond that (sand), over time</text>',
            *scale_marks(top_of_scale, rows)]
    for number, case in enumerate(cases):
        body += Panel(number, case, top_of_scale).draw()
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
            f"<style>{STYLE}</style>\n" + "\n".join(body) + "\n</svg>\n")
