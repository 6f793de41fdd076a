# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The figure for print: the map and the curves of a whole history, as SVG that is legible on light and dark pages."""

import base64
from html import escape
from math import ceil, log

from .coverage import Coverage
from .png import make_png
from .svg import Panel, draw_byte_axis, draw_operation_axis, label, rectangle

WIDTH, HEIGHT = 760, 600
LEFT, RIGHT = 64, 16
MAP_TOP, MAP_HEIGHT = 62, 290
MOVES_TOP, MOVES_HEIGHT = 362, 26
CURVES_TOP, CURVES_HEIGHT = 398, 116
LEGEND_Y = 578
ROOM_ABOVE = 1.03

MOST_RECTANGLES = 1500  # with more blocks, the map is a picture of dots: a tenth of the size
COLUMNS, ROWS = 1360, 580
SHADES = ("#b7d3f2", "#93bce9", "#6aa0df", "#3f7fd0", "#2f6abb", "#2456a0", "#1a4486", "#12336b")
OPACITIES = 15

# (class, light, dark)
FILLS = (
    ("page", "#ffffff", "#0d1117"), ("outside", "#f6f8fa", "#161b22"), ("grid", "#d8dee4", "#2b323b"),
    ("frame", "#8c959f", "#6e7681"), ("text", "#1f2328", "#e6edf3"), ("quiet", "#57606a", "#9aa4af"),
    ("idle", "#fdf0dc", "#33270f"), ("hole", "#f3c581", "#7d5417"), ("control", "#8c959f", "#6e7681"),
    ("payload", "#a9c8ee", "#2d5389"), ("grown", "#a85400", "#f0a53a"), ("given", "#6b48b0", "#b392f0"),
    ("bad", "#c01c28", "#ff7b72"),
)
# (class, light, dark, more)
STROKES = (
    ("region", "#a85400", "#f0a53a", "stroke-width:1.4"), ("top", "#6b48b0", "#b392f0", "stroke-dasharray:5 2.5"),
    ("largest", "#00796b", "#4fd1b5", "stroke-dasharray:1.5 1.5"), ("payload-line", "#2f6fc4", "#4c8fe8", ""),
    ("grown-bar", "#a85400", "#f0a53a", ""), ("given-bar", "#6b48b0", "#b392f0", ""),
    ("edge", "#8c959f", "#6e7681", ""),
)


def style_sheet():
    light = [f".{name}{{fill:{colour}}}" for name, colour, _ in FILLS]
    light += [f".{name}{{stroke:{colour};fill:none;{more}}}" for name, colour, _, more in STROKES]
    light += [f".s{step}{{fill:{colour}}}" for step, colour in enumerate(SHADES)]
    dark = [f".{name}{{fill:{colour}}}" for name, _, colour in FILLS]
    dark += [f".{name}{{stroke:{colour}}}" for name, _, colour, _ in STROKES]
    font = "text{font:12px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}"
    title = ".title{font-size:16px;font-weight:600}"
    return f"{font}{title}{''.join(light)}@media (prefers-color-scheme:dark){{{''.join(dark)}}}"


# ---- Figures as lines ----

def extremes(values, panel):
    """For each stretch of a line: where it begins and ends, and the least and the most in it. At most one a dot."""
    count = min(len(values), ceil(panel.width))
    for stretch in range(count):
        first = stretch * len(values) // count
        end = max((stretch + 1) * len(values) // count, first + 1)
        part = values[first:end]
        yield first, end, min(part), max(part)


def line_of(panel, values):
    """The steps of a figure, as the data of a path."""
    corners, before = [f"M{panel.x(0):g} {panel.y(values[0]):g}"], None
    for first, end, least, most in extremes(values, panel):
        if before and before == (least, most) and least == most:
            corners[-1] = f"H{panel.x(end):g}"
            continue
        height = [f"V{panel.y(most):g}"] + ([f"V{panel.y(least):g}"] if least != most else [])
        corners += [*height, f"H{panel.x(end):g}"]
        before = (least, most)
    return "".join(corners)


def draw_line(name, panel, values):
    return f'<path class="{name}" d="{line_of(panel, values)}"/>'


def draw_area(name, panel, values):
    most = [most for _, _, _, most in extremes(values, panel)]
    scaled = Panel(panel.left, panel.top, panel.width, panel.height, len(most), panel.most_bytes)
    return f'<path class="{name}" d="{line_of(scaled, most)}V{panel.bottom:g}H{panel.left:g}Z"/>'


# ---- The map ----

class Shading:
    """Sizes as shades: the larger, the darker, by their logarithm."""

    def __init__(self, lives):
        sizes = [life.size for life in lives] or [1]
        self.least, self.most = min(sizes), max(sizes)
        self.span = max(log(self.most / self.least), 1e-9)

    def of(self, life):
        """From 0 to the number of shades less 1."""
        return log(life.size / self.least) / self.span * (len(SHADES) - 1)


def draw_blocks(panel, history, shading):
    if len(history.lives) <= MOST_RECTANGLES:
        return [draw_block(panel, history, life, shading) for life in history.lives]
    return [draw_dots(panel, history, shading)]


def draw_block(panel, history, life, shading):
    low = life.address - history.head.header
    left, right = panel.x(life.start), panel.x(life.end)
    top, bottom = panel.y(low + life.size), panel.y(low)
    inset = 0.15 if min(right - left, bottom - top) > 2 else 0
    return rectangle(f"s{round(shading.of(life))}", left, top + inset, right - left - inset, bottom - top - inset)


def draw_dots(panel, history, shading):
    grid = Coverage(COLUMNS, ROWS)
    across, up = COLUMNS / history.operations, ROWS / panel.most_bytes
    for life in history.lives:
        low = life.address - history.head.header
        grid.add(life.start * across, life.end * across, ROWS - (low + life.size) * up, ROWS - low * up,
                 shading.of(life))
    rows = [bytes(palette_place(*cell) for cell in grid.cells(row)) for row in range(ROWS)]
    data = base64.b64encode(make_png(rows, make_palette())).decode("ascii")
    place = f'x="{panel.left:g}" y="{panel.top:g}" width="{panel.width:g}" height="{panel.height:g}"'
    return f'<image {place} preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'


def palette_place(covered, weighted):
    opacity = min(int(covered * OPACITIES + 0.5), OPACITIES)
    if opacity <= 0:
        return 0
    shade = min(max(int(weighted / covered + 0.5), 0), len(SHADES) - 1)
    return 1 + shade * OPACITIES + opacity - 1


def make_palette():
    """Nothing first, then each shade in each opacity."""
    colours = [[int(shade[place:place + 2], 16) for place in (1, 3, 5)] for shade in SHADES]
    return [(0, 0, 0, 0)] + [(*colour, 255 * (opacity + 1) // OPACITIES) for colour in colours
                             for opacity in range(OPACITIES)]


def draw_map(panel, history, shading):
    series = history.series
    ends = [max(top - history.head.header, 0) for top in series["top"]]
    floor = panel.y(history.floor)
    return [
        rectangle("outside", panel.left, panel.top, panel.width, panel.height),
        *draw_byte_axis(panel, "address, {} from the heap's start", 8),
        draw_area("idle", panel, series["region"]),
        draw_area("hole", panel, ends),
        rectangle("control", panel.left, floor, panel.width, panel.bottom - floor),
        *draw_blocks(panel, history, shading),
        draw_line("region", panel, series["region"]),
        rectangle("edge", panel.left, panel.top, panel.width, panel.height),
    ]


# ---- Moves and curves ----

def draw_moves(panel, history):
    """The largest growth and return at each place, by the root of their size: small ones are to be seen too."""
    places = {}
    for move in history.moves:
        place = round(panel.x(move.index + 0.5) * 2) / 2
        grown, given = places.get(place, (0, 0))
        places[place] = max(grown, move.new - move.old), max(given, move.old - move.new)
    largest = max((max(changes) for changes in places.values()), default=1)
    middle = panel.top + panel.height / 2
    parts = [rectangle("frame", panel.left, middle - 0.3, panel.width, 0.6),
             label(panel.left - 6, middle - 2, "grows", "grown", "end"),
             label(panel.left - 6, middle + 11, "returns", "given", "end")]
    for name, which, sign in (("grown-bar", 0, -1), ("given-bar", 1, 1)):
        bars = [f"M{place:g} {middle:g}v{sign * panel.height / 2 * (changes[which] / largest) ** 0.5:.3g}"
                for place, changes in sorted(places.items()) if changes[which] > 0]
        parts.append(f'<path class="{name}" d="{"".join(bars)}"/>')
    for failure in history.failures:
        parts.append(label(panel.x(failure.index + 0.5), panel.top + 6, "×", "bad", "middle"))
    return parts


def draw_curves(panel, history):
    series = history.series
    return [
        rectangle("outside", panel.left, panel.top, panel.width, panel.height),
        *draw_byte_axis(panel, "sizes, {}", 4),
        *draw_operation_axis(panel, history.first_index),
        draw_area("payload", panel, series["payload"]),
        draw_line("region", panel, series["region"]),
        draw_line("top", panel, series["top"]),
        draw_line("largest", panel, series["largest_free"]),
        draw_line("payload-line", panel, series["payload"]),
        rectangle("edge", panel.left, panel.top, panel.width, panel.height),
    ]


def draw_legend(shading):
    areas = [("hole", "free, between blocks"), ("idle", "idle at the end"), ("payload", "payload")]
    lines = [("region", "region"), ("top", "top"), ("largest", "largest request that fits")]
    parts, x = [], LEFT
    for step in range(len(SHADES)):
        parts.append(rectangle(f"s{step}", x + 7 * step, LEGEND_Y - 9, 7, 10))
    x += 7 * len(SHADES) + 6
    text = f"blocks, {shading.least:,} to {shading.most:,} B"
    parts.append(label(x, LEGEND_Y, text))
    x += 6.3 * len(text) + 12
    for name, text in areas:
        parts += [rectangle(name, x, LEGEND_Y - 9, 11, 10), label(x + 16, LEGEND_Y, text)]
        x += 22 + 6.3 * len(text)
    x = LEFT
    for name, text in lines:
        parts += [f'<path class="{name}" d="M{x:g} {LEGEND_Y + 13:g}h18"/>', label(x + 24, LEGEND_Y + 17, text)]
        x += 36 + 6.3 * len(text)
    return parts


def subtitle(history):
    series, count = history.series, history.operations
    text = (
        f"{count:,} operations; payload up to {max(series['payload']) / 1024:.1f} KiB, region up to "
        f"{max(series['region']) / 1024:.1f} KiB and {sum(series['region']) / count / 1024:.1f} KiB on average; "
        f"{len(history.moves):,} moves of the end"
    )
    failures = len(history.failures)
    return text + (f"; {failures:,} failure{'' if failures == 1 else 's'}" if failures else "")


def make_figure(history, title):
    """The text of an SVG file."""
    most = ceil(max(max(history.series["region"]), 1) * ROOM_ABOVE)
    place = (LEFT, WIDTH - LEFT - RIGHT)
    panels = [Panel(place[0], top, place[1], height, history.operations, most) for top, height in
              ((MAP_TOP, MAP_HEIGHT), (MOVES_TOP, MOVES_HEIGHT), (CURVES_TOP, CURVES_HEIGHT))]
    shading = Shading(history.lives)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(title)}">',
        f"<title>{escape(title)}</title><style>{style_sheet()}</style>",
        rectangle("page", 0, 0, WIDTH, HEIGHT),
        label(LEFT, 26, title, "title text"),
        label(LEFT, 45, subtitle(history)),
        *draw_map(panels[0], history, shading),
        *draw_moves(panels[1], history),
        *draw_curves(panels[2], history),
        *draw_legend(shading),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
