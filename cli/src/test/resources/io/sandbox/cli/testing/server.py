# SPDX-License-Identifier: Apache-2.0
# A server, which writes into the file "log" what happens to it, and its client.
# server.py KIND PLACE [WORD]...: KIND is tcp, unix, file or notify. Words:
#   slow     takes two seconds of work to reload
#   orderly  ends in order after SIGTERM and SIGINT
#   last     ends after the first connection
#   failing  ends with status 3
#   rare     makes another call in every third run
#   later    makes another call a second after its start
#   held     cannot listen again while connections of the run before have its port
# server.py ask PLACE: connects to a port, or to the path of a socket
import os, signal, socket, sys, time

kind, place, *words = sys.argv[1:]
is_port = place.isdigit()
address = ("127.0.0.1", int(place)) if is_port else place
family = socket.AF_INET if is_port else socket.AF_UNIX


def tell(what):
    with open("log", "a") as file:
        file.write(what + " ")


def end(number, frame):
    tell("ended")
    sys.exit(0)


if kind == "ask":
    client = socket.socket(family)
    client.connect(address)
    client.send(b"word")
    while client.recv(100):
        pass
    sys.exit(0)



def reload(number, frame):
    if "slow" in words:
        end = time.process_time() + 2
        while time.process_time() < end:
            sum(range(10_000))
    tell("reloaded")


signal.signal(signal.SIGHUP, reload)
if "orderly" in words:
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
if "later" in words:
    signal.signal(signal.SIGALRM, lambda number, frame: os.nice(0))
    signal.alarm(1)
tell("started")
listener = socket.socket(family)
if is_port and "held" not in words:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if not is_port and os.path.exists(place):
    os.unlink(place)
listener.bind(address)
listener.listen()
if kind == "file":
    open("ready", "w").close()
if kind == "notify":
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sender.connect("\0" + os.environ["NOTIFY_SOCKET"][1:])
    sender.send(b"STATUS=here\nREADY=1")
while True:
    connection, _ = listener.accept()
    text = connection.recv(100)
    if "rare" in words and open("log").read().count("started") % 3 == 0:
        os.nice(0)
    tell("asked" if text else "probed")
    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
    connection.close()
    if "last" in words:
        break
sys.exit(3 if "failing" in words else 0)
