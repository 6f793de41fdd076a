# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Commands that look at ebb's heaps: in GDB, `source ebb-gdb.py`, then `help ebb`."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
# Compiled modules would lie where nobody asked for them.
sys.dont_write_bytecode = True

from ebb_gdb.commands import register  # pylint: disable=wrong-import-position

register()
