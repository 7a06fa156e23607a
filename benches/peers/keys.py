#!/usr/bin/env python3
"""keys.py KEYS COMMAND…: runs a command in a terminal of its own, presses KEYS (`up space return`), each when nothing has been printed
for a while, and prints what the command printed."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios

KEYS = {"up": b"\x1b[A", "down": b"\x1b[B", "space": b" ", "return": b"\r"}
# Seconds without output after which it is taken to wait, and after which it hangs.
QUIET, HANGS = 1.5, 30


def main(keys, command):
    keys = [KEYS[key] for key in keys.split()]
    child, terminal = pty.fork()
    if child == 0:
        # A program may draw nothing in a terminal without a size.
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        os.execvp(command[0], command)
    printed = b""
    while True:
        ready, _, _ = select.select([terminal], [], [], QUIET if keys else HANGS)
        if not ready and not keys:
            os.kill(child, 9)
            sys.exit(f"it still runs, and no key is left: {printed!r}")
        if not ready:
            os.write(terminal, keys.pop(0))
            continue
        try:
            text = os.read(terminal, 65536)
        except OSError:
            break
        if not text:
            break
        # Who are you: a terminal of 1983.
        if b"\x1b[c" in text:
            os.write(terminal, b"\x1b[?62c")
        printed += text
    sys.stdout.buffer.write(printed)
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
