# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The page: the template that the build made of the folder page/, with a history in it."""

import html
import json
from importlib import resources

from .events import KINDS
from .history import SERIES
from .pack import pack

LIFE_COLUMNS = ("start", "end", "address", "size", "requested", "slot", "first")


def sites_of(history):
    """The names of all sites: first those that cover most of the map, as only the first have colours of their own."""
    covered = {failure.site: 0 for failure in history.failures if failure.site}
    for life in history.lives:
        if life.site:
            covered[life.site] = covered.get(life.site, 0) + life.size * (life.end - life.start)
    return sorted(covered, key=lambda site: (-covered[site], site))


def site_column(items, sites):
    """Places in the list of sites, from 1; 0 where none is known."""
    place = {site: number for number, site in enumerate(sites, 1)}
    return pack(place.get(item.site, 0) for item in items)


def life_columns(history, sites):
    columns = {name: pack(getattr(life, name) for life in history.lives) for name in LIFE_COLUMNS}
    columns["kind"] = pack(KINDS.index(life.kind) for life in history.lives)
    columns["site"] = site_column(history.lives, sites)
    return columns


def records(items, names):
    return {name: pack(getattr(item, name) for item in items) for name in names}


def as_json(history, title):
    """What page/history.mjs reads."""
    sites = sites_of(history)
    head = history.head
    content = {
        "title": title,
        "trace": head.trace,
        "geometry": head.geometry,
        "granule": head.granule,
        "header": head.header,
        "maximum": head.maximum,
        "operations": history.operations,
        "firstIndex": history.first_index,
        "floor": history.floor,
        "kinds": KINDS,
        "sites": sites,
        "lives": {"count": len(history.lives), **life_columns(history, sites)},
        "series": {name: pack(history.series[name]) for name in SERIES},
        "moves": {"count": len(history.moves), **records(history.moves, ("index", "old", "new"))},
        "failures": {
            "count": len(history.failures),
            **records(history.failures, ("index", "slot", "requested")),
            "site": site_column(history.failures, sites),
        },
        "pins": [{"life": number, "cost": cost} for number, cost in history.pins],
    }
    # A text in it must not end the script that it is in.
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def make_page(history, title):
    """The text of a page that needs nothing beside itself."""
    template = resources.files(__package__).joinpath("page.html").read_text(encoding="utf-8")
    before, after = template.split("@history@")
    return before.replace("@title@", html.escape(title)) + as_json(history, title) + after
