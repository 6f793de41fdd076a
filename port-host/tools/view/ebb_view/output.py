# SPDX-License-Identifier: Apache-2.0 OR MIT
"""Standard output."""

import errno
import os
import sys

NAME = "standard output"


def put_out(content):
    """All of it or, with the name of it, an error."""
    if sys.stdout is None:  # which Python has where it is closed
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), NAME)
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    except OSError as error:
        # Else Python tries to write what is left once more at the end, and says so in its own way.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise OSError(error.errno, error.strerror, NAME) from error
