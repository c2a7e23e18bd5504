# SPDX-License-Identifier: Apache-2.0
"""connect.py SOCKET COUNT [TEXT]: connects so often, sends the text, and prints "connected". When standard
input ends, it prints how many of the connections were closed."""
import socket
import sys

connections = []
for i in range(int(sys.argv[2])):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(sys.argv[1])
    connections.append(connection)
    if len(sys.argv) > 3:
        try:
            connection.send(sys.argv[3].encode())
            connection.recv(1)
        except OSError:
            pass
print("connected", flush=True)
sys.stdin.read()
closed = 0
for connection in connections:
    connection.setblocking(False)
    try:
        closed += connection.recv(1) == b""
    except BlockingIOError:
        pass
    except OSError:
        closed += 1
print(closed, "closed")
