// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static io.sandbox.policy.testing.Policies.here;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.testing.Table;
import io.sandbox.text.Shipped;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What only one tool does, and real policies of other projects. */
final class ToolsTest {
    /** Each group is read once, so that this takes no longer than reading the lines. */
    @Test
    @Tag("large")
    void read_largeGroupOnManyLines_isReadInTime() {
        String line = "SystemCallFilter=@system-service\n";
        assertEquals(
                Policies.rules(Policies.read("[Service]\n" + line)),
                assertTimeout(
                        Duration.ofSeconds(20),
                        () -> Policies.rules(Policies.read("[Service]\n" + line.repeat(200_000)))));
    }

    /** With a constant of somebody's own, on a machine; some files have several policies. */
    @Table
    void read_partOfAFile_isAsTheMachineHasIt(
            String arch, String part, String text, String expected) {
        Surroundings around =
                new Surroundings(
                        arch,
                        IncludedFiles.NONE,
                        Map.of("MY_IOCTL", 0x7777L),
                        part.isEmpty() ? Optional.empty() : Optional.of(part));
        assertEquals(
                expected,
                Policies.said(
                        () ->
                                ReadingTest.rulesAndLosses(
                                        PolicyFormat.readAny(text.getBytes(UTF_8), around))));
    }

    static byte[] dockersDefault() throws IOException {
        return Shipped.text(ToolsTest.class, "docker-default-excerpt.json").getBytes(UTF_8);
    }

    private static PolicyDocument docker() throws IOException {
        Reading reading = PolicyFormat.readAny(dockersDefault());
        assertEquals(List.of(), reading.losses());
        return reading.document();
    }

    /** On a machine: its architecture, its kernel and what a process can get there. */
    @Table
    void docker_call_isDecided(String machine, String call, String action) throws IOException {
        String[] words = machine.split(" ");
        Circumstances here = here(words[0], words[1], Arrays.copyOfRange(words, 2, words.length));
        assertEquals(action, ReadingTest.verdict(docker(), here, call));
    }

    /** A profile that is read and written again is the same except for its layout. */
    @Test
    void docker_writtenAgain_saysTheSame() throws IOException {
        Writing writing = PolicyFormat.OCI.write(docker(), RandomDocuments.HERE);
        assertEquals(List.of(), writing.losses());
        PolicyDocument again = Policies.read(writing.text());
        assertEquals(List.of("i386", "x32"), docker().coverage().foreignOn("x86_64"));
        assertEquals(docker().coverage(), again.coverage());
        for (Circumstances here :
                List.of(
                        here("x86_64", "4.4"),
                        here("x86_64", "6.1", "CAP_SYS_ADMIN"),
                        here("s390x", "6.1"))) {
            assertEquals(List.of(), PolicyDifference.between(docker(), again, here));
        }
    }
}
