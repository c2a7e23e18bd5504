// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import io.sandbox.syscalldb.KernelVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Real policies of other projects. */
class RealPoliciesTest {
    private static final Action EPERM = Action.errno(1);
    private static final Action ENOSYS = Action.errno(38);

    private static PolicyDocument docker() throws IOException {
        try (InputStream in =
                RealPoliciesTest.class.getResourceAsStream("docker-default-excerpt.json")) {
            Reading reading = PolicyFormat.readAny(in.readAllBytes());
            assertEquals(List.of(), reading.losses());
            return reading.document();
        }
    }

    private static Circumstances on(String arch, String kernel, String... capabilities) {
        return new Circumstances(
                arch, Set.of(capabilities), KernelVersion.parse(kernel).orElseThrow());
    }

    private static Action verdict(
            PolicyDocument document, Circumstances here, String name, long... arguments) {
        return new Call(new CallRef.Named(name), Arrays.copyOf(arguments, 6))
                .verdict(document, here);
    }

    @Test
    void docker_withoutCapabilities_refusesNamespaces() throws IOException {
        Circumstances here = on("x86_64", "6.1");
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
        Circumstances admin = on("x86_64", "6.1", "CAP_SYS_ADMIN");
        assertEquals(Action.ALLOW, verdict(docker(), admin, "clone", 0x10000000));
        assertEquals(Action.ALLOW, verdict(docker(), admin, "clone3"));
        assertEquals(EPERM, verdict(docker(), on("x86_64", "4.7"), "ptrace"));
        assertEquals(Action.ALLOW, verdict(docker(), on("x86_64", "4.8"), "ptrace"));
        Circumstances s390x = on("s390x", "6.1");
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
                        on("x86_64", "4.4"),
                        on("x86_64", "6.1", "CAP_SYS_ADMIN"),
                        on("s390x", "6.1"))) {
            assertEquals(List.of(), PolicyDifference.between(docker(), again, here));
        }
    }
}
