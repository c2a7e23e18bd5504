// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static io.sandbox.policy.testing.Policies.here;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real policies of other projects. */
class RealPoliciesTest {
    static byte[] dockersDefault() throws IOException {
        String file = "docker-default-excerpt.json";
        try (InputStream in = RealPoliciesTest.class.getResourceAsStream(file)) {
            return in.readAllBytes();
        }
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
