#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""How much more than the least possible the default policy pays for programs that were made to show it at its worst."""

import os
import tempfile
import unittest
from pathlib import Path

import adversaries
import policies

BENCH = Path(__file__).resolve().parent
TOOLS = Path(os.environ.get("EBB_BENCH_TOOLS", BENCH.parent.parent / "build" / "host" / "tests" / "bench"))

# The goal, as for recorded programs.
WORST_RATIO = 3.5


class Adversaries(unittest.TestCase):
    """The policy against each of them, at each price of an idle byte."""

    def test_cost_over_the_least_possible(self):
        with tempfile.TemporaryDirectory() as folder:
            prices = policies.cost_ratios(TOOLS / "clairvoyant", adversaries.write(folder))
        for price, figures in prices.items():
            self.assertEqual(figures["traces"].keys(), adversaries.PROGRAMS.keys())
            for name, costs in figures["traces"].items():
                with self.subTest(program=name, price=price):
                    self.assertLessEqual(costs["ratio"], WORST_RATIO)


if __name__ == "__main__":
    unittest.main()
