#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
/usr/sbin/nginx -p "$PWD" -c nginx.conf -g 'daemon off;' &
server=$!
curl -s --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:18765/
sleep 1
curl -s http://127.0.0.1:18765/missing
kill -QUIT $server
wait $server
