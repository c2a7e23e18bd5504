// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.testing.Fuzz;
import io.sandbox.syscalldb.KernelVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Any policy file is either read, or refused with one printable line. */
final class PolicyFuzzTest {
    private static final Path SAMPLES =
            Path.of("../policy/src/test/resources/io/sandbox/policy/format");
    private static final Circumstances HERE =
            new Circumstances("x86_64", Set.of(), KernelVersion.parse("6.1").orElseThrow());

    /** Texts of the format come first, then those of other formats. */
    private static List<byte[]> seeds(PolicyFormat format) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < PolicyFormat.values().length; i++) {
            seeds.add(sample(format));
        }
        for (PolicyFormat other : PolicyFormat.values()) {
            seeds.add(sample(other));
        }
        seeds.add(Files.readAllBytes(SAMPLES.resolve("docker-default-excerpt.json")));
        return seeds;
    }

    private static byte[] sample(PolicyFormat format) throws IOException {
        return Files.readAllBytes(SAMPLES.resolve("samples/sample." + format));
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
        Fuzz.run(
                1500,
                seeds(format),
                input -> {
                    try {
                        format.read(input);
                    } catch (PolicyFormatException e) {
                        check(e);
                    }
                });
    }

    /** A policy that was read is written in every format or refused; ours keeps its meaning. */
    @Test
    void write_whateverWasRead_isWrittenOrRefused() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (PolicyFormat format : PolicyFormat.values()) {
            seeds.add(sample(format));
        }
        Fuzz.run(
                1500,
                seeds,
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
                format.write(document, HERE);
            } catch (PolicyFormatException e) {
                check(e);
            }
        }
        String text = PolicyFormat.JSON.write(document, HERE).text();
        PolicyDocument again =
                PolicyFormat.JSON.read(text.getBytes(StandardCharsets.UTF_8)).document();
        assertEquals(List.of(), PolicyDifference.between(document, again, HERE), () -> text);
    }
}
