// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Decodes filters written by hand and random ones; DecodedFilterIT decodes compiled ones. */
class FilterMeaningTest {
    private static final long SEED = Long.getLong("sandbox.seed", 1);
    private static final int TIMES = Integer.getInteger("sandbox.fuzz.times", 1);
    private static final Arch X86_64 = SyscallDb.get().archByName("x86_64").orElseThrow();

    private static final int LD = BpfNumbers.LOAD;
    private static final int JEQ = BpfNumbers.IF_EQUAL;
    private static final int JGT = BpfNumbers.IF_GREATER;
    private static final int JSET = 0x45;
    private static final int RET = BpfNumbers.RETURN;
    private static final int ALLOW = BpfNumbers.ALLOW;
    private static final int KILL = BpfNumbers.KILL_PROCESS;
    private static final int EPERM = BpfNumbers.ERRNO | 1;
    private static final int ARG0 = BpfNumbers.ARGUMENTS_OFFSET;

    /**
     * @param instructions four numbers for each instruction: code, jt, jf, k
     */
    private static FilterCode code(int... instructions) {
        ByteBuffer code =
                ByteBuffer.allocate(instructions.length * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < instructions.length; i += 4) {
            code.putShort((short) instructions[i]);
            code.put((byte) instructions[i + 1]).put((byte) instructions[i + 2]);
            code.putInt(instructions[i + 3]);
        }
        return FilterReader.parse(code.array());
    }

    private static ArchMeaning meaning(FilterCode... newestFirst) {
        return ArchMeaning.of(List.of(newestFirst), X86_64);
    }

    private static String text(ArchMeaning meaning, String call) {
        return meaning.calls().stream()
                .filter(cases -> cases.subject().equals(call))
                .map(CallCases::text)
                .findFirst()
                .orElse("otherwise");
    }

    @Test
    void of_numbersInARange_areListedWhereTheyHaveNames() {
        // ENOSYS from 400 on: container profiles do this for calls newer than the profile.
        ArchMeaning meaning =
                meaning(
                        code(
                                LD,
                                0,
                                0,
                                0,
                                JGT,
                                0,
                                1,
                                399,
                                RET,
                                0,
                                0,
                                BpfNumbers.ERRNO | 38,
                                RET,
                                0,
                                0,
                                ALLOW));
        assertEquals("errno:ENOSYS", meaning.otherwise().toString());
        assertEquals(400, meaning.calls().size());
        assertEquals("allow", text(meaning, "read"));
    }

    @Test
    void of_smallNumbersOfMany_areNamedAndTheRestIsARange() {
        ArchMeaning meaning =
                meaning(code(LD, 0, 0, 0, JGT, 0, 1, 100_000, RET, 0, 0, KILL, RET, 0, 0, ALLOW));
        assertEquals("kill", meaning.otherwise().toString());
        assertEquals("0-100000", meaning.ranges().get(0).subject());
        assertEquals("allow", text(meaning, "read"));
    }

    @Test
    void of_partOfTheNumber_findsEachCallWithIt() {
        // The filter allows read, and 0x40000000, which is read of x32.
        ArchMeaning meaning =
                meaning(
                        code(
                                LD,
                                0,
                                0,
                                0,
                                0x54,
                                0,
                                0,
                                0xbfff_ffff,
                                JEQ,
                                0,
                                1,
                                0,
                                RET,
                                0,
                                0,
                                ALLOW,
                                RET,
                                0,
                                0,
                                KILL));
        assertEquals("allow", text(meaning, "read"));
        assertEquals(1, meaning.calls().size());
    }

    @Test
    void of_arithmeticWithTheNumber_triesEach() {
        // number * 2 == 78 holds for getpid, and for a number that no call has.
        ArchMeaning meaning =
                meaning(
                        code(
                                LD, 0, 0, 0, 0x24, 0, 0, 2, JEQ, 0, 1, 78, RET, 0, 0, ALLOW, RET, 0,
                                0, KILL));
        assertEquals("allow", text(meaning, "getpid"));
        assertEquals("kill", text(meaning, "read"));
        assertEquals("undecided", meaning.otherwise().toString());
    }

    @Test
    void of_lowHalfInOrder_becomesTestsOfBits() {
        ArchMeaning meaning =
                meaning(
                        code(
                                LD,
                                0,
                                0,
                                ARG0,
                                JGT,
                                0,
                                1,
                                0x7fff_ffff,
                                RET,
                                0,
                                0,
                                EPERM,
                                RET,
                                0,
                                0,
                                ALLOW));
        assertEquals(
                "errno:EPERM if arg0&0x80000000==2147483648, otherwise allow",
                text(meaning, "read").equals("otherwise")
                        ? meaning.ranges().get(0).text()
                        : text(meaning, "read"));
    }

    @Test
    void of_severalFilters_strictestDecides() {
        FilterCode newer = code(LD, 0, 0, 0, JEQ, 0, 1, 0, RET, 0, 0, EPERM, RET, 0, 0, ALLOW);
        FilterCode older =
                code(
                        LD,
                        0,
                        0,
                        0,
                        JEQ,
                        0,
                        1,
                        0,
                        RET,
                        0,
                        0,
                        BpfNumbers.ERRNO | 2,
                        JEQ,
                        0,
                        1,
                        1,
                        RET,
                        0,
                        0,
                        KILL,
                        RET,
                        0,
                        0,
                        BpfNumbers.LOG);
        ArchMeaning meaning = meaning(newer, older);
        assertEquals("errno:EPERM", text(meaning, "read"), "of the same action, the newest");
        assertEquals("kill", text(meaning, "write"));
        assertEquals("log", meaning.otherwise().toString());
    }

    @Test
    void of_addressOfTheCall_isUndecided() {
        ArchMeaning meaning =
                meaning(
                        code(
                                LD, 0, 0, 0, JEQ, 1, 0, 0, RET, 0, 0, KILL, LD, 0, 0, 8, JEQ, 0, 1,
                                7, RET, 0, 0, ALLOW, RET, 0, 0, KILL));
        assertEquals("undecided", text(meaning, "read"));
        assertEquals("kill", meaning.otherwise().toString());
    }

    @Test
    void of_valuesThatTheKernelDoesNotKnow_kill() {
        assertEquals("kill", meaning(code(RET, 0, 0, 0x1234_0000)).otherwise().toString());
        assertEquals("errno:4095", meaning(code(RET, 0, 0, 0x0005_ffff)).otherwise().toString());
        assertEquals("trace:7", meaning(code(RET, 0, 0, 0x7ff0_0007)).otherwise().toString());
        assertEquals("notify", meaning(code(RET, 0, 0, 0x7fc0_0001)).otherwise().toString());
    }

    @Test
    void of_filterWithoutALookAtTheArch_saysSoOfOthers() {
        List<FilterCode> filter =
                List.of(code(LD, 0, 0, 0, JEQ, 0, 1, 39, RET, 0, 0, KILL, RET, 0, 0, ALLOW));
        FilterMeaning meaning = FilterMeaning.of(filter, X86_64);
        assertEquals(Optional.empty(), meaning.others());
        assertEquals("kill", text(meaning.arches().get(0), "getpid"));
        ArchMeaning i386 =
                meaning.arches().stream()
                        .filter(arch -> arch.arch().name().equals("i386"))
                        .findFirst()
                        .orElseThrow();
        assertEquals("kill", text(i386, "mkdir"), "39 of i386");
    }

    /** Each test doubles the paths, and no two paths have equal registers. */
    private static FilterCode hostile() {
        List<Integer> code = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            // A is a word of the call; if one of its bits is set, X changes.
            code.addAll(List.of(LD, 0, 0, ARG0 + 4 * (i % 12)));
            code.addAll(List.of(JSET, 0, 3, 1 << i % 32));
            code.addAll(List.of(0x87, 0, 0, 0));
            code.addAll(List.of(0x04, 0, 0, 1 << i % 31));
            code.addAll(List.of(0x07, 0, 0, 0));
        }
        code.addAll(List.of(0x87, 0, 0, 0, 0x54, 0, 0, 1, JEQ, 0, 1, 1));
        code.addAll(List.of(RET, 0, 0, ALLOW, RET, 0, 0, KILL));
        return code(code.stream().mapToInt(Integer::intValue).toArray());
    }

    @Test
    void of_filterWithTooManyWays_saysThatInBoundedTime() {
        FilterCode filter = hostile();
        FilterMeaning meaning =
                assertTimeout(
                        Duration.ofSeconds(20), () -> FilterMeaning.of(List.of(filter), X86_64));
        assertFalse(meaning.arches().get(0).isWhole());
        DecodedPolicy decoded = DecodedPolicy.of(meaning, false);
        assertFalse(decoded.losses().isEmpty());
        assertFalse(Disassembly.of(filter).isEmpty());
    }

    /** The filter has 4096 instructions, few states, and 2^2000 paths. */
    @Test
    void of_longestFilter_isUndecidedInBoundedTime() {
        List<Integer> code = new ArrayList<>();
        for (int i = 0; i < 2047; i++) {
            code.addAll(List.of(LD, 0, 0, ARG0 + 4 * (i % 12)));
            code.addAll(List.of(JSET, i % 2, 1 - i % 2, 1 << i % 31));
        }
        code.addAll(List.of(RET, 0, 0, ALLOW, RET, 0, 0, KILL));
        FilterCode filter = code(code.stream().mapToInt(Integer::intValue).toArray());
        assertTimeout(Duration.ofSeconds(20), () -> FilterMeaning.of(List.of(filter), X86_64));
    }

    /** For random filters, each decoded verdict is the one that the filter returns. */
    @Test
    void of_randomFilters_asTheyRun() {
        RandomFilters random = new RandomFilters(SEED);
        int decided = 0;
        int tried = 0;
        for (int i = 0; i < 10_000 * TIMES; i++) {
            byte[] bytes = random.next(4 + i % 40);
            FilterCode filter;
            try {
                filter = FilterReader.parse(bytes);
            } catch (PolicyFormatException e) {
                continue;
            }
            ArchMeaning meaning = meaning(filter);
            for (int j = 0; j < 20; j++) {
                tried++;
                decided += check(filter, meaning, random) ? 1 : 0;
            }
        }
        assertTrue(tried > 50_000, "tried " + tried);
        assertTrue(decided > tried / 2, decided + " decided of " + tried);
    }

    private static boolean check(FilterCode filter, ArchMeaning meaning, RandomFilters random) {
        int number = random.pick(RandomFilters.CONSTANTS) & 0x3fff_ffff;
        long[] arguments = new long[6];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = random.argument();
        }
        CallData call = new CallData(number, X86_64.auditArch(), arguments);
        Verdict said = verdict(meaning, call);
        if (said.equals(Verdict.UNDECIDED)) {
            return false;
        }
        assertEquals(
                Verdict.of(new FilterInterpreter(filter).run(call)).toString(),
                said.toString(),
                () -> call + "\n" + Disassembly.of(filter) + meaning);
        return true;
    }

    private static Verdict verdict(ArchMeaning meaning, CallData call) {
        for (List<CallCases> all : List.of(meaning.calls(), meaning.ranges())) {
            for (CallCases cases : all) {
                if (cases.from() <= call.number() && call.number() <= cases.to()) {
                    return cases.cases().stream()
                            .filter(
                                    one ->
                                            one.conditions().stream()
                                                    .allMatch(
                                                            c ->
                                                                    c.holds(
                                                                            call.arguments()[
                                                                                    c.argument()])))
                            .map(CallCases.Case::verdict)
                            .findFirst()
                            .orElse(cases.otherwise());
                }
            }
        }
        return meaning.otherwise();
    }
}
