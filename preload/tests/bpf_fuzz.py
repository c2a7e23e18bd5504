#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Gives damaged filters to sandbox-exec FILTER. Loads each of them in a child too, to
learn what the kernel does with it. Checks:
- if the kernel refuses the filter, or the file has a partial instruction,
  sandbox-exec runs nothing: status 125, one line;
- a call that the filter refuses in the child is refused under sandbox-exec;
- sandbox-exec ends.

  bpf_fuzz.py COUNT SEED SANDBOX-EXEC TARGET

TARGET is kill/target-bare, whose first call is checked.
"""
import ctypes
import mmap
import os
import platform
import random
import resource
import struct
import subprocess
import sys
import time

LIBC = ctypes.CDLL(None, use_errno=True)
OWN_FAILURE = 125
# The forbidden call of kill/calls.h, getpgid.
CALL = {"x86_64": 121, "aarch64": 155}[platform.machine()]
LOAD, AND, RETURN = 0x20, 0x54, 0x06
JEQ, JGT, JGE, JSET = 0x15, 0x25, 0x35, 0x45
NR, ARCH, ARGS = 0, 4, 16
ALLOW, LOG, TRACE, NOTIFY = 0x7FFF0000, 0x7FFC0000, 0x7FF00000, 0x7FC00000
ERRNO, TRAP, KILL_THREAD, KILL = 0x50000, 0x30000, 0, 0x80000000
EPERM = 1
DENY = [(LOAD, 0, 0, NR), (JEQ, 0, 1, CALL), (RETURN, 0, 0, KILL), (RETURN, 0, 0, ALLOW)]
COMPARE = [
    (LOAD, 0, 0, ARCH),
    (JEQ, 1, 0, 0xC000003E),
    (RETURN, 0, 0, KILL),
    (LOAD, 0, 0, NR),
    (JGE, 4, 0, CALL + 1),
    (JGT, 0, 3, CALL - 1),
    (LOAD, 0, 0, ARGS),
    (AND, 0, 0, 0xFF),
    (JSET, 0, 1, 1),
    (RETURN, 0, 0, ALLOW),
    (RETURN, 0, 0, ERRNO | EPERM),
]
INTERESTING = [0, 1, 4, 16, 60, 64, CALL, 0x7FFFFFFF, 0xFFFFFFFF]
INTERESTING += [ALLOW, LOG, TRACE, NOTIFY, ERRNO, ERRNO | EPERM, TRAP, KILL_THREAD, KILL]


def damage(code, chance):
    at = chance.randrange(len(code))
    what, yes, no, k = code[at]
    code[at] = chance.choice([
        (what, yes, no, chance.choice(INTERESTING)),
        (what, yes, no, k ^ 1 << chance.randrange(32)),
        (what ^ 1 << chance.randrange(8), yes, no, k),
        (what, chance.randrange(len(code) + 2), no, k),
        (what, yes, chance.randrange(len(code) + 2), k),
        chance.choice(code),
        (RETURN, 0, 0, chance.choice(INTERESTING)),
    ])


def make_filter(chance):
    """The instructions, and their bytes, of which the last instruction may be partial."""
    code = list(chance.choice([DENY, COMPARE]))
    for _ in range(chance.randrange(5)):
        damage(code, chance)
    data = b"".join(struct.pack("=HBBI", *each) for each in code)
    return code, data[: chance.randrange(len(data) + 1)] if chance.randrange(10) == 0 else data


def ask_kernel(data, shared):
    """Whether the kernel takes the filter, and what the call gives then; None if it does not return."""
    if not data or len(data) % 8:
        return False, None
    code = ctypes.create_string_buffer(data, len(data))
    program = struct.pack("@HP", len(data) // 8, ctypes.addressof(code))
    shared[:12] = bytes(12)
    result = ctypes.c_long.from_buffer(shared, 8)
    pid = os.fork()
    if pid == 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        LIBC.prctl(38, 1, 0, 0, 0)
        if LIBC.prctl(22, 2, program) == 0:
            shared[0] = 1
            result.value = LIBC.syscall(CALL, 0, 0, 0, 0, 0, 0)
            shared[1] = 1
        # The filter may refuse exit too.
        while True:
            LIBC.syscall(94 if platform.machine() == "aarch64" else 231, 0)
            ctypes.string_at(0)
    os.waitpid(pid, 0)
    taken, returned = bool(shared[0]), bool(shared[1])
    value = result.value if returned else None
    del result
    return taken, value


def run(data, loader, target):
    """What sandbox-exec does: its status (None if it hangs), the target's report, and the messages."""
    with open(os.memfd_create("filter"), "r+b") as file, open(os.memfd_create("report"), "r+b") as report:
        file.write(data)
        file.flush()
        words = [loader, f"/proc/self/fd/{file.fileno()}", target, "first", str(report.fileno()), "0"]
        try:
            done = subprocess.run(words, pass_fds=[file.fileno(), report.fileno()], stderr=subprocess.PIPE,
                                  timeout=60, check=False)
        except subprocess.TimeoutExpired:
            return None, b"", b""
        return done.returncode, os.pread(report.fileno(), 8, 0), done.stderr


def mistake(code, taken, result, status, report, messages):
    """What is wrong, or None."""
    refused = status == OWN_FAILURE and not report and messages.endswith(b"\n") and messages.count(b"\n") == 1
    # Results may differ if the filter reads more than the number, the arch and three arguments.
    comparable = all(what != LOAD or k in (NR, ARCH) or ARGS <= k < ARGS + 24 for what, _, _, k in code)
    if status is None:
        return "hangs"
    if taken == refused:
        return "was refused" if refused else "was not refused"
    if taken and comparable and b"U" in report and (result is None or result < 0):
        return "the call got through"
    return None


def main(count, seed, loader, target):
    chance = random.Random(seed)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    shared = mmap.mmap(-1, 16)
    failed = accepted = through = 0
    print(f"seed {seed}, {count} filters", flush=True)
    for number in range(count):
        code, data = make_filter(chance)
        taken, result = ask_kernel(data, shared)
        outcome = run(data, loader, target)
        wrong = mistake(code[: len(data) // 8], taken, result, *outcome)
        accepted += taken
        through += b"U" in outcome[1]
        if wrong:
            failed += 1
            print(f"FAILED: filter {number}: {wrong}: kernel {taken} {result}, {outcome}, {code}")
    print(f"{accepted} taken by the kernel, {count - accepted} refused; the call got through {through} times")
    print(f"{count - failed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2] or time.time()), sys.argv[3], sys.argv[4]))
