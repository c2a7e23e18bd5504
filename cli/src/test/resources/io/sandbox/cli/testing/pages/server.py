# SPDX-License-Identifier: Apache-2.0
import http.server, threading, urllib.request

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
for _ in range(20):
    urllib.request.urlopen("http://127.0.0.1:%d/names.txt" % server.server_port).read()
server.shutdown()
