# SPDX-License-Identifier: Apache-2.0 OR MIT
"""ebb-view: one page, or one figure, of what a heap held and where, over time."""
