# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Where events come from: a file of them, or a trace that ebb-replay replays."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ebb_common.command_line import STANDARD_INPUT

from .events import read_events
from .failure import Failure
from .history import build_history

TRACE_MAGIC = b"MTR1"


def find_replay(name):
    """The replayer: as named, or beside this program, or in PATH."""
    if name:
        return name
    beside = Path(sys.argv[0]).resolve().parent / "ebb-replay"
    if os.access(beside, os.X_OK):
        return str(beside)
    found = shutil.which("ebb-replay")
    if found is None:
        raise Failure("a trace needs ebb-replay, which is neither beside this program nor in PATH; see --replay")
    return found


def is_trace(path):
    with open(path, "rb") as file:
        return file.read(len(TRACE_MAGIC)) == TRACE_MAGIC


def history_of_events(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return build_history(*read_events(file))


def history_of_trace(path, command, options):
    """Replays, and reads the events; ebb-replay's own complaints go to the user as they are."""
    with tempfile.TemporaryDirectory(prefix="ebb-view-") as folder:
        events = Path(folder) / "events"
        try:
            done = subprocess.run(
                [command, *options, "--events", events, "--", path], stdout=subprocess.DEVNULL, check=False
            )
        except OSError as error:
            raise Failure(f"{command}: {error.strerror}") from None
        if done.returncode != 0:
            raise Failure(f"{command} ended with status {done.returncode}")
        return history_of_events(events)


def history_of(path, command, options):
    """The history of a trace or of events, whichever the file is."""
    if path == "-":
        return history_of_events(STANDARD_INPUT)
    if is_trace(path):
        return history_of_trace(path, find_replay(command), options)
    return history_of_events(path)
