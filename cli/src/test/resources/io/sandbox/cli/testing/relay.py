# SPDX-License-Identifier: Apache-2.0
"""relay.py HERE THERE STATE: takes the listener at one socket, and sends it to another with other words."""
import os
import socket
import sys

here = socket.socket(socket.AF_UNIX)
here.bind(sys.argv[1] + ".new")
here.listen()
os.rename(sys.argv[1] + ".new", sys.argv[1])
fds = socket.recv_fds(here.accept()[0], 65536, 4)[1]
there = socket.socket(socket.AF_UNIX)
there.connect(sys.argv[2])
socket.send_fds(there, [sys.argv[3].encode()], fds)
