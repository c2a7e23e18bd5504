// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static io.sandbox.policy.testing.Policies.here;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Real policies of other projects. */
class RealPoliciesTest {
    private static final Action EPERM = Action.errno(1);
    private static final Action ENOSYS = Action.errno(38);

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

    private static Action verdict(
            PolicyDocument document, Circumstances here, String name, long... arguments) {
        return new Call(new CallRef.Named(name), Arrays.copyOf(arguments, 6))
                .verdict(document, here);
    }

    @Test
    void docker_withoutCapabilities_refusesNamespaces() throws IOException {
        Circumstances here = here("x86_64", "6.1");
        assertEquals(Action.ALLOW, verdict(docker(), here, "clone", 0x11));
        assertEquals(EPERM, verdict(docker(), here, "clone", 0x10000000));
        assertEquals(ENOSYS, verdict(docker(), here, "clone3"));
        assertEquals(EPERM, verdict(docker(), here, "mount"));
        assertEquals(Action.ALLOW, verdict(docker(), here, "personality", 0xffffffffL));
        assertEquals(EPERM, verdict(docker(), here, "personality", 1));
        assertEquals(EPERM, verdict(docker(), here, "socket", 40));
        assertEquals(List.of("i386", "x32"), docker().coverage().foreignOn("x86_64"));
    }

    @Test
    void docker_otherCircumstances_decideOtherwise() throws IOException {
        Circumstances admin = here("x86_64", "6.1", "CAP_SYS_ADMIN");
        assertEquals(Action.ALLOW, verdict(docker(), admin, "clone", 0x10000000));
        assertEquals(Action.ALLOW, verdict(docker(), admin, "clone3"));
        assertEquals(EPERM, verdict(docker(), here("x86_64", "4.7"), "ptrace"));
        assertEquals(Action.ALLOW, verdict(docker(), here("x86_64", "4.8"), "ptrace"));
        Circumstances s390x = here("s390x", "6.1");
        assertEquals(EPERM, verdict(docker(), s390x, "clone", 0, 0x10000000));
        assertEquals(Action.ALLOW, verdict(docker(), s390x, "clone", 0x10000000, 0));
        assertEquals(EPERM, verdict(docker(), s390x, "arch_prctl"));
    }

    /** A profile that is read and written again is the same except for its layout. */
    @Test
    void docker_writtenAgain_saysTheSame() throws IOException {
        Writing writing = PolicyFormat.OCI.write(docker(), RandomDocuments.HERE);
        assertEquals(List.of(), writing.losses());
        PolicyDocument again = Policies.read(writing.text());
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
