# SPDX-License-Identifier: Apache-2.0
"""Takes a name on the system bus, as a service with Type=dbus does, and sleeps.

The messages are those of the D-Bus specification, in little endian.
"""
import os
import socket
import struct
import sys
import time

NAME = sys.argv[1].encode()
BUS = b"org.freedesktop.DBus"


def padded(data, size):
    return data + b"\0" * (-len(data) % size)


def string(text):
    return struct.pack("<I", len(text)) + text + b"\0"


def field(code, kind, value):
    return bytes([code, 1]) + kind + b"\0" + value


def call(serial, member, body=b""):
    fields = b""
    for one in (
        field(1, b"o", string(b"/org/freedesktop/DBus")),
        field(2, b"s", string(BUS)),
        field(3, b"s", string(member)),
        field(6, b"s", string(BUS)),
        field(8, b"g", b"\2su\0" if body else b"\0\0"),
    ):
        fields = padded(fields, 8) + one
    head = b"l\1\0\1" + struct.pack("<III", len(body), serial, len(fields))
    bus.sendall(padded(head + fields, 8) + body)
    bus.recv(4096)


bus = socket.socket(socket.AF_UNIX)
bus.connect("/run/dbus/system_bus_socket")
user = str(os.getuid()).encode().hex().encode()
bus.sendall(b"\0AUTH EXTERNAL " + user + b"\r\n")
bus.recv(100)
bus.sendall(b"BEGIN\r\n")
call(1, b"Hello")
call(2, b"RequestName", padded(string(NAME), 4) + struct.pack("<I", 0))
time.sleep(1000)
