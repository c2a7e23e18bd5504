// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.testing.Fuzz;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any file is either read, or refused with one printable line. */
final class MalformedPolicyTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @EnumSource
    void read_sample_isRead(PolicyFormat format) {
        assertFalse(format.read(bytes(Samples.of(format))).document().rules().isEmpty());
        assertEquals(format, Samples.recognised(Samples.of(format)));
    }

    @Test
    void read_variables_haveTheirCommentsAndLines() {
        String text = "# why\n\nSECCOMP_DEFAULT_ACTION=kill\nSECCOMP_SYSCALL_ALLOW=read\n";
        PolicyDocument document = PolicyFormat.ENVFILE.read(bytes(text)).document();
        assertEquals(List.of("why"), document.comments());
        assertEquals(4, document.rules().get(0).note().line());
    }

    @Test
    void byName_eachName_isItsFormat() {
        for (PolicyFormat format : PolicyFormat.values()) {
            assertEquals(Optional.of(format), PolicyFormat.byName(format.toString()));
            assertFalse(format.about().isBlank());
        }
        assertEquals(Optional.empty(), PolicyFormat.byName("none"));
    }

    /** Two instructions: all calls fail. */
    @Test
    void readAny_compiledFilter_isDecoded() {
        ByteBuffer filter = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        filter.putShort((short) BpfNumbers.LOAD).putShort((short) 0).putInt(0);
        filter.putShort((short) BpfNumbers.RETURN).putShort((short) 0);
        filter.putInt(BpfNumbers.ERRNO | 1);
        PolicyDocument document = PolicyFormat.readAny(filter.array()).document();
        assertEquals(Action.errno(1), document.otherwise());
        assertEquals(List.of(), document.rules());
    }

    @Tag("large")
    @ParameterizedTest
    @EnumSource
    void read_cutAtEachByte_isReadOrRefused(PolicyFormat format) {
        byte[] whole = bytes(Samples.of(format));
        for (int length = 0; length < whole.length; length++) {
            readOrRefuse(format, Arrays.copyOf(whole, length));
        }
    }

    @ParameterizedTest
    @EnumSource
    void read_notUtf8_isRefused(PolicyFormat format) {
        byte[] bytes = bytes(Samples.of(format));
        bytes[bytes.length / 2] = (byte) 0xff;
        assertThrows(PolicyFormatException.class, () -> format.read(bytes));
        assertThrows(PolicyFormatException.class, () -> PolicyFormat.readAny(bytes));
    }

    @Test
    void read_policiesThatUseEachOther_areBounded() {
        StringBuilder text = new StringBuilder("POLICY p0 { ALLOW { read } }\n");
        for (int i = 1; i < 60; i++) {
            text.append("POLICY p%d { USE p%d, USE p%d }\n".formatted(i, i - 1, i - 1));
        }
        byte[] bytes = bytes(text + "USE p59");
        assertTimeout(
                Duration.ofSeconds(20),
                () ->
                        assertThrows(
                                PolicyFormatException.class, () -> PolicyFormat.KAFEL.read(bytes)));
        String deep = "ALLOW { read { " + "(".repeat(100_000) + "fd == 1";
        assertThrows(PolicyFormatException.class, () -> PolicyFormat.KAFEL.read(bytes(deep)));
        String closed = "ALLOW { read { " + "!(".repeat(100_000) + "fd == 1" + ")".repeat(100_000);
        assertThrows(PolicyFormatException.class, () -> PolicyFormat.KAFEL.read(bytes(closed)));
    }

    /** More than a megabyte, with one call that exists, since firejail drops all others. */
    @Tag("large")
    @Table
    void read_hundredThousandCalls_isReadInSeconds(
            PolicyFormat format, String start, String item, String between, String end) {
        byte[] text =
                bytes(
                        IntStream.range(0, 100_000)
                                .mapToObj(i -> item.replace("CALL", i == 0 ? "read" : "call_" + i))
                                .collect(Collectors.joining(between, start, end)));
        assertTrue(text.length > 1_000_000, () -> "too short: " + text.length);
        Reading reading = assertTimeout(Duration.ofSeconds(20), () -> PolicyFormat.readAny(text));
        assertTrue(reading.document().rules().size() >= 100_000);
        assertTimeout(
                Duration.ofSeconds(20),
                () -> format.write(reading.document(), RandomDocuments.HERE));
    }

    @Table
    void read_deepNesting_isRefused(PolicyFormat format, String part) {
        String text = part.repeat(100_000);
        assertThrows(PolicyFormatException.class, () -> format.read(bytes(text)));
    }

    @Test
    void read_deepParentheses_isRefused() {
        String text = "read: arg0 == " + "(".repeat(100_000) + "1";
        assertThrows(PolicyFormatException.class, () -> PolicyFormat.MINIJAIL.read(bytes(text)));
    }

    // Any policy file is either read, or refused with one printable line.

    /** Texts of the format come first, then those of other formats. */
    private static List<byte[]> seeds(PolicyFormat format) throws IOException {
        List<byte[]> all = samples();
        List<byte[]> seeds = new ArrayList<>(Collections.nCopies(all.size(), sample(format)));
        seeds.addAll(all);
        seeds.add(ToolsTest.dockersDefault());
        return seeds;
    }

    private static List<byte[]> samples() {
        return Stream.of(PolicyFormat.values()).map(MalformedPolicyTest::sample).toList();
    }

    private static byte[] sample(PolicyFormat format) {
        return Samples.of(format).getBytes(StandardCharsets.UTF_8);
    }

    private static void check(PolicyFormatException refusal) {
        String message = refusal.getMessage();
        assertFalse(message.isBlank());
        assertTrue(message.chars().allMatch(c -> c >= ' ' && c <= '~'), message);
        assertTrue(message.length() < 400, message);
    }

    @ParameterizedTest
    @EnumSource
    void read_damaged_isReadOrRefused(PolicyFormat format) throws IOException {
        Fuzz.run(1500, seeds(format), input -> readOrRefuse(format, input));
    }

    static void readOrRefuse(PolicyFormat format, byte[] input) {
        try {
            format.read(input);
        } catch (PolicyFormatException e) {
            check(e);
        }
    }

    /** A policy that was read is written in every format or refused; ours keeps its meaning. */
    @Test
    void write_whateverWasRead_isWrittenOrRefused() {
        Fuzz.run(
                1500,
                samples(),
                input -> {
                    try {
                        writeAll(PolicyFormat.readAny(input).document());
                    } catch (PolicyFormatException e) {
                        check(e);
                    }
                });
    }

    private static void writeAll(PolicyDocument document) {
        for (PolicyFormat format : PolicyFormat.values()) {
            try {
                format.write(document, RandomDocuments.HERE);
            } catch (PolicyFormatException e) {
                check(e);
            }
        }
        String text = Policies.write(PolicyFormat.JSON, document).text();
        PolicyDocument again = Policies.reading(PolicyFormat.JSON, text).document();
        assertEquals(
                List.of(),
                PolicyDifference.between(document, again, RandomDocuments.HERE),
                () -> text);
    }
}
