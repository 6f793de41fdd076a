# SPDX-License-Identifier: Apache-2.0 OR MIT
"""page_test.py CHROMIUM FOLDER [TEST]...: the page in a browser, operated as a person would.

Screenshots stay in the folder, to be looked at.
"""

import json
import os
import struct
import subprocess
import sys
import unittest
import zlib
from pathlib import Path

import few_events
import made_events
from browser import Browser

CHROMIUM, FOLDER = sys.argv[1], Path(sys.argv[2])
PROGRAM = os.environ["EBB_VIEW"]
TRACE = os.path.join(os.environ["EBB_TRACES"], "sqlite_log.mtr")


def make_page(name, events):
    source = FOLDER / f"{name}.events"
    few_events.write(source, events)
    subprocess.run([PROGRAM, source], check=True)
    return FOLDER / f"{name}.html"


def colour_of(picture):
    """Red, green and blue of a PNG of one pixel: with nothing before it, each of PNG's filters is none."""
    place, data = 8, b""
    while place < len(picture):
        length, name = struct.unpack(">I4s", picture[place:place + 8])
        data += picture[place + 8:place + 8 + length] if name == b"IDAT" else b""
        place += 12 + length
    return tuple(zlib.decompress(data)[1:4])


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser(CHROMIUM).__enter__()
        cls.addClassCleanup(cls.browser.__exit__)
        cls.few = make_page("few", [few_events.HEAD, *few_events.EVENTS])
        cls.many = make_page("many", made_events.events(200_000))
        cls.fewer = make_page("fewer", made_events.events(20_000))

    def tearDown(self):
        self.assertEqual(self.browser.complaints, [])

    def open(self, path, **more):
        self.browser.open(path, **more)

    def ask(self, expression):
        return self.browser.ask(expression)

    def text(self, name):
        return self.ask(f"document.getElementById('{name}').textContent")

    def place(self, operation, address):
        """Where in the window an operation and an address are."""
        return json.loads(self.ask(
            "(({view, layout: {map}}) => {"
            " const {left, top} = document.getElementById('overlay').getBoundingClientRect();"
            f" const across = ({operation} - view.from) / (view.to - view.from);"
            f" const up = ({address} - view.low) / (view.high - view.low);"
            " return JSON.stringify([left + map.left + across * map.width, top + map.bottom - up * map.height]);"
            " })(ebbView)"
        ))

    def span(self):
        return self.ask("ebbView.view.to - ebbView.view.from")

    # ---- Pointing ----

    def test_pointing_at_a_block_names_it(self):
        self.open(self.few)
        self.browser.hover(*self.place(2.5, 224))
        shown = self.ask("document.getElementById('tooltip').innerText")
        for expected in ("Block of slot 2", "64 B, for a request of 50", "0x00e0 (224)", "operation 2, malloc",
                         "the end, never freed", "age\t0 operations"):
            self.assertIn(expected, shown)

    def test_a_block_that_was_resized_is_as_old_as_it_is(self):
        self.open(self.few)
        self.browser.hover(*self.place(6.5, 500))
        shown = self.ask("document.getElementById('tooltip').innerText")
        for expected in ("Block of slot 0", "400 B, for a request of 390", "operation 0, malloc", "age\t6 operations",
                         "operation 9, after 9 operations", "resized\t1 time", "main.c:10"):
            self.assertIn(expected, shown)

    def test_a_site_is_text(self):
        self.open(self.few)
        self.browser.hover(*self.place(1.5, 200))
        self.assertIn("<b>&\"'", self.text("tooltip"))

    def test_pointing_beside_blocks_says_what_is_there(self):
        self.open(self.few)
        for operation, address, what in ((3.5, 200, "A hole"), (0.5, 400, "Idle"), (0.5, 60, "Control block"),
                                         (1.5, 900, "Not the heap's")):
            self.browser.hover(*self.place(operation, address))
            self.assertTrue(self.text("tooltip").startswith(f"{what}, after operation {int(operation)}"))

    def test_every_block_is_found_where_it_is(self):
        """At many places of a real trace, as the events have it."""
        subprocess.run([PROGRAM, TRACE, "-o", FOLDER / "trace.html"], check=True)
        self.open(FOLDER / "trace.html")
        wrong = self.ask(
            "(() => { const {lives} = ebbView.history; let wrong = 0;"
            " for (let life = 0; life < lives.count; life += 97) {"
            " const found = ebbView.lifeAround({time: lives.start[life] + 0.5, address: lives.address[life]});"
            " wrong += found === life ? 0 : 1; } return wrong; })()"
        )
        self.assertEqual(wrong, 0)
        self.browser.screenshot(FOLDER / "trace.png")

    # ---- Sites ----

    def sites(self):
        """The list, as pairs of texts."""
        return [tuple(pair) for pair in self.ask(
            "[...document.querySelectorAll('#sites li')].map((entry) => [...entry.childNodes]"
            ".map((part) => part.innerText ?? part.textContent))")]

    def test_who_holds_what_after_an_operation(self):
        self.open(self.few)
        for operation, expected in ((1, [("<b>&\"'", "30 B in 1 block"), ("main.c:10", "10 B in 1 block")]),
                                    (6, [("main.c:10", "390 B in 1 block"), ("not known", "150 B in 2 blocks")]),
                                    (9, [("not known", "50 B in 1 block")])):
            self.ask(f"ebbView.goTo({operation}), 1")
            self.browser.rest()
            self.assertEqual(self.sites(), expected)
        self.ask("ebbView.goTo(6), 1")
        self.browser.rest()
        self.ask("document.querySelectorAll('#sites button')[1].click(), 1")
        self.browser.rest()
        self.assertIn("Block of slot 4", self.text("block"))

    def test_callers_stand_below_each_other(self):
        site = "obtain (list.c:7)\ngrow (list.c:19)\nmain (app.c:3)"
        events = [few_events.HEAD, [*few_events.EVENTS[1][:10], site]]
        self.open(make_page("callers", events))
        self.assertEqual(self.sites(), [(site, "10 B in 1 block")])
        self.browser.hover(*self.place(0.5, 180))
        self.assertIn(f"site\t{site}", self.ask("document.getElementById('tooltip').innerText"))
        self.browser.screenshot(FOLDER / "callers.png")

    def test_who_made_a_request_that_failed(self):
        events = [[*event, "hungry (a.c:1)\nmain (a.c:9)"] if event[1] == "x" else event for event in few_events.EVENTS]
        self.open(make_page("hungry", [few_events.HEAD, *events]))
        self.ask("ebbView.goTo(5), 1")
        self.browser.rest()
        self.assertEqual(self.ask("document.getElementById('now-what').innerText"),
                         "a request of 60,000 bytes failed, from\nhungry (a.c:1)\nmain (a.c:9)")
        self.ask("ebbView.goTo(4), 1")
        self.browser.rest()
        self.assertNotIn("hungry", self.text("sites"))

    def test_many_sites_are_summed_up(self):
        events = [{**few_events.HEAD, "operations": 20}]
        for number in range(20):
            address = 176 + 16 * number
            events.append([number, "a", number, address, 16, 14 - number % 2, 1024, address + 16, None, 0,
                           f"s{number}"])
        self.open(make_page("sites", events))
        self.ask("ebbView.goTo(19), 1")
        self.browser.rest()
        self.assertEqual(len(self.sites()), 13)
        self.assertEqual(self.sites()[-1], ("8 other sites", "104 B in 8 blocks"))

    def test_without_sites_there_is_no_list(self):
        subprocess.run([PROGRAM, TRACE, "-o", FOLDER / "plain.html"], check=True)
        self.open(FOLDER / "plain.html")
        self.assertEqual(self.ask("getComputedStyle(document.getElementById('sites-section')).display"), "none")

    # ---- Choosing and zooming ----

    def test_clicking_chooses(self):
        self.open(self.few)
        self.browser.click(*self.place(7.5, 250))
        self.assertEqual(self.text("now-title"), "Operation 7")
        self.assertEqual(self.text("now-what"), "free of 100 bytes")
        self.assertIn("Block of slot 2", self.text("block"))
        # Of 1,024: 174 for the control block, blocks of 64 and 400, the hole of 48.
        self.assertEqual(self.ask("[...document.querySelectorAll('#figures td:last-child')].map((e) => e.textContent)"),
                         ["440 B", "24 B", "174 B", "48 B", "338 B", "1,024 B", "688 B", "336 B", "2"])
        self.assertEqual(self.text("hole"), "Largest hole: 48 B, below 2 blocks, 464 B.")

    def test_the_wheel_zooms_to_a_single_operation(self):
        self.open(self.many)
        x, y = map(round, self.place(123456, 10000))  # the wheel turns at whole pixels
        pointed = self.ask(f"({x} - ebbView.layout.map.left) / ebbView.layout.map.width * ebbView.view.to")
        for _ in range(12):
            self.browser.turn_wheel(x, y, -1000)
        self.assertLessEqual(self.span(), 6)
        self.assertLess(abs(self.ask("ebbView.view.from + ebbView.view.to") / 2 - pointed), 6)
        self.browser.turn_wheel(x, y, -2000, "alt")
        self.assertLess(self.ask("ebbView.view.high - ebbView.view.low"), 3000)
        self.browser.screenshot(FOLDER / "single.png")

    def test_the_field_goes_to_an_operation(self):
        self.open(self.many)
        self.ask("{ const field = document.getElementById('operation'); field.value = 150000;"
                 " field.dispatchEvent(new Event('change')); 1 }")
        self.browser.rest()
        self.assertEqual(self.text("now-title"), "Operation 150,000")
        self.assertLessEqual(self.span(), 25)
        self.assertTrue(self.ask("ebbView.view.from <= 150000 && ebbView.view.to > 150000"))

    def test_dragging(self):
        self.open(self.many)
        self.ask("ebbView.view.set({from: 1000, to: 2000}), 1")
        x, y = self.place(1500, 20000)
        self.browser.drag((x, y), (x + 100, y))
        moved = 1000 - self.ask("ebbView.view.from")
        self.assertAlmostEqual(moved, 100 * 1000 / self.ask("ebbView.layout.map.width"), delta=2)
        self.browser.drag((x, y), (x + 50, y - 30), "shift")
        self.assertLess(self.span(), 70)
        overlay = self.ask("document.getElementById('overlay').getBoundingClientRect().top")
        self.browser.click(x, overlay + self.ask("ebbView.layout.overview.top") + 10)
        self.assertGreater(self.ask("ebbView.view.from"), 50_000)

    def test_a_double_click_shows_a_whole_life(self):
        self.open(self.many)
        life = self.ask("[...ebbView.history.lives.size].findIndex((size, life) => size > 2500 && life > 5000)")
        middle = "(ebbView.history.lives.{0}[%d] + ebbView.history.lives.{1}[%d]) / 2" % (life, life)
        self.ask(f"ebbView.zoomToLife({life}), ebbView.fit(), 1")
        self.browser.rest()
        place = self.place(middle.format("start", "end"), middle.format("low", "high"))
        self.browser.click(*place, times=2)
        chosen = self.ask("ebbView.life")
        self.assertTrue(self.ask(f"ebbView.view.from < ebbView.history.lives.start[{chosen}]"))
        self.assertTrue(self.ask(f"ebbView.view.to > ebbView.history.lives.end[{chosen}]"))

    # ---- Fingers ----

    def view(self):
        return json.loads(self.ask("JSON.stringify(ebbView.view)"))

    def at(self, x, y):
        """Operation and address at a place in the window."""
        return self.ask(
            "(({view, layout: {map}}) => {"
            " const {left, top} = document.getElementById('overlay').getBoundingClientRect();"
            f" const across = ({x} - left - map.left) / map.width, up = (map.bottom - ({y} - top)) / map.height;"
            " return [view.from + across * (view.to - view.from), view.low + up * (view.high - view.low)];"
            " })(ebbView)"
        )

    def look_at_the_middle(self):
        self.open(self.many)
        self.ask("ebbView.view.set({from: 50000, to: 60000, low: 8000, high: 16000}), 1")
        return map(round, self.place(55000, 12000))

    def test_a_finger_moves_the_view(self):
        x, y = self.look_at_the_middle()
        before = self.view()
        self.browser.touch([(x, y), (x + 40, y + 10), (x + 100, y + 50)])
        after = self.view()
        width, height = self.ask("[ebbView.layout.map.width, ebbView.layout.map.height]")
        self.assertAlmostEqual(before["from"] - after["from"], 100 * 10000 / width, delta=2)
        self.assertAlmostEqual(after["low"] - before["low"], 50 * 8000 / height, delta=2)
        self.assertAlmostEqual(after["to"] - after["from"], 10000, delta=1e-3)

    def test_a_tap_chooses(self):
        self.open(self.few)
        self.browser.touch([self.place(7.5, 250)])
        self.assertEqual(self.text("now-title"), "Operation 7")
        self.assertIn("Block of slot 2", self.text("block"))

    def test_two_fingers_zoom_in_time(self):
        x, y = self.look_at_the_middle()
        middle = self.at(x, y)
        self.browser.touch([(x - 50, y), (x - 80, y), (x - 150, y)], [(x + 50, y), (x + 80, y), (x + 150, y)])
        self.assertAlmostEqual(self.span(), 10000 / 3, delta=1)
        self.assertAlmostEqual(self.view()["high"] - self.view()["low"], 8000, delta=1e-3)
        for one, other in zip(self.at(x, y), middle):
            self.assertAlmostEqual(one, other, delta=30)
        self.browser.touch([(x - 150, y), (x - 50, y)], [(x + 150, y), (x + 50, y)])
        self.assertAlmostEqual(self.span(), 10000, delta=2)

    def test_two_fingers_zoom_in_addresses(self):
        x, y = self.look_at_the_middle()
        self.browser.touch([(x, y - 40), (x, y - 80)], [(x, y + 40), (x, y + 80)])
        self.assertAlmostEqual(self.span(), 10000, delta=1e-3)
        self.assertAlmostEqual(self.view()["high"] - self.view()["low"], 4000, delta=1)

    def test_what_is_between_two_fingers_moves_with_them(self):
        x, y = self.look_at_the_middle()
        middle = self.at(x, y)
        self.browser.touch([(x - 60, y), (x - 10, y + 40)], [(x + 60, y), (x + 110, y + 40)])
        for one, other in zip(self.at(x + 50, y + 40), middle):
            self.assertAlmostEqual(one, other, delta=30)
        self.assertAlmostEqual(self.span(), 10000, delta=1)

    def test_the_finger_that_stays_moves_the_view(self):
        x, y = self.look_at_the_middle()
        send = self.browser.send
        first, second = {"x": x, "y": y, "id": 1}, {"x": x + 100, "y": y, "id": 2}
        send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[first, second])
        send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[second])
        send("Input.dispatchTouchEvent", type="touchMove", touchPoints=[{**first, "x": x + 60}])
        send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        self.browser.rest()
        moved = 50000 - self.view()["from"]
        self.assertAlmostEqual(moved, 60 * 10000 / self.ask("ebbView.layout.map.width"), delta=2)
        self.assertEqual(self.ask("ebbView.life"), -1)

    # ---- Keys ----

    def test_keys(self):
        self.open(self.few)
        self.ask("document.getElementById('overlay').focus(), 1")
        for key, title in (("Home", "0"), ("ArrowRight", "1"), ("m", "4"), ("m", "9"), ("M", "4"), ("x", "5"),
                           ("End", "9"), ("ArrowLeft", "8")):
            self.browser.press(key)
            self.assertEqual(self.text("now-title"), f"Operation {title}", key)
        self.browser.press("ArrowUp")
        self.assertIn("Block of slot 2", self.text("block"))
        self.browser.press("ArrowUp")
        self.assertIn("Block of slot 0", self.text("spoken"))
        self.browser.press("Enter")
        self.assertFalse(self.ask("ebbView.view.showsAll()"))
        self.browser.press("0")
        self.assertTrue(self.ask("ebbView.view.showsAll()"))
        self.browser.press("?")
        self.assertTrue(self.ask("document.getElementById('help').open"))

    # ---- The page's address ----

    def test_the_address_keeps_the_view(self):
        self.open(self.many)
        self.ask("ebbView.view.set({from: 500, to: 900}), ebbView.goTo(700), 1")
        self.browser.wait_for("location.hash.includes('from=500')")
        part = self.ask("location.hash")
        self.open(self.many, hash_part=part)
        self.assertEqual(self.ask("[ebbView.view.from, ebbView.view.to, ebbView.operation]"), [500, 900, 700])
        self.open(self.many, hash_part="#from=x&op=1e99&block=-7&colour=none")
        self.assertTrue(self.ask("ebbView.view.showsAll()"))

    # ---- Looks ----

    def colours_at(self, operation, addresses):
        places = [self.place(operation, address) for address in addresses]
        return [colour_of(self.browser.screenshot(part=(x, y, 1, 1))) for x, y in places]

    def test_light_and_dark(self):
        shown = {}
        for scheme in ("light", "dark"):
            self.open(self.few, scheme=scheme)
            self.ask("ebbView.goTo(0), 1")
            self.browser.rest()
            shown[scheme] = self.colours_at(3.5, (200, 255, 400, 900))
            self.browser.screenshot(FOLDER / f"few-{scheme}.png")
            self.assertEqual(len(set(shown[scheme])), 4, "hole, block, idle end and outside differ")
        for light, dark in zip(shown["light"], shown["dark"]):
            self.assertNotEqual(light, dark)
        self.assertGreater(sum(shown["light"][3]), 700)
        self.assertLess(sum(shown["dark"][3]), 120)

    def test_the_theme_can_be_chosen(self):
        self.open(self.few, scheme="dark")
        for expected in ("light", "dark", "dark"):
            self.ask("document.getElementById('theme').click(), 1")
            self.assertEqual(self.ask("document.documentElement.dataset.theme"), expected)

    def test_each_way_to_colour(self):
        self.open(self.fewer)
        legends = set()
        for mode in ("size", "lifetime", "waste", "site"):
            self.ask(f"{{ document.getElementById('colour').value = '{mode}'; ebbView.applyColourMode(); 1 }}")
            self.browser.rest()
            legends.add(self.text("legend"))
            self.browser.screenshot(FOLDER / f"colour-{mode}.png")
        self.assertEqual(len(legends), 4)
        self.assertIn("3 other sites", self.text("legend"))

    def test_a_narrow_window(self):
        self.open(self.fewer, width=380, height=700)
        self.assertLessEqual(self.ask("document.documentElement.scrollWidth"), 380)
        self.assertGreater(self.ask("ebbView.layout.map.width"), 250)
        self.browser.screenshot(FOLDER / "narrow.png")
        self.browser.resize(1280, 800)
        self.browser.wait_for("ebbView.layout.width > 900")

    # ---- Many operations ----

    def work_of_views(self):
        """What a frame has to do at each zoom, from all to a few operations."""
        return json.loads(self.ask(
            "(() => { const all = []; const {view} = ebbView; view.fit(); while (true) {"
            " all.push(ebbView.picture.draw(ebbView.contexts[0], ebbView.layout, view, ebbView.colours));"
            " if (view.to - view.from < 10) return JSON.stringify(all);"
            " view.zoom(0.6, ebbView.history.operations / 3, 9000); } })()"
        ))

    def test_the_work_of_a_frame_is_bounded_by_the_picture(self):
        for path in (self.fewer, self.many):
            self.open(path)
            size = json.loads(self.ask("JSON.stringify(ebbView.layout.map)"))
            for work in self.work_of_views():
                # Four curves, two edges of the map, two in the overview, and the filled ones once more.
                self.assertLessEqual(work["stretches"], 9 * size["width"])
                self.assertLessEqual(work["marks"], 2 * size["width"])
                self.assertLessEqual(work["cells"], size["width"] * size["height"])
                self.assertLessEqual(work["images"], 1)
                self.assertLessEqual(work["lives"], 3000 if work["cells"] == 0 else 40_000)

    def test_much_is_drawn_as_one_picture_and_exactly_at_rest(self):
        self.open(self.many)
        self.assertEqual(self.ask("[ebbView.work.lives, ebbView.work.images]"), [0, 1])
        # Without a rest, however long a busy machine takes for the frame.
        self.ask("ebbView.drawExactlyAtRest = () => {}, ebbView.zoomAt(0.9, 600, 200), 1")
        self.browser.rest()
        self.assertEqual(self.ask("[ebbView.work.cells, ebbView.work.images]"), [0, 1])
        self.ask("delete ebbView.drawExactlyAtRest, ebbView.zoomAt(0.99, 600, 200), 1")
        self.browser.wait_for("ebbView.work.cells > 0")
        self.browser.screenshot(FOLDER / "many.png")

    def test_all_ways_to_draw_look_alike(self):
        """Block by block, cell by cell, and the picture of everything: the same colours, but for the edges."""
        self.open(self.fewer)
        self.ask("ebbView.view.set({from: 5000, to: 10000, low: 3000, high: 15000}), 1")
        means = json.loads(self.ask(
            "(() => { const {picture: {map}, contexts: [context], layout, view} = ebbView; const box = layout.map;"
            " const mean = (draw) => {"
            " context.fillStyle = '#ffffff'; context.fillRect(0, 0, layout.width, layout.height);"
            " draw(); const {data} = context.getImageData(box.left, box.top, box.width, box.height);"
            " return [0, 1, 2].map((channel) => data.filter((_, place) => place % 4 === channel)"
            ".reduce((sum, value) => sum + value, 0) / (data.length / 4)); };"
            " return JSON.stringify([mean(() => map.drawEach(context, box, view, 'transparent')),"
            " mean(() => map.drawCovered(context, box, view)), mean(() => map.drawWhole(context, box, view))]); })()"
        ))
        self.browser.complaints.clear()  # Chromium's advice on how to read pixels
        for other in means[1:]:
            for one, two in zip(means[0], other):
                self.assertAlmostEqual(one, two, delta=3)
        self.assertLess(means[0][0], 240, "something is drawn")


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
