# SPDX-License-Identifier: Apache-2.0
"""container_calls.py TRACE PROGRAM: the calls that strace saw of a container.

These are the calls of the process that executes the program, and of all its descendants. The runtime has left
the container before, so whoever appears in the trace after that is the container's. If a thread that is not the
first one executes a program, the first one ends the call.
"""
import re
import sys

strangers, calls = set(), set()
asked = begun = False
for line in open(sys.argv[1], encoding="latin-1"):
    parts = re.fullmatch(r"(\d+) +(.*)\n", line)
    if not parts:
        continue
    pid, event = parts.groups()
    if not begun:
        asked |= event.startswith("execve") and '"%s"' % sys.argv[2] in event
        begun = asked and re.fullmatch(r"(<\.\.\. )?execve(at)?\b.* = 0", event) is not None
        strangers.add(pid)
        if begun:
            strangers.remove(pid)
    elif pid not in strangers and (call := re.match(r"(\w+)\(", event)):
        calls.add(call.group(1))
if not begun:
    sys.exit(sys.argv[2] + " was not executed")
print("\n".join(sorted(calls)))
