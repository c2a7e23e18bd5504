// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.ActionText;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Decodes filters written by hand and random ones; DecodedFilterIT decodes compiled ones. */
class FilterMeaningTest {
    private static final long SEED = Long.getLong("sandbox.seed", 1);
    private static final int TIMES = Integer.getInteger("sandbox.fuzz.times", 1);
    private static final Arch X86_64 = SyscallDb.get().arch("x86_64");

    private static final Map<String, Integer> CODES =
            Map.of(
                    "ld", BpfNumbers.LOAD,
                    "jeq", BpfNumbers.IF_EQUAL,
                    "jgt", BpfNumbers.IF_GREATER,
                    "jset", 0x45,
                    "and", 0x54,
                    "mul", 0x24,
                    "add", 0x04,
                    "tax", 0x07,
                    "txa", 0x87,
                    "ret", BpfNumbers.RETURN);

    private static final Map<String, Integer> RETURNED =
            Map.of(
                    "allow", BpfNumbers.ALLOW,
                    "kill", BpfNumbers.KILL_PROCESS,
                    "log", BpfNumbers.LOG,
                    "EPERM", BpfNumbers.ERRNO | 1,
                    "ENOENT", BpfNumbers.ERRNO | 2,
                    "ENOSYS", BpfNumbers.ERRNO | 38,
                    "arg0", BpfNumbers.ARGUMENTS_OFFSET);

    /** With ; between them: {@code jgt 399 0 1} skips 0 instructions, or 1; 0x16 is a code. */
    private static byte[] bytes(String text) {
        String[] instructions = text.replace("big ", "").split("; ");
        ByteOrder order = text.startsWith("big ") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ByteBuffer code = ByteBuffer.allocate(instructions.length * 8).order(order);
        for (String instruction : instructions) {
            String[] words = instruction.split(" ");
            Integer operation = CODES.get(words[0]);
            code.putShort((operation == null ? Integer.decode(words[0]) : operation).shortValue());
            for (int i = 2; i < 4; i++) {
                code.put(words.length == 4 ? Byte.parseByte(words[i]) : 0);
            }
            Integer named = words.length > 1 ? RETURNED.get(words[1]) : Integer.valueOf(0);
            code.putInt(named != null ? named : Long.decode(words[1]).intValue());
        }
        return code.array();
    }

    private static FilterCode code(String text) {
        return FilterReader.parse(bytes(text));
    }

    private static String text(ArchMeaning meaning, String call) {
        return meaning.calls().stream()
                .filter(cases -> cases.subject().equals(call))
                .map(CallCases::text)
                .findFirst()
                .orElse("otherwise");
    }

    /** Filters, of which the newest is first, with their meaning for all calls and for some. */
    @Table
    void of_filters_isWhatTheyDecideTogether(String filters, String expected) {
        ArchMeaning meaning = ArchMeaning.of(filters(filters), X86_64);
        List<String> said = new ArrayList<>(List.of("otherwise " + meaning.otherwise()));
        if (meaning.ranges().isEmpty()) { // otherwise it is all calls that have names
            said.add("calls " + meaning.calls().size());
        }
        meaning.ranges().forEach(range -> said.add(range.subject() + " " + range.text()));
        for (String call : List.of("read", "write", "getpid")) {
            said.add(call + " " + text(meaning, call));
        }
        assertEquals(expected, String.join("; ", said));
    }

    private static List<FilterCode> filters(String filters) {
        return Stream.of(filters.split(" / ")).map(FilterMeaningTest::code).toList();
    }

    /** The default action, the architectures besides the machine's, and the rules. */
    @Table
    void decoded_filters_areAPolicyAndWhatItCannotSay(
            String filters, String policy, String losses) {
        DecodedPolicy decoded = DecodedPolicy.of(FilterMeaning.of(filters(filters), X86_64), false);
        PolicyDocument document = decoded.document();
        List<String> said = new ArrayList<>(List.of(ActionText.format(document.otherwise())));
        said.addAll(document.coverage().foreignOn("x86_64"));
        said.add(document.logsForeign() ? "logs" : "kills");
        said.add(document.unknown().text());
        assertEquals(policy, String.join(" ", said) + ": " + Policies.rules(document));
        assertEquals(losses, Policies.text(decoded.losses()));
    }

    @Table
    void disassembly_filter_isReadable(String filter, String text) {
        assertEquals(text, Disassembly.of(code(filter)).replaceAll(" *\n *", "~"));
    }

    /** Whether the kernel would load it, and otherwise why not. */
    @Table
    void parse_filter_isRefusedAsByTheKernel(String filter, String expected) {
        assertEquals(expected, Policies.said(() -> code(filter).length() + " instructions"));
        boolean returns = filter.matches(".*(; |^)(ret [a-z]+|0x16)");
        assertEquals(returns, FilterCode.isLikely(bytes(filter)));
        assertFalse(FilterCode.isLikely(Arrays.copyOf(bytes(filter), bytes(filter).length - 1)));
    }

    /** Each test doubles the paths, and no two paths have equal registers. */
    private static FilterCode hostile() {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < 800; i++) {
            // A is a word of the call; if one of its bits is set, X changes.
            code.append("ld %d; jset %d 0 3; ".formatted(word(i), 1L << i % 32));
            code.append("txa; add %d; tax; ".formatted(1 << i % 31));
        }
        return code(code + "txa; and 1; jeq 1 0 1; ret allow; ret kill");
    }

    /** The position of one of the halves of the arguments. */
    private static int word(int i) {
        return BpfNumbers.ARGUMENTS_OFFSET + 4 * (i % 12);
    }

    @Test
    void of_filterWithTooManyWays_saysThatInBoundedTime() {
        FilterCode filter = hostile();
        FilterMeaning meaning =
                assertTimeout(
                        Duration.ofSeconds(20), () -> FilterMeaning.of(List.of(filter), X86_64));
        assertFalse(meaning.arches().get(0).isWhole());
        assertFalse(DecodedPolicy.of(meaning, false).losses().isEmpty());
        assertFalse(Disassembly.of(filter).isEmpty());
    }

    /** The filter has 4096 instructions, few states, and 2^2000 paths. */
    @Test
    void of_longestFilter_isUndecidedInBoundedTime() {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < 2047; i++) {
            code.append("ld %d; ".formatted(word(i)));
            code.append("jset %d %d %d; ".formatted(1 << i % 31, i % 2, 1 - i % 2));
        }
        FilterCode filter = code(code + "ret allow; ret kill");
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
            ArchMeaning meaning = ArchMeaning.of(List.of(filter), X86_64);
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
                            .filter(one -> call.fulfils(one.conditions()))
                            .map(CallCases.Case::verdict)
                            .findFirst()
                            .orElse(cases.otherwise());
                }
            }
        }
        return meaning.otherwise();
    }
}
