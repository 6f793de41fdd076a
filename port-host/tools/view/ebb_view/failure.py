# SPDX-License-Identifier: Apache-2.0 OR MIT
"""What a user is told when something cannot be done."""


class Failure(Exception):
    """Its text says what is wrong and where; the command prints it and exits with 1."""
