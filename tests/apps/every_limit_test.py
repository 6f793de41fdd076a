#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 OR MIT

"""Tests of every_limit.py, on scripts of which it is known with which limits they run to their end."""

import unittest
from math import inf

from every_limit import IN_VAIN, STEP, Stretch, least, round_up, safe, survey, typical


class Script:
    """A script that a list of stretches describes; counts its runs."""

    def __init__(self, *stretches):
        self.stretches = stretches
        self.runs = 0

    def run(self, limit, count):
        if limit == 0:
            return [self.stretches[-1]]
        done = []
        while limit < inf and len(done) < count:
            done.append(next(stretch for stretch in self.stretches if limit < stretch.end))
            limit = round_up(done[-1].end)
        self.runs += len(done)
        return done


def script_of(*ends):
    """A script of stretches that are not enough and enough in turn, and end before these limits."""
    begins = [0, *ends]
    return Script(*(Stretch(number % 2 == 1, begin, end)
                    for number, (begin, end) in enumerate(zip(begins, [*ends, inf]))))


def in_steps(*numbers):
    return [number * STEP for number in numbers]


def figures(script):
    stretches = survey(script.run)
    return [least(stretches), typical(stretches), safe(stretches)]


class EveryLimit(unittest.TestCase):
    def test_a_sharp_boundary_is_all_three_to_the_byte(self):
        for boundary in range(5000, 5000 + STEP):
            self.assertEqual(figures(script_of(boundary)), [boundary] * 3)

    def test_limits_that_are_not_enough_are_added_up(self):
        self.assertEqual(figures(script_of(*in_steps(100, 101, 110, 150, 151))), in_steps(100, 110, 151))

    def test_what_lies_between_two_multiples_is_not_seen(self):
        self.assertEqual(figures(script_of(100 * STEP, 120 * STEP + 1, 121 * STEP)), in_steps(100, 100, 100))

    def test_an_island_below_what_bisection_finds_counts(self):
        self.assertEqual(figures(script_of(*in_steps(86, 87, 100))), in_steps(86, 99, 100))

    def test_islands_lead_on_downwards(self):
        ends = in_steps(656, 657, 728, 729, 800, 801, 1000)
        self.assertEqual(figures(script_of(*ends)), in_steps(656, 997, 1000))

    def test_below_the_least_is_searched_as_far_as_said(self):
        found = script_of(*in_steps(851, 852, 1000))
        self.assertEqual(figures(found)[0], 851 * STEP)
        stretches = survey(script_of(*in_steps(300, 301, 800)).run)
        self.assertEqual(least(stretches), 800 * STEP)
        self.assertLessEqual(stretches[0].begin, 800 * STEP * (1 - IN_VAIN))

    def test_a_failure_far_above_counts(self):
        self.assertEqual(figures(script_of(*in_steps(100, 1800, 1801))), in_steps(100, 101, 1801))

    def test_every_multiple_is_tried_once(self):
        for ends in ((5000,), (5000, 5010, 5100), in_steps(656, 657, 728, 729, 800, 801, 1000), range(5000, 9001, 5)):
            stretches = survey(script_of(*ends).run)
            for one, next_one in zip(stretches, stretches[1:]):
                self.assertEqual(round_up(one.end), round_up(next_one.begin))
            tried = sum(stretch.tried() for stretch in stretches[:-1])
            self.assertEqual(tried * STEP, round_up(stretches[-1].begin) - stretches[0].begin)
            self.assertEqual(stretches[-1].end, inf)

    def test_more_stretches_than_the_board_does_at_once(self):
        self.assertEqual(figures(script_of(*in_steps(*range(1000, 1201)))), in_steps(1000, 1100, 1200))

    def test_a_script_that_never_completes(self):
        self.assertIsNone(survey(Script(Stretch(False, 0, inf)).run))

    def test_far_fewer_runs_than_limits(self):
        script = script_of(*in_steps(1000, 1001, 2000))
        survey(script.run)
        self.assertLess(script.runs, 30)


if __name__ == "__main__":
    unittest.main()
