# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What the tools in Python have in common."""
