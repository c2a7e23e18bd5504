// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.worth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.policy.meaning.Outcome;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.syscalldb.CallClass;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many known exploits policies stop: the numbers were first counted without this code. */
class WorthTest {
    /**
     * {@code server}: the calls of servers of node and Python that some exploit needs. {@code
     * docker}: the rules of Docker's default profile (moby/profiles at cd3bed8) that count here.
     * {@code best}: namespaces and clone3 are refused; protocols and options of sockets are those
     * seen. Anything else is a text.
     */
    private static String text(String policy) throws IOException {
        try (InputStream in = WorthTest.class.getResourceAsStream(policy + ".policy")) {
            return in == null ? policy : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static PolicyMeaning meaning(String text, Circumstances here) {
        return PolicyMeaning.of(Policies.read(text), here);
    }

    private static Worth worth(String policy) throws IOException {
        return Worth.of(meaning(text(policy), RandomDocuments.HERE));
    }

    /** A machine has an architecture, and may give CAP_SYS_ADMIN. */
    @Table
    void stopped_policy_isSoMuch(String policy, String more, String machine, int expected)
            throws IOException {
        String[] words = machine.split(" ");
        Circumstances here =
                Policies.here(words[0], "6.12", Arrays.copyOfRange(words, 1, words.length));
        assertEquals(expected, Worth.of(meaning(text(policy) + more, here)).stopped());
    }

    /** The profile compares 64 bits (arg0 &gt; 40), and the kernel reads an int. */
    @ParameterizedTest
    @CsvSource({"40, true", "1, false", "4294967336, false"})
    void dockersDefault_familyInTheLowerHalf_isOverlooked(long family, boolean overlooked)
            throws IOException {
        PolicyMeaning docker = meaning(text("docker"), RandomDocuments.HERE);
        AskedCall asked = AskedCall.parse("socket(" + family + ")", "x86_64");
        boolean refused =
                docker.outcomes(asked.call(), asked.where()).stream().noneMatch(Outcome::passes);
        assertEquals(
                overlooked,
                refused && Worth.overlooksUpperHalf(docker, asked.call(), asked.where()));
        PolicyMeaning best = meaning(text("best"), RandomDocuments.HERE);
        assertFalse(family == 40 && Worth.overlooksUpperHalf(best, asked.call(), asked.where()));
    }

    /** One more entry than the best list, and what it opens. */
    @Table
    void reachable_oneMoreEntry_stopsFewer(String entry, int expected) throws IOException {
        assertEquals(expected, worth(text("best").strip() + ":" + entry + "\n").stopped());
    }

    @Table
    void about_exploit_saysWhichEntryLeavesItOpen(String policy, String exploit, String expected)
            throws IOException {
        assertEquals(expected, worth(policy).about(exploit).map(Worth.Stand::text).orElse(""));
    }

    @Test
    void sentences_countWhatIsReachable() throws IOException {
        Worth names = worth("server");
        assertEquals(79, names.known());
        assertEquals(
                "of 7 kernel holes whose CVE record of 2026 names the entry, this policy leaves 6"
                        + " reachable at the entry (a lower bound)",
                names.sentenceOf2026());
        assertEquals(
                "of 79 kernel holes with a public exploit (kernelCTF, 2023 to 2025), this policy"
                        + " leaves 66 reachable at the entry (a lower bound; more)",
                names.sentence("; more"));
        Map.Entry<String, Long> most = names.causes().entrySet().iterator().next();
        assertEquals(
                "netlink: netfilter by socket (socket, line 5); a new user namespace by clone"
                        + " (clone, line 3)",
                most.getKey());
        assertEquals(29, most.getValue());
        assertEquals(66, names.causes().values().stream().mapToLong(Long::longValue).sum());
        Worth best = worth("best");
        assertEquals(0, best.reachableOf2026().size());
        assertEquals(
                List.of("CVE-2023-4622"),
                best.reachable().stream().map(each -> each.exploit().id()).toList());
    }

    /** Sockets also come by socketcall there. */
    @Test
    void way_ofI386_isSocketcall() {
        Circumstances i386 = Policies.here("i386", "6.12");
        PolicyMeaning open = meaning("SECCOMP_SYSCALL_ALLOW=socketcall\n", i386);
        assertEquals(
                List.of("socketcall"),
                SyscallDb.get().callClasses().stream()
                        .filter(each -> each.id().equals("af_alg"))
                        .filter(each -> ClassDifference.way(open, each).isPresent())
                        .map(CallClass::call)
                        .toList());
    }

    @Table
    void classDifference_call_namesWhatItOpens(
            String before, String after, String call, String expected) {
        ClassDifference difference =
                new ClassDifference(
                        meaning("SECCOMP_SYSCALL_ALLOW=" + before + "\n", RandomDocuments.HERE),
                        meaning("SECCOMP_SYSCALL_ALLOW=" + after + "\n", RandomDocuments.HERE));
        assertEquals(expected, difference.about(call));
    }

    /** Every class is open without a filter, and closed under an empty list. */
    @Test
    void way_eachClass_isOpenOrClosedAsAWhole() {
        PolicyMeaning open = meaning("SECCOMP_SYSCALL_DENY=reboot\n", RandomDocuments.HERE);
        PolicyMeaning shut = meaning("SECCOMP_SYSCALL_ALLOW=reboot\n", RandomDocuments.HERE);
        for (CallClass each : SyscallDb.get().callClasses()) {
            assertEquals(
                    each.arches().contains("x86_64") && open.exists(call(each)),
                    ClassDifference.way(open, each).isPresent(),
                    each::toString);
            assertTrue(ClassDifference.way(shut, each).isEmpty(), each::toString);
        }
    }

    private static CallRef call(CallClass each) {
        return new CallRef.Named(each.call());
    }
}
