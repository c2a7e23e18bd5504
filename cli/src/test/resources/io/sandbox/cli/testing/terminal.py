# SPDX-License-Identifier: Apache-2.0
"""terminal.py ["wait TEXT" | "send TEXT" | "run COMMAND" | "close "]... -- WORDS

Runs WORDS on a terminal of its own and plays a user: waits until TEXT has been
shown since the last step, types TEXT, runs COMMAND beside it, or takes the terminal away. Prints all that
the terminal showed, and ends with the status that a shell would report, or with 99 when it had to give up.
"""
import os
import pty
import select
import signal
import subprocess
import sys
import time

PATIENCE = 120


def read(terminal, end):
    """Some output, or None when there will be no more."""
    if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
        raise TimeoutError
    try:
        return os.read(terminal, 65536) or None
    except OSError:  # EIO: nobody has the terminal open any more
        return None


def play(terminal, steps, shown):
    end = time.monotonic() + PATIENCE
    seen = 0
    for verb, text in steps:
        if verb == "send":
            # A shell that has just shown its prompt still changes the terminal's mode,
            # which drops what was typed before.
            time.sleep(0.2)
            os.write(terminal, text)
            continue
        if verb == "run":
            subprocess.run(text, shell=True, check=True, timeout=PATIENCE)
            continue
        if verb == "close":
            os.close(terminal)
            return
        while text not in shown[seen:]:
            output = read(terminal, end)
            if output is None:
                raise EOFError(text)
            shown.extend(output)
        seen = shown.index(text, seen) + len(text)
    while (output := read(terminal, end)) is not None:
        shown.extend(output)


def main():
    words = [os.fsencode(word) for word in sys.argv[1:]]
    split = words.index(b"--")
    steps = []
    for step in words[:split]:
        verb, _, text = step.decode().partition(" ")
        steps.append((verb, text.encode().decode("unicode_escape").encode()))
    child, terminal = pty.fork()
    if child == 0:
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        # A JVM blocks SIGQUIT, and what it starts has that from it.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execvp(words[split + 1], words[split + 1:])
    shown = bytearray()
    try:
        play(terminal, steps, shown)
        status = os.waitpid(child, 0)[1]
        code = os.waitstatus_to_exitcode(status)
        code = 128 - code if code < 0 else code
    except (TimeoutError, EOFError) as problem:
        print("gave up:", repr(problem), file=sys.stderr)
        os.killpg(child, signal.SIGKILL)
        code = 99
    sys.stdout.buffer.write(bytes(shown))
    sys.stdout.flush()
    return code


sys.exit(main())
