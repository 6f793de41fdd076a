# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Renews what docs/tools.md and docs/choosing-a-policy.md show of the tools.

A block of code after a line such as

    <!-- output: ebb-replay --no-time program.mtr -->

becomes what that command prints, run at the top of the project with the tools of the build. A table after such a line
is replaced as well. One picture is drawn from the replay that PICTURED names, the other by VIEWED. With --check,
nothing is written: what is shown has to be what is printed, but for times.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

import policy_picture

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / "tools.md", ROOT / "docs" / "choosing-a-policy.md"]
BLOCK = re.compile(r"(<!-- output: (.*?) -->\n)(```\n.*?^```\n|(?:\|[^\n]*\n)+)", re.MULTILINE | re.DOTALL)
PICTURE = ROOT / "docs" / "pictures" / "policies.svg"
PICTURED = ("ebb-replay -f json --no-time --no-search --samples 250 -P return -P return,price=2600 "
            "-P return,price=260000 -P return,quantum=4K -P grow -P fixed tests/trace/data/sqlite_log.mtr")
FIGURE = ROOT / "docs" / "pictures" / "heap-over-time.svg"
VIEWED = "ebb-view tests/trace/data/lua_json.mtr --svg -"


def output_of(command, build):
    """What a command line prints."""
    environment = {**os.environ, "PATH": f"{build / 'port-host' / 'tools'}:{os.environ['PATH']}"}
    done = subprocess.run(command, shell=True, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"guide.py: '{command}' ended with {done.returncode}; is the preset host built?")
    return done.stdout


def renewed(page, build, skip_slow):
    """The text of a page with what its commands print."""
    def replacement(match):
        mark, command, before = match.groups()
        if skip_slow and "slow_down" in command:
            return mark + before
        printed = output_of(command, build)
        return mark + (printed if printed.startswith("|") else f"```\n{printed}```\n")

    return BLOCK.sub(replacement, page.read_text(encoding="utf-8"))


def without_times(text):
    """A page without the last column of tables that have times in it."""
    def shortened(match):
        mark, command, block = match.groups()
        return match[0] if "--no-time" in command else mark + re.sub(r" +\S+$", "", block, flags=re.MULTILINE)

    return BLOCK.sub(shortened, text)


def comparable(text):
    """A page without times, or a picture without what another zlib packs in another way."""
    return re.sub(r";base64,[^\"]*", "", without_times(text))


def stale_files(texts):
    """Which of the files named, with the texts that they should have, have others."""
    shown = {path: path.read_text(encoding="utf-8") for path in texts}
    return [path for path, text in texts.items() if comparable(shown[path]) != comparable(text)]


def parse_arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=pathlib.Path, default=ROOT / "build" / "host",
                        help="a built preset (default: build/host)")
    parser.add_argument("--skip-slow", action="store_true", help="leave the table of slow-downs, which takes minutes")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything but a time would change")
    return parser.parse_args()


def main():
    """Renews both pages and both pictures, or says what is stale."""
    arguments = parse_arguments()
    build = arguments.build.resolve()
    texts = {page: renewed(page, build, arguments.skip_slow or arguments.check) for page in PAGES}
    texts[PICTURE] = policy_picture.draw(json.loads(output_of(PICTURED, build))["cases"])
    texts[FIGURE] = output_of(VIEWED, build)
    if arguments.check:
        stale = stale_files(texts)
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: `python3 tests/tools/guide.py --skip-slow` renews it")
        sys.exit(bool(stale))
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
