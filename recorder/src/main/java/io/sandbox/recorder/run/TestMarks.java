// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.OpenTests;
import io.sandbox.evidence.RunFilter;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The marks by which a test framework tells where a test begins and ends (docs/tests.md). A mark is
 * an lseek to an offset that no file has, with the token of this run in it. The offset carries all,
 * so that we need not read the program's memory, which Yama may forbid.
 *
 * <p>An lseek needs no native code in the JVM of the tests and no file beside it, while a call with
 * a number of our own would need native code. The token keeps the seeks of the program itself
 * apart. Only {@code notify} tells the thread of a call, and only the thread tells parallel tests
 * apart: audit records name the process alone.
 */
final class TestMarks {
    /** The variable that tells the token to the program. */
    private static final String VARIABLE = "SANDBOX_TESTS";

    private static final String CALL = "lseek";
    private static final int NONE = -1;

    /** Bit 62, then 16 bits of the token, 6 of the kind and 40 of data. */
    private static final int TOKEN_SHIFT = 46;

    private static final int TOKEN_MASK = 0xffff;
    private static final int MARK = 0x1_0000;
    private static final int KIND_SHIFT = 40;
    private static final int KIND_MASK = 0x3f;
    private static final int DATA_BYTES = 5;

    private static final int NAME_PART = 0;
    private static final int BEGIN = 1;
    private static final int END = 2;

    /** What comes after so many bytes of a name is cut off. */
    private static final int MAX_NAME = 500;

    /** If more threads than this have told a name and began no test, they never will. */
    private static final int MAX_UNFINISHED = 1000;

    private final long head;
    private final OpenTests tests;
    private final Map<Integer, ByteArrayOutputStream> unfinished = new HashMap<>();
    private int numbersArch;
    private int mark = NONE;
    private int exit = NONE;

    /** {@code token} of this run. */
    TestMarks(int token, OpenTests tests) {
        head = MARK | token;
        this.tests = tests;
    }

    /** A number that a program does not have by chance. */
    static int nextToken() {
        return ProbeNumber.next() & TOKEN_MASK;
    }

    /** The variable of the program's environment. */
    static String variable(int token) {
        return VARIABLE + "=" + token;
    }

    /** Whether a run under this filter shows the marks: they must not be calls that just pass. */
    static boolean areSeen(RunFilter filter) {
        return !filter.enforced()
                && filter.allowed().stream()
                        .noneMatch(entry -> entry.equals(CALL) || entry.startsWith(CALL + "("));
    }

    /** Notes a call before it is answered. Whether it is a mark, and no call of the program. */
    boolean note(CallListener call, int process) {
        if (call.auditArch() != numbersArch) {
            lookUpNumbers(call.auditArch());
        }
        if (call.number() != mark || call.argument(1) >>> TOKEN_SHIFT != head) {
            tests.turnTo(process, call.thread());
            if (call.number() == exit) {
                tests.processEnds(process);
            }
            return false;
        }
        long offset = call.argument(1);
        long data = offset & (1L << KIND_SHIFT) - 1;
        switch ((int) (offset >>> KIND_SHIFT) & KIND_MASK) {
            case NAME_PART -> addToName(call.thread(), data);
            case BEGIN -> begin(process, call.thread(), data);
            case END -> tests.end(process, data);
            default -> {
                // Of a newer extension.
            }
        }
        return true;
    }

    private void lookUpNumbers(int auditArch) {
        numbersArch = auditArch;
        Optional<Arch> arch = SyscallDb.get().archByAuditValue(auditArch);
        mark = FilterLoads.number(arch, CALL);
        exit = FilterLoads.number(arch, "exit_group");
    }

    private void addToName(int thread, long data) {
        if (unfinished.size() == MAX_UNFINISHED) {
            unfinished.clear();
        }
        ByteArrayOutputStream name =
                unfinished.computeIfAbsent(thread, key -> new ByteArrayOutputStream());
        for (int i = DATA_BYTES - 1; i >= 0 && name.size() < MAX_NAME; i--) {
            int next = (int) (data >>> i * Byte.SIZE) & 0xff;
            if (next != 0) {
                name.write(next);
            }
        }
    }

    private void begin(int process, int thread, long number) {
        ByteArrayOutputStream name = unfinished.remove(thread);
        for (int other : tests.processes()) {
            if (other != process && !Files.exists(ProcessStatus.directory(other))) {
                // It was killed, so there was no mark of the end.
                tests.processEnds(other);
            }
        }
        tests.begin(
                process,
                thread,
                number,
                name == null ? "(a test without a name)" : name.toString(StandardCharsets.UTF_8));
    }
}
