# SPDX-License-Identifier: Apache-2.0 OR MIT
"""The command `ebb-view`."""

import os
import sys
import tempfile
from pathlib import Path

from ebb_common.command_line import errors_of, is_same_file, provide_standard_error, put_out

from .failure import Failure
from .figure import make_figure
from .options import read_options
from .page import make_page
from .replay import history_of


def write(path, text):
    """Writes a file, or standard output; an error has the name of it. What is no character becomes a question mark."""
    content = text.encode("utf-8", errors="replace")
    if path == "-":
        put_out(content)
        return
    with errors_of(path):
        write_whole(Path(path), content)


def write_whole(target, content):
    """All of it or, if that fails, none: what was there before stays."""
    if target.exists() and not target.is_file():  # a device or a pipe is written to, not replaced
        target.write_bytes(content)
        return
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}-", delete=False) as file:
        try:
            file.write(content)
            file.close()
            os.chmod(file.name, 0o666 & ~current_umask())
            os.replace(file.name, target)
        except BaseException:
            os.unlink(file.name)
            raise


def current_umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def page_path(options):
    if options.output or options.svg:
        return options.output
    return str(Path(options.input).with_suffix(".html"))


def show(options):
    page = page_path(options)
    if any(is_same_file(path, options.input) for path in (page, options.svg) if path):
        raise Failure("is what the page is made of, and would be lost")
    history = history_of(options.input, options.replay, options.replay_option)
    name = "standard input" if options.input == "-" else Path(options.input).stem
    title = options.title or Path(history.head.trace).name.removesuffix(".mtr") or name
    if options.svg:
        write(options.svg, make_figure(history, title))
    if page:
        write(page, make_page(history, title))


def main():
    provide_standard_error()
    options = read_options(sys.argv[1:])
    try:
        show(options)
    except BrokenPipeError:
        return 1
    except Failure as failure:
        print(f"ebb-view: {options.input}: {failure}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"ebb-view: {error.filename or options.input}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
