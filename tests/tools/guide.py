# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Renews what docs/tools.md and docs/choosing-a-policy.md show of the tools.

A block of code after a line such as

    <!-- output: ebb-replay --no-time program.mtr -->

becomes what that command prints, run at the top of the project with the tools of the build. A table after such a line
is replaced as well. The picture is drawn from the replay that PICTURED names.
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


def output_of(command, build):
    """What a command line prints."""
    environment = {**os.environ, "PATH": f"{build / 'port-host' / 'tools'}:{os.environ['PATH']}"}
    done = subprocess.run(command, shell=True, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"guide.py: '{command}' ended with {done.returncode}; is the preset host built?")
    return done.stdout


def renew(page, build, skip_slow):
    """Puts in place what the commands of a page print."""
    def replacement(match):
        mark, command, before = match.groups()
        if skip_slow and "slow_down" in command:
            return mark + before
        printed = output_of(command, build)
        return mark + (printed if printed.startswith("|") else f"```\n{printed}```\n")

    page.write_text(BLOCK.sub(replacement, page.read_text(encoding="utf-8")), encoding="utf-8")


def parse_arguments():
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", type=pathlib.Path, default=ROOT / "build" / "host",
                        help="a built preset (default: build/host)")
    parser.add_argument("--skip-slow", action="store_true", help="leave the table of slow-downs, which takes minutes")
    return parser.parse_args()


def main():
    """Renews both pages and the picture."""
    arguments = parse_arguments()
    build = arguments.build.resolve()
    PICTURE.write_text(policy_picture.draw(json.loads(output_of(PICTURED, build))["cases"]), encoding="utf-8")
    for page in PAGES:
        renew(page, build, arguments.skip_slow)


if __name__ == "__main__":
    main()
