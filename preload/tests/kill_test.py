#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sends signals at random moments to all processes that take part when a program is filtered or recorded.
Whatever is killed, stopped or interrupted:
- the program never runs without its filter: it would report a forbidden call that succeeded;
- no list lacks a call that the program reported;
- everything ends and nothing is left: no process, no file, no lifted kernel limit.

The choices of a try depend only on the seed and its number, so -t repeats a try, apart from the kernel's timing.
"""
import argparse
import ctypes
import os
import pathlib
import random
import re
import resource
import signal
import struct
import sys
import tempfile
import time
from types import SimpleNamespace

sys.dont_write_bytecode = True
from bpf_fuzz import DENY  # noqa: E402

LIBC = ctypes.CDLL(None, use_errno=True)
LIMIT = "/proc/sys/kernel/printk_ratelimit"
FORBIDDEN = "getpgid"
# Those that target.c makes, in their order. A report is '!' for the first, and the characters after it.
KNOWN = re.findall(r"KNOWN_CALL\((\w+)\)[,\n]", (pathlib.Path(__file__).parent / "kill/calls.h").read_text())
assert len(KNOWN) == 24
# Only detects a hang: nothing here takes a second.
PATIENCE = 60
# One try in so many uses Java, which takes as long as the others together.
NATIVE_PER_JAVA = 12
# The tracer's parent has ended, so it is our child; the program is the launcher's child that is not Java.
NATIVE = ["launcher", "tracer", "tracer", "program"]
MEMBERS = ["launcher", "tracer", "Java", "program", "group"]
STRIKES = ["TERM", "INT", "KILL", "KILL", "STOP", "STOP", "HUP", "QUIT"]
# Ours, in the work folder.
OWN_FILES = {"out", "err", "deny", "filter", "half", "list", "recording", "work"}


def mode(name, words, **rest):
    """A way to start a program. A result is a list, if it learns; "file" has the list then."""
    java = words.startswith("DIST/")
    return SimpleNamespace(**{**dict(name=name, words=words, java=java, kind="enforces", file="out", root=False), **rest})


def learn(source, start, words, file="out"):
    return mode(f"learn {source} {start}", f"DIST/sandbox-learn --source {source} --from {start} {words}",
                kind="learns", file=file, root=source != "notify")


# DIST is the folder of the commands; LOADER, ENTER, TARGET and BARE are programs.
MODES = [
    mode("sandbox-exec static", "LOADER filter BARE"),
    mode("sandbox-exec dynamic", "LOADER filter TARGET"),
    mode("loader from entry", "ENTER TARGET"),
    mode("libsandbox.so", "TARGET"),
    mode("sandboxify exec", "DIST/sandboxify --quiet --policy deny BARE"),
    mode("sandboxify entry", "DIST/sandboxify --quiet --policy deny --from entry TARGET"),
    mode("sandboxify explain", "DIST/sandboxify --quiet --policy deny --explain TARGET"),
    learn("audit", "preload", "TARGET"),
    # A file beside the list is made first.
    learn("audit", "exec", "-o list BARE", "list"),
    learn("audit", "entry", "--recording recording TARGET"),
    learn("notify", "preload", "-o list TARGET", "list"),
    learn("notify", "exec", "BARE"),
    learn("notify", "entry", "TARGET"),
    learn("kmsg", "exec", "BARE"),
    learn("bpf", "preload", "TARGET"),
    learn("bpf", "exec", "-o list BARE", "list"),
    learn("bpf", "entry", "--recording recording TARGET"),
    mode("sandbox-check", "DIST/sandbox-check --policy half --allow-failure -- TARGET", kind="checks", root=True),
]


def text_of(name):
    """What the file has, which a process that is gone lacks."""
    try:
        fd = os.open(name, os.O_RDONLY)
        try:
            return os.read(fd, 1 << 16).decode(errors="replace")
        finally:
            os.close(fd)
    except OSError:
        return ""


# The processes of a command.


def children(pid):
    """Those of the main thread, because only that forks in our programs."""
    return [int(each) for each in text_of(f"/proc/{pid}/task/{pid}/children").split()]


def family():
    found = children(os.getpid())
    for each in found:
        found += children(each)
    return found


def find(launcher, member):
    """A process to signal (negative for a group), or None."""
    if member in ("launcher", "group"):
        return launcher if member == "launcher" else -launcher
    if member == "tracer":
        return next((each for each in children(os.getpid()) if each != launcher), None)
    of_java = member == "Java"
    return next((each for each in children(launcher) if (text_of(f"/proc/{each}/comm") == "java\n") == of_java), None)


def has_ended(launcher):
    """It still has to be reaped."""
    return os.waitid(os.P_PID, launcher, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def lives(pid):
    """Reaps it if it is ours; the launcher reaps its own children later."""
    try:
        if os.waitpid(pid, os.WNOHANG | 0x40000000)[0] == pid:  # __WALL
            return False
    except ChildProcessError:
        pass
    return text_of(f"/proc/{pid}/stat").rpartition(")")[2][1:2] not in ("Z", "X", "")


def await_end(launcher, outcome):
    end = time.monotonic() + PATIENCE
    pause = 20e-6
    while [each for each in family() if each != launcher and lives(each)] or not has_ended(launcher):
        if time.monotonic() > end and not outcome.hung:
            outcome.hung = True
            for each in family():
                print("process", each, *(text_of(f"/proc/{each}/{name}") for name in ("status", "wchan", "syscall", "stack")), sep="\n")
                os.kill(each, signal.SIGKILL)
        time.sleep(pause)
        pause = min(pause * 1.25, 1e-3)
    outcome.status = os.waitpid(launcher, 0)[1]


# What is done.


class Plan:
    def __init__(self, test, number, java, chance):
        self.number = number
        self.mode = chance.choice([each for each in test.modes if each.java == java])
        self.spin = chance.randrange(chance.choice([200, 200000]))
        self.first = chance.randrange(2)
        self.ignored = chance.choice(["TERM", "INT", "HUP", "QUIT"]) if chance.randrange(4) == 0 else None
        self.strikes = [self.strike(chance) for _ in range(1 if chance.randrange(4) else chance.randint(1, 3))]

    def strike(self, chance):
        member = chance.choice(MEMBERS if self.mode.java else NATIVE)
        seen = chance.randrange(2)  # the delay counts from when the member exists
        delay = 600e-6 if seen and member != "Java" else self.mode.duration
        pause = 20e-3 if self.mode.java else 2e-3  # until SIGCONT, after a stop
        return SimpleNamespace(member=member, signal=chance.choice(STRIKES), seen=seen,
                               delay=chance.uniform(0, delay), pause=chance.uniform(0, pause))

    def __str__(self):
        strikes = "".join(
            f"; SIG{each.signal} to {each.member}, {each.delay * 1e6:.0f} us after {'it is there' if each.seen else 'the last'}"
            + (f", for {each.pause * 1e6:.0f} us" if each.signal == "STOP" else "") for each in self.strikes)
        ignored = f", SIG{self.ignored} ignored" if self.ignored else ""
        return f"try {self.number}, {self.mode.name}, spin {self.spin}{', first call' * self.first}{ignored}{strikes}"


def wait(seconds):
    end = time.perf_counter() + seconds
    if seconds > 1e-3:
        time.sleep(seconds - 5e-4)
    while time.perf_counter() < end:
        pass


def hit(launcher, strike, java, outcome):
    if strike.seen:
        while not find(launcher, strike.member):
            if has_ended(launcher):
                return
            if java:
                time.sleep(20e-6)
    wait(strike.delay)
    pid = find(launcher, strike.member)
    try:
        if not pid:
            return
        os.kill(pid, signal.Signals["SIG" + strike.signal])
        if strike.signal == "STOP":
            wait(strike.pause)
            os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        return
    # It may have ended or spoilt something; what was killed could not clean up.
    outcome.struck |= strike.signal != "STOP"
    outcome.killed |= strike.signal == "KILL"


class Test:
    def __init__(self, options):
        self.seed, self.passed, self.failed = options.seed, 0, 0
        programs = os.path.realpath(options.programs)
        self.places = {"LOADER": os.path.realpath(options.loader), "ENTER": programs + "/enter",
                       "TARGET": programs + "/target", "BARE": programs + "/target-bare"}
        self.dist = options.dist and os.path.realpath(options.dist)
        self.library = os.path.realpath(options.library)
        self.modes = []

    def is_possible(self, way):
        if way.java and not self.dist or " bpf " in way.name and not os.path.exists("/sys/kernel/btf/vmlinux"):
            return False
        return not way.root or os.geteuid() == 0

    def start(self, plan, report):
        words = [self.places.get(each, each.replace("DIST", self.dist or "")) for each in plan.mode.words.split()]
        what = ("first" if plan.first else "probe") if plan.mode.kind == "enforces" else "calls"
        # Higher than the descriptors that the commands use.
        words += [what, "9", str(plan.spin)]
        environment = dict(os.environ)
        if plan.mode.name == "libsandbox.so":
            environment.update(LD_PRELOAD=self.library, SECCOMP_SYSCALL_DENY=FORBIDDEN, SECCOMP_QUIET="1")
        actions = [(os.POSIX_SPAWN_OPEN, fd, name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600) for fd, name in ((1, "out"), (2, "err"))]
        actions.append((os.POSIX_SPAWN_DUP2, report, 9))
        ignored = plan.ignored and signal.Signals["SIG" + plan.ignored]
        before = ignored and signal.signal(ignored, signal.SIG_IGN)
        try:
            return os.posix_spawn(words[0], words, environment, file_actions=actions, setpgroup=0,
                                  setsigdef=[signal.SIGPIPE, signal.SIGXFSZ])
        finally:
            if ignored:
                signal.signal(ignored, before)

    def run(self, plan):
        outcome = SimpleNamespace(killed=False, struck=False, hung=False)
        for name in ("list", "recording"):
            pathlib.Path(name).unlink(missing_ok=True)
        reports, report = os.pipe()
        launcher = self.start(plan, report)
        os.close(report)
        for strike in plan.strikes:
            hit(launcher, strike, plan.mode.java, outcome)
        await_end(launcher, outcome)
        outcome.reports = os.read(reports, 256).decode()
        os.close(reports)
        outcome.code = os.waitstatus_to_exitcode(outcome.status)
        outcome.text, outcome.messages, outcome.limit = text_of(plan.mode.file), text_of("err"), text_of(LIMIT)
        return outcome

    # What must hold.

    def fail(self, plan, outcome, what):
        self.failed += 1
        print(f"FAILED: {what}\n  {plan}\n  again: -s {self.seed} -t {plan.number}\n  ended with {outcome.code}, reports"
              f" '{outcome.reports}', output '{outcome.text:.200}'\n  stderr: {outcome.messages}", flush=True)

    def mistakes(self, plan, outcome, limit):
        if outcome.hung:
            yield "HANGS"
        yield from {"learns": missing, "checks": unseen, "enforces": unfiltered}[plan.mode.kind](outcome)
        # A signal is no reason to call something an error of ours.
        if "internal error" in outcome.messages:
            yield "an internal error is reported"
        if outcome.code == -signal.SIGPIPE:
            yield "ended by SIGPIPE, without a message"
        for folder in [".", "/tmp"] if self.own_tmp else ["."]:
            for name in set(os.listdir(folder)) - OWN_FILES:
                # Files left after SIGKILL are removed, and are no failure.
                if not outcome.killed:
                    yield f"a file is left: {name}"
                os.unlink(os.path.join(folder, name))
        # SIGKILL leaves a lifted limit; the docs say that the next run restores it.
        if "kmsg" in plan.mode.name and outcome.limit != limit:
            if not outcome.killed:
                yield f"{LIMIT} is left at {outcome.limit}"
            elif self.run(undisturbed(plan.mode)).limit != limit:
                yield f"the next run did not restore {LIMIT}"

    def judge(self, plan, outcome, limit):
        before = self.failed
        for mistake in self.mistakes(plan, outcome, limit):
            self.fail(plan, outcome, mistake)
        self.passed += self.failed == before
        counts = plan.mode.counts
        counts[0 if did_its_job(plan.mode, outcome) else 1 if outcome.code >= 0 else 2] += 1

    def try_mode(self, way):
        """Without a signal the mode must work; measures its duration."""
        if not self.is_possible(way):
            print(f"left out: {way.name}")
            return
        plan = undisturbed(way)
        if not way.java:
            self.run(plan)  # the first start reads from the disk
        before = time.monotonic()
        outcome = self.run(plan)
        way.duration, way.counts = time.monotonic() - before, [0, 0, 0]
        if did_its_job(way, outcome) and (way.kind != "learns" or was_made(outcome, KNOWN[-1])):
            self.modes.append(way)
        else:
            self.fail(plan, outcome, "does not work without a signal")

    def run_all(self, options):
        for way in MODES:
            if options.mode in way.name:
                self.try_mode(way)
        for number in range(options.tries) if self.modes else []:
            if options.only not in (None, number):
                continue
            chance = random.Random(f"{self.seed} {number}")
            java = chance.randrange(NATIVE_PER_JAVA) == 0
            if not any(each.java == java for each in self.modes):
                java = not java
            limit = text_of(LIMIT)
            plan = Plan(self, number, java, chance)
            self.judge(plan, self.run(plan), limit)
        print("{:24} {:>8} {:>18} {:>9} {:>9} {:>9}".format("", "tries", "filtered/listed", "refused", "signal", "ms"))
        for way in self.modes:
            print("{:24} {:8} {:18} {:9} {:9} {:9.1f}".format(way.name, sum(way.counts), *way.counts, way.duration * 1000))

    def enter_work_folder(self):
        """In a /tmp of our own, if possible, so that every file in it is ours."""
        paths = [self.dist or "", *self.places.values()]
        self.own_tmp = (not any(each.startswith("/tmp/") for each in paths) and LIBC.unshare(0x20000) == 0  # CLONE_NEWNS
                        and LIBC.mount(None, b"/", None, 0x44000, None) == 0  # MS_REC | MS_PRIVATE
                        and LIBC.mount(b"kill", b"/tmp", b"tmpfs", 0, None) == 0)
        folder = tempfile.TemporaryDirectory()
        OWN_FILES.add(os.path.basename(folder.name))
        os.chdir(folder.name)
        os.environ["TMPDIR"] = "."
        os.environ.pop("LD_PRELOAD", None)
        # SIGQUIT and SIGSYS would leave core files.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        pathlib.Path("filter").write_bytes(b"".join(struct.pack("=HBBI", *each) for each in DENY))
        pathlib.Path("deny").write_text(f"SECCOMP_SYSCALL_DENY={FORBIDDEN}\n")
        # All calls but the last, which the child makes at the end.
        pathlib.Path("half").write_text(f"SECCOMP_SYSCALL_DENY={KNOWN[-1]}\n")
        return folder


def undisturbed(way):
    return SimpleNamespace(mode=way, number=0, spin=0, first=0, ignored=None, strikes=[])


def was_made(outcome, name):
    return chr(ord("!") + KNOWN.index(name)) in outcome.reports


def was_filtered(outcome):
    return outcome.code in (-signal.SIGSYS, 128 + signal.SIGSYS)


def did_its_job(way, outcome):
    return {"learns": bool(outcome.text), "checks": outcome.code == 1, "enforces": was_filtered(outcome)}[way.kind]


def missing(outcome):
    """A list that is printed must be complete, whatever the status."""
    if not outcome.text:
        return ["status 0 without a list"] if outcome.code == 0 else []
    listed = re.split('[":]', outcome.text)
    return [f"the list lacks {each}" for each in KNOWN if was_made(outcome, each) and each not in listed]


def unseen(outcome):
    return [f"sandbox-check did not see {KNOWN[-1]}"] if outcome.code == 0 and was_made(outcome, KNOWN[-1]) else []


def unfiltered(outcome):
    if "U" in outcome.reports:
        return ["ran UNFILTERED"]
    return [] if outcome.struck or was_filtered(outcome) else ["nothing ended it, but it was not killed by its filter"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", dest="tries", type=int, default=300)
    parser.add_argument("-s", dest="seed", type=int, default=int(time.time()))
    parser.add_argument("-t", dest="only", type=int, help="only this try")
    parser.add_argument("-m", dest="mode", default="", help="the modes whose name contains this")
    parser.add_argument("-d", dest="dist", help="the folder of the commands with Java")
    for name in ("programs", "loader", "library"):
        parser.add_argument(name)
    options = parser.parse_args()
    # PR_SET_CHILD_SUBREAPER: orphaned descendants are our children.
    if LIBC.prctl(36, 1, 0, 0, 0) or not os.path.exists(f"/proc/self/task/{os.getpid()}/children"):
        print("skipped: the kernel does not list children\n0 passed, 0 failed, 1 skipped")
        return 0
    print(f"seed {options.seed}, {options.tries} tries", flush=True)
    test = Test(options)
    with test.enter_work_folder():
        test.run_all(options)
        os.chdir("/")
    print(f"{test.passed} passed, {test.failed} failed")
    return test.failed != 0


if __name__ == "__main__":
    sys.exit(main())
