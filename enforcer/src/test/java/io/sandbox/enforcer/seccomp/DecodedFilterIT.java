// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.CallRef;
import io.sandbox.policy.Policy;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.DecodedPolicy;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.bpf.FilterMeaning;
import io.sandbox.policy.bpf.FilterReader;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Feature;
import io.sandbox.policy.testing.RandomPolicies;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What compiled filters say, decoded, is what the policy said. Loads nothing. */
@ExtendWith(Filters.class)
class DecodedFilterIT {
    private static final long SEED = Long.getLong("sandbox.seed", 20251125);
    private static final int TIMES = Integer.getInteger("sandbox.fuzz.times", 1);
    private static final int CALLS = 100;

    private final FilterCompiler compiler = new FilterCompiler();

    private static DecodedPolicy decode(byte[] filter, Arch arch) {
        return DecodedPolicy.of(FilterMeaning.of(List.of(FilterReader.parse(filter)), arch), false);
    }

    private static Circumstances on(String arch) {
        return Policies.here(arch, "6.12");
    }

    /** Both compilers: several conditional entries of a call are ours, the rest libseccomp's. */
    @Table
    void decode_randomPolicies_sameMeaning(
            String name, int entries, int percentConditional, int policies) {
        Arch target = Filters.arch(name);
        RandomPolicies random = new RandomPolicies(SEED, target);
        for (int i = 0; i < policies * TIMES; i++) {
            Policy policy = random.policy(entries, percentConditional);
            PolicyDocument document = PolicyDocument.of(policy);
            byte[] filter = compiler.compile(document, name, target).toBytes();
            DecodedPolicy decoded = decode(filter, target);
            assertEquals(List.of(), decoded.losses(), policy::toString);
            FilterInterpreter before = FilterInterpreter.of(filter);
            byte[] again = compiler.compile(decoded.document(), name, target).toBytes();
            FilterInterpreter after = FilterInterpreter.of(again);
            for (int j = 0; j < CALLS; j++) {
                CallData call = random.call(policy);
                String what = policy + " as " + decoded.document();
                Filters.assertReturns(before.run(call), after, call, what);
            }
            if (percentConditional == 0) { // conditions may be said in other words
                assertEquals(
                        List.of(),
                        PolicyDifference.between(document, decoded.document(), on(name)),
                        () -> policy + " as " + decoded.document());
            }
        }
    }

    /** Several actions, rules whose order matters, arguments that are named twice. */
    @Test
    void decode_randomDocuments_sameVerdicts() {
        // ENOSYS for a number that nobody judged is no rule.
        EnumSet<Feature> left =
                EnumSet.of(Feature.COVERAGE, Feature.LISTENER, Feature.LOG, Feature.OWN_ERRNOS);
        RandomDocuments random =
                new RandomDocuments(
                        SEED,
                        EnumSet.complementOf(left),
                        Policies.actions(
                                "kill trap log errno:0 errno:1 errno:4095 notify trace:7"));
        Arch target = Filters.arch("x86_64");
        for (int i = 0; i < 75 * TIMES; i++) {
            PolicyDocument document = random.next();
            byte[] filter = compiler.compile(document, RandomDocuments.HERE, target).toBytes();
            DecodedPolicy decoded = decode(filter, target);
            assertEquals(List.of(), decoded.losses(), document::toString);
            for (int j = 0; j < CALLS; j++) {
                RandomDocuments.Call call = random.call(document);
                assertEquals(
                        call.verdict(document, RandomDocuments.HERE),
                        call.verdict(decoded.document(), RandomDocuments.HERE),
                        () -> call.call() + " of " + document + "\n as " + decoded.document());
            }
        }
    }

    @Table
    void decode_callsThatNobodyJudged_areSaidByTheKernel(
            String otherwise, String kernel, String name, String also) {
        String architectures =
                also.equals("NATIVE") ? "" : "\"architectures\": [\"" + also + "\"],";
        String listed = otherwise.equals("allow") ? "kill" : "allow";
        String json =
                """
                {"sandboxPolicy": 1, "default": "%s", "kernel": "%s", %s "missing": "ignore",
                 "rules": [{"call": "read", "action": "%s"},
                           {"call": "ioctl", "if": ["arg1==1"], "action": "%s"},
                           {"call": "listns", "action": "%s"},
                           {"call": "dup", "action": "errno:ENOSYS"}]}
                """
                        .formatted(otherwise, kernel, architectures, listed, listed, listed);
        PolicyDocument document = Policies.read(json);
        byte[] filter = compiler.compile(document, name, Filters.arch(name)).toBytes();
        DecodedPolicy decoded = decode(filter, Filters.arch(name));
        Circumstances here = on(name);
        if (otherwise.equals("errno:ENOSYS")) {
            assertEquals(UnknownCalls.AS_OTHERS, decoded.document().unknown());
        } else if (!otherwise.equals("allow")) {
            assertEquals(List.of(), decoded.losses());
            assertEquals(List.of(), PolicyDifference.between(document, decoded.document(), here));
            assertTrue(decoded.document().rules().size() < 10, decoded::toString);
        }
        for (Syscall call : SyscallDb.get().table(Filters.arch(name)).all()) {
            CallRef reference = new CallRef.Named(call.name());
            assertEquals(
                    PolicyMeaning.of(document, here).about(name, reference).extent(),
                    PolicyMeaning.of(decoded.document(), here).about(name, reference).extent(),
                    call.name());
        }
    }
}
