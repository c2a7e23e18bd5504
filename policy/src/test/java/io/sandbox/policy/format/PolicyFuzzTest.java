// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.testing.Fuzz;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any policy file is either read, or refused with one printable line. */
final class PolicyFuzzTest {
    /** Texts of the format come first, then those of other formats. */
    private static List<byte[]> seeds(PolicyFormat format) throws IOException {
        List<byte[]> all = samples();
        List<byte[]> seeds = new ArrayList<>(Collections.nCopies(all.size(), sample(format)));
        seeds.addAll(all);
        seeds.add(ToolsTest.dockersDefault());
        return seeds;
    }

    private static List<byte[]> samples() {
        return Stream.of(PolicyFormat.values()).map(PolicyFuzzTest::sample).toList();
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
