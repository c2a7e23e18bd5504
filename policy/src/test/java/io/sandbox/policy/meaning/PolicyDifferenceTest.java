// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.meaning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.Coverage;
import io.sandbox.policy.document.Listener;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.Rule;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Call;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PolicyDifferenceTest {
    private static final int DOCUMENTS = Integer.getInteger("sandbox.documents", 1500);

    private static PolicyDocument read(String text) {
        return Policies.read(text.replace('~', '\n'));
    }

    /** Its author has judged the calls of kernels up to {@code kernel}. */
    private static PolicyDocument judged(String list, String kernel) {
        KernelVersion newest = KernelVersion.parse(kernel).orElseThrow();
        return read(list).withUnknown(UnknownCalls.after(newest));
    }

    private static List<PolicyDifference> between(String one, String other) {
        return PolicyDifference.between(read(one), read(other), RandomDocuments.HERE);
    }

    @Table
    void between_sameMeaning_isEmpty(String one, String other) {
        assertEquals(List.of(), between(one, other));
        assertEquals(List.of(), between(other, one));
    }

    @Table
    void between_otherMeaning_isFound(String one, String other) {
        assertFalse(between(one, other).isEmpty());
        assertFalse(between(other, one).isEmpty());
    }

    /** The upper halves of arguments are zero there. */
    @Table
    void between_architectureOf32Bits_comparesTheLowerHalves(
            String one, String other, String result) {
        Circumstances arm = Policies.here("arm", "6.12");
        assertEquals(
                result.isEmpty(), PolicyDifference.between(read(one), read(other), arm).isEmpty());
    }

    @Test
    void between_callThatNobodyJudged_isRefusedWithEnosys() {
        PolicyDocument one = judged("read", "6.12");
        PolicyDocument listed = judged("read~listns", "6.12");
        assertEquals(
                "listns: errno:ENOSYS -> allow",
                PolicyDifference.between(one, listed, RandomDocuments.HERE).stream()
                        .map(d -> d.subject() + ": " + d.before() + " -> " + d.after())
                        .collect(Collectors.joining()));
        assertEquals(
                "errno:ENOSYS",
                PolicyMeaning.of(one, RandomDocuments.HERE)
                        .about(RandomDocuments.HERE.arch(), new CallRef.Named("listns"))
                        .text());
    }

    @Test
    void between_kernelsWithTheSameCalls_isEmpty() {
        PolicyDocument one = judged("read", "6.11");
        PolicyDocument other = judged("read", "6.12");
        assertEquals(List.of(), PolicyDifference.between(one, other, RandomDocuments.HERE));
    }

    @Test
    void between_call_saysBoth() {
        assertEquals(
                List.of(
                        new PolicyDifference("read", "allow", "allow if arg0==1, otherwise kill"),
                        new PolicyDifference("write", "kill", "allow")),
                between("read", "write~read(arg0==1)"));
    }

    @Test
    void between_everythingButTheCalls_isNamedFirst() {
        PolicyDocument one = read("write~close");
        PolicyDocument other =
                read("SECCOMP_SYSCALL_ALLOW=read~SECCOMP_DEFAULT_ACTION=errno:EPERM~SECCOMP_LOG_DENIALS=1")
                        .withCoverage(new Coverage(List.of("x32", "i386"), Map.of()))
                        .withLogsForeign(true)
                        .withUnknown(UnknownCalls.ABOVE_TABLES)
                        .withListener(Optional.of(new Listener("/run/socket", "")));
        assertEquals(
                List.of(
                        "other calls: kill, errno:EPERM",
                        "other architectures: none, i386 x32",
                        "calls of architectures not covered: kill, log",
                        "ENOSYS for calls: none, that no table has",
                        "listener: none, " + other.listener().orElseThrow(),
                        "refused calls: not logged, logged",
                        "close: allow, errno:EPERM",
                        "read: kill, allow",
                        "write: allow, errno:EPERM"),
                PolicyDifference.between(one, other, RandomDocuments.HERE).stream()
                        .map(each -> each.subject() + ": " + each.before() + ", " + each.after())
                        .toList());
    }

    @Test
    void between_severalCalls_areSorted() {
        List<String> sorted = List.of("access", "brk", "close", "fstat", "mmap", "openat", "write");
        assertEquals(
                sorted,
                between("write~close~openat~brk~access~mmap~fstat", "SECCOMP_SYSCALL_ALLOW=")
                        .stream()
                        .map(PolicyDifference::subject)
                        .toList());
    }

    /** If no difference is found, every call must get the same verdict. */
    @Test
    void between_randomDocuments_missesNothing() {
        RandomDocuments random = new RandomDocuments(5, "CONDITIONS ORDER ACTIONS", "kill errno:1");
        for (int i = 0; i < DOCUMENTS; i++) {
            PolicyDocument one = random.next();
            List<Rule> rules = new ArrayList<>(one.rules());
            if (rules.size() > 1) {
                rules.add(rules.remove(i % (rules.size() - 1)));
            }
            PolicyDocument other = one.withRules(rules);
            boolean same = PolicyDifference.between(one, other, RandomDocuments.HERE).isEmpty();
            for (int j = 0; same && j < 200; j++) {
                Call call = random.call(one);
                assertEquals(
                        call.verdict(one, RandomDocuments.HERE),
                        call.verdict(other, RandomDocuments.HERE),
                        () -> call.call() + " of " + one + " and " + other);
            }
        }
    }
}
