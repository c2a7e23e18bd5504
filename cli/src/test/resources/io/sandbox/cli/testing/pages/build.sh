# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
cc -o hello hello.c && ./hello && node dependency.js
