// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.worth;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.policy.meaning.PolicyIntersection;
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
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class WorthTest {
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

    /** For values that the policy refuses: the kernel reads the lower half of an int. */
    @Table
    void overlooksUpperHalf_refusedCall_isWhetherTheLowerHalfPasses(
            String policy, String arch, String text, boolean overlooked) throws IOException {
        AskedCall asked = AskedCall.parse(text, arch);
        PolicyMeaning meaning = meaning(text(policy), Policies.here(arch, "6.12"));
        assertEquals(overlooked, Worth.overlooksUpperHalf(meaning, asked.call(), asked.where()));
    }

    @Table
    void parse_text_isACallWithValuesOrRefused(String arch, String text, String expected) {
        assertEquals(expected, Policies.said(() -> words(AskedCall.parse(text, arch))));
    }

    private static String words(AskedCall asked) {
        return PolicyText.format(asked.call(), asked.where());
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
        assertEquals(79, Worth.all());
        assertEquals(79, Worth.all());
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
        assertTrue(difference.all(call).startsWith(expected.replaceAll(" and 2 more$", "")));
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

    // The default profiles, and where a list is looser than they are.

    private static final Circumstances HERE = Policies.here("x86_64", "6.12");

    private static PolicyDocument list(String text) {
        return Policies.read(text.replace(' ', '\n'));
    }

    private static Worth worth(PolicyDocument document) {
        return Worth.of(PolicyMeaning.of(document, HERE));
    }

    /** The numbers of docs/policies.md; those of Docker were first counted without this code. */
    @Table
    void document_ofEach_stopsAsManyExploits(DefaultProfile profile, String about, int stopped) {
        assertEquals(Optional.of(profile), DefaultProfile.byName(profile.toString()));
        assertEquals(about, profile.about());
        assertEquals(stopped, worth(profile.document(HERE)).stopped());
    }

    /** What the upstream files say, read there by eye. */
    @Table
    void document_call_isDecidedAsUpstream(
            DefaultProfile profile, String arch, String call, String expected) {
        Circumstances here = Policies.here(arch, "6.12");
        assertEquals(
                expected,
                PolicyMeaning.of(profile.document(here), here)
                        .about(arch, new CallRef.Named(call))
                        .text());
    }

    @ParameterizedTest
    @EnumSource(DefaultProfile.class)
    void table_ofEach_namesItsVersionAndHasNoOtherWords(DefaultProfile profile) {
        PolicyDocument table = profile.table();
        assertEquals(2, table.comments().size());
        assertTrue(
                table.comments().get(1).matches(".* at [0-9a-f]{8} \\(20\\d\\d-\\d\\d-\\d\\d\\).*"),
                table.comments().get(1));
        assertTrue(table.rules().stream().allMatch(rule -> rule.note().reason().isEmpty()));
        assertTrue(table.rules().size() > 400);
    }

    @Table
    void between_list_saysWhatIsLooser(DefaultProfile profile, String list, String expected) {
        List<Looser> found =
                Looser.between(profile.document(HERE), list(list), profile.inContainer(HERE));
        assertEquals(
                expected,
                found.stream()
                        .map(each -> each.difference().text(says -> "<" + says + ">", each.about()))
                        .collect(joining("; ")));
    }

    /** What an intersection is for: nothing is looser than the default then. */
    @ParameterizedTest
    @EnumSource(DefaultProfile.class)
    void between_intersection_isNowhereLooser(DefaultProfile profile) {
        PolicyDocument bound = profile.document(HERE);
        PolicyDocument both =
                PolicyIntersection.of(
                        list(
                                "read clone clone3 unshare socket socket(arg0&0xffffffff==38) mount"
                                        + " bpf io_uring_setup personality setsockopt"),
                        bound,
                        HERE);
        assertEquals(List.of(), Looser.between(bound, both, profile.inContainer(HERE)));
        assertTrue(worth(both).stopped() >= worth(bound).stopped());
    }
}
