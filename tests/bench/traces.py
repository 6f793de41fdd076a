# SPDX-License-Identifier: Apache-2.0 OR MIT

"""The traces, and means over them."""

import math

RECORDED = ["lua_events", "lua_json", "duk_script", "sqlite_log", "cjson_cfg", "expat_dom", "mbed_pk", "coap_pdus"]
SYNTHETIC = ["syn_iot", "syn_phases", "syn_vectors", "syn_steady"]
ALL = RECORDED + SYNTHETIC


def geometric_mean(values):
    """The geometric mean of the values that there are; None if there are none."""
    present = [value for value in values if value]
    return math.exp(sum(map(math.log, present)) / len(present)) if present else None


def arithmetic_mean(values):
    """The arithmetic mean of the values that there are; None if there are none."""
    present = [value for value in values if value is not None]
    return sum(present) / len(present) if present else None
