"""Runs a program at a terminal of its own and types standard input as soon as it asks for something.

Prints what the terminal showed and whether it shows again what is typed; ends with the program's exit code.
"""

import os
import pty
import select
import sys
import termios


def main():
    typed = sys.stdin.buffer.read()
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.argv[1], sys.argv[1:])
    shown = b""
    has_typed = False
    while True:
        ready, _, _ = select.select([terminal], [], [], 30)
        if not ready:
            sys.exit("nothing more came: " + shown.decode())
        try:
            block = os.read(terminal, 4096)
        except OSError:
            break
        if not block:
            break
        shown += block
        if not has_typed and shown.endswith(b": "):
            has_typed = True
            os.write(terminal, typed)
            mode = None
        if has_typed:
            try:
                mode = termios.tcgetattr(terminal)[3]
            except termios.error:
                pass
    _, status = os.waitpid(child, 0)
    sys.stdout.write(shown.decode().replace("\r\n", "\n"))
    if has_typed:
        print("echo is on" if mode is not None and mode & termios.ECHO else "echo is off")
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
