# SPDX-License-Identifier: Apache-2.0
"""malformed.py SOCKET WHAT: sends a message to a listener that is malformed in this way."""
import array
import os
import socket
import sys

STATE = b'{"fds": ["seccompFd"], "pid": 1, "state": {"id": "x"}}'


def send(text, *fds):
    sent = socket.socket(socket.AF_UNIX)
    sent.connect(sys.argv[1])
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    sent.sendmsg([text], rights)
    return sent


null = os.open("/dev/null", os.O_RDONLY)
what = sys.argv[2]
try:
    if what == "nothing":
        last = send(STATE)
    elif what == "file":
        last = send(STATE, null)
    elif what == "two":
        last = send(STATE, null, null)
    elif what == "text":
        last = send(b"hello", null)
    elif what == "half":
        last = send(STATE[:10], null)
        last.shutdown(socket.SHUT_WR)
    elif what == "endless":
        last = send(b"{", null)
        while True:
            last.sendall(b" " * 4096)
    elif what == "many":
        all_sent = [send(b"{", null) for i in range(40)]
        sys.exit()
    last.recv(1)
except OSError:
    pass
