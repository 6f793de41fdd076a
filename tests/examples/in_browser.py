# SPDX-License-Identifier: Apache-2.0 OR MIT

"""in_browser.py CHROMIUM FOLDER: prints what the element "output" of FOLDER/index.html holds once its scripts are done.

A page that is opened as a file may not load modules, so the folder is served to this machine alone.
"""

import functools
import html
import http.server
import re
import subprocess
import sys
import tempfile
import threading


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without a log."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

    def log_message(self, *_):
        pass


def page_as_shown(chromium, address):
    """The document after its scripts, as the browser writes it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        # Without its sandbox, which needs rights that containers do not give: the page is ours. The budget makes it
        # wait until scripts and requests are done.
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        options += [f"--user-data-dir={profile}", "--virtual-time-budget=10000"]
        command = [chromium, *options, "--dump-dom", address]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def main():
    chromium, folder = sys.argv[1:]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    document = page_as_shown(chromium, f"http://127.0.0.1:{server.server_port}/index.html")
    output = re.search(r'id="output">(.*?)</pre>', document, re.DOTALL)
    if output is None:
        print(document)
        return 1
    print(html.unescape(output.group(1)), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
