# SPDX-License-Identifier: Apache-2.0
"""Tells sandbox-learn --tests where each test of pytest begins and ends.

Run pytest with: -p sandbox_pytest
Each mark is a seek, in no file, to an offset that no file has; docs/tests.md
describes them. Nothing is done where nobody records.
"""
import itertools
import os

import pytest

TOKEN_SHIFT, KIND_SHIFT, DATA_BYTES = 46, 40, 5
NAME_PART, BEGIN, END = 0, 1, 2
MAX_NAME = 500


class Marks:
    def __init__(self, token):
        self.head = (1 << 16 | token) << TOKEN_SHIFT
        self.numbers = itertools.count(1)

    def make(self, kind, data):
        try:
            os.lseek(-1, self.head | kind << KIND_SHIFT | data, os.SEEK_SET)
        except OSError:
            pass  # EBADF: the call is seen all the same

    def begin(self, name):
        number = next(self.numbers)
        told = name.encode("utf-8", "replace")[:MAX_NAME]
        for i in range(0, len(told), DATA_BYTES):
            part = told[i : i + DATA_BYTES].ljust(DATA_BYTES, b"\0")
            self.make(NAME_PART, int.from_bytes(part, "big"))
        self.make(BEGIN, number)
        return number

    # Not "wrapper", which pytest knows only since version 8.
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        number = self.begin(item.nodeid)
        yield
        self.make(END, number)


def pytest_configure(config):
    token = os.environ.get("SANDBOX_TESTS", "")
    if token.isdigit():
        config.pluginmanager.register(Marks(int(token)), "sandbox-marks")
