# SPDX-License-Identifier: Apache-2.0
"""What watched calls were made for: as strace shows it, and as a recording has it.

    classes.py calls             the names for "strace -e trace="
    classes.py FILE.json         of a recording
    classes.py PREFIX            of the files of "strace -ff -X raw -e raw=... -o PREFIX"
"""
import glob
import json
import re
import sys

INT = 0xFFFFFFFF
MASKS = {  # as WatchedArgument has them, by hand
    "clone": {0: 0x7E020000},
    "clone3": {0: 0x7E020081},
    "unshare": {0: 0x7E120080},
    "setns": {1: INT},
    "socket": {0: INT, 1: 0xF, 2: INT},
    "socketpair": {0: INT},
    "setsockopt": {1: INT, 2: INT},
    "ioctl": {1: INT},
    "prctl": {0: INT},
    "chmod": {1: 0xC00},
    "fchmod": {1: 0xC00},
    "fchmodat": {2: 0xC00},
    "sendto": {3: 1, 4: ~0},
    "recvfrom": {3: 1},
    "sendmmsg": {3: 1},
    "recvmmsg": {3: 1},
    "sendmsg": {2: 1},
    "recvmsg": {2: 1},
    "mmap": {2: 6},
    "mprotect": {2: 6},
}


def conditions(call, arguments):
    for index, mask in MASKS[call].items():
        value = arguments[index] & mask
        if mask == 6 and not value & 4:
            mask, value = 4, 0
        if mask != ~0:
            yield "arg%d&0x%x==%d" % (index, mask, value)
        elif value == 0:
            yield "arg%d==0" % index


def traced(prefix):
    for name in glob.glob(prefix + ".*"):
        for line in open(name):
            call, _, rest = line.partition("(")
            if call == "clone3":  # what clone cannot do does not come here
                rest = re.search("flags=([0-9a-fx|]+)", rest).group(1)
            if call in MASKS:
                words = rest.split(")")[0].split(", ")
                numbers = [eval(word) for word in words if re.fullmatch("[0-9a-fx|]+", word)]
                yield call, ",".join(conditions(call, numbers))


def recorded(name):
    for run in json.load(open(name))["runs"]:
        for program in run["programs"]:
            for call in program["calls"]:
                if call["name"] in MASKS:
                    for each in call.get("arguments", ["not known"]):
                        yield call["name"], each


if sys.argv[1] == "calls":
    print(",".join(MASKS))
else:
    read = recorded if sys.argv[1].endswith(".json") else traced
    print(*sorted(set(map(" ".join, read(sys.argv[1])))), sep="\n")
