# SPDX-License-Identifier: Apache-2.0 OR MIT
"""A page in headless Chromium, asked and operated through the DevTools protocol over two pipes."""

import base64
import itertools
import json
import os
import signal
import subprocess
import tempfile
import time

# Without its sandbox, which needs rights that containers do not give: the pages are ours.
OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--remote-debugging-pipe",
)
# Where the browser expects the pipes.
COMMANDS_AT, ANSWERS_AT = 3, 4
MODIFIERS = {"alt": 1, "shift": 8}


class Browser:
    """Use it as a context: it ends the browser that it started."""

    def __init__(self, chromium):
        self.chromium = chromium
        self.profile = tempfile.TemporaryDirectory(prefix="ebb-view-browser-", ignore_cleanup_errors=True)
        self.numbers = itertools.count(1)
        self.complaints = []  # errors and warnings of the page's console, requests it made
        self.session = None
        self.received = b""  # and not yet looked at

    def __enter__(self):
        commands, self.commands = os.pipe()
        self.answers, answers = os.pipe()

        def connect():
            # By way of numbers that neither of them has, as each dup2 may close what the other still needs.
            high_commands, high_answers = os.dup(commands), os.dup(answers)
            os.dup2(high_commands, COMMANDS_AT)
            os.dup2(high_answers, ANSWERS_AT)

        self.process = subprocess.Popen(
            [self.chromium, *OPTIONS, f"--user-data-dir={self.profile.name}", "about:blank"],
            close_fds=False, preexec_fn=connect, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)
        self.attach()
        return self

    def __exit__(self, *_):
        # With the processes that it has started: one that is left may write to the profile while that is removed.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.commands)
        os.close(self.answers)
        self.profile.cleanup()

    # ---- The protocol ----

    def send(self, method, **parameters):
        """Sends a command and returns its result; what the page says meanwhile is noted."""
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.note(answer)

    def read(self):
        """The next message; each ends with a zero byte."""
        while b"\0" not in self.received:
            part = os.read(self.answers, 1 << 16)
            if not part:
                raise RuntimeError("the browser is gone")
            self.received += part
        message, _, self.received = self.received.partition(b"\0")
        return json.loads(message)

    def note(self, event):
        parameters = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif event.get("method") == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            self.complaints.append(str([argument.get("value") for argument in parameters["args"]]))
        elif event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.complaints.append(parameters["entry"]["text"])
        elif event.get("method") == "Network.requestWillBeSent":
            address = parameters["request"]["url"]
            if not address.startswith(("file:", "data:", "blob:", "about:")):
                self.complaints.append(f"the page asks for {address}")

    def attach(self):
        pages = self.send("Target.getTargets")["targetInfos"]
        target = next(page for page in pages if page["type"] == "page")
        self.session = self.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    # ---- The page ----

    def open(self, path, width=1280, height=800, scheme="light", ratio=1, hash_part=""):
        self.complaints.clear()
        self.resize(width, height, ratio)
        self.prefer(scheme)
        self.send("Page.navigate", url="about:blank")
        self.send("Page.navigate", url=f"file://{os.path.abspath(path)}{hash_part}")
        self.wait_for("document.documentElement.dataset.ready === 'yes' || !document.getElementById('trouble').hidden")
        self.rest()

    def resize(self, width, height, ratio=1):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=ratio,
                  mobile=False)

    def prefer(self, scheme):
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.send("Emulation.setEmulatedMedia", features=[feature])

    def ask(self, expression):
        """The value of an expression, a promise's once it is kept."""
        result = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{expression}: {result['exceptionDetails']['exception'].get('description')}")
        return result["result"].get("value")

    def wait_for(self, condition):
        """Until it holds, or the page has an error. The time limit of the whole test ends a wait in vain."""
        while not self.ask(f"(() => {{ try {{ return Boolean({condition}); }} catch {{ return false; }} }})()"):
            if self.complaints:
                raise RuntimeError("\n".join(self.complaints))
            time.sleep(0.02)

    def rest(self):
        """Until two more frames have been drawn."""
        self.ask("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def mouse(self, kind, x, y, modifier=None, **more):
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, modifiers=MODIFIERS.get(modifier, 0), **more)

    def hover(self, x, y):
        self.mouse("mouseMoved", x, y)
        self.rest()

    def drag(self, start, end, modifier=None):
        self.mouse("mousePressed", *start, modifier, button="left", clickCount=1)
        for part in (0.3, 0.7, 1):
            place = [one + (other - one) * part for one, other in zip(start, end)]
            self.mouse("mouseMoved", *place, modifier, button="left", buttons=1)
        self.mouse("mouseReleased", *end, modifier, button="left", clickCount=1)
        self.rest()

    def click(self, x, y, times=1):
        for count in range(1, times + 1):
            self.mouse("mousePressed", x, y, button="left", clickCount=count)
            self.mouse("mouseReleased", x, y, button="left", clickCount=count)
        self.rest()

    def touch(self, *paths):
        """A finger for each path, all down at once; they move from place to place together, and are lifted."""
        for step, kind in zip(range(len(paths[0])), ("touchStart", *["touchMove"] * len(paths[0]))):
            points = [{"x": path[step][0], "y": path[step][1], "id": finger} for finger, path in enumerate(paths)]
            self.send("Input.dispatchTouchEvent", type=kind, touchPoints=points)
        self.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        self.rest()

    def turn_wheel(self, x, y, by, modifier=None):
        self.mouse("mouseWheel", x, y, modifier, deltaX=0, deltaY=by)
        self.rest()

    def press(self, key, text=""):
        self.send("Input.dispatchKeyEvent", type="keyDown", key=key, text=text or (key if len(key) == 1 else ""))
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key)
        self.rest()

    def screenshot(self, path=None, part=None):
        """The page as PNG, or a part of it: left, top, width and height. Also written to a file if that is named."""
        clip = {"clip": dict(zip(("x", "y", "width", "height", "scale"), (*part, 1)))} if part else {}
        picture = base64.b64decode(self.send("Page.captureScreenshot", format="png", **clip)["data"])
        if path:
            with open(path, "wb") as file:
                file.write(picture)
        return picture
