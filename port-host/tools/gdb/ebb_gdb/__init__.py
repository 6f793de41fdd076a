# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Looks at ebb's heaps from within GDB. Only target.py, find.py and commands.py need GDB."""
