// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Policy;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.PolicyOracle;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Feature;
import io.sandbox.policy.testing.RandomPolicies;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Interprets filters and compares them with a plain reading of the policy. Loads nothing. */
class FilterDecisionIT {
    private static final int CALLS = 300;
    private static final long SEED = Long.getLong("sandbox.seed", 20240607);

    /** A factor for the number of policies, for scripts/fuzz. */
    private static final int TIMES = Integer.getInteger("sandbox.fuzz.times", 1);

    private static final int X86_64 = 0xc000003e;

    @BeforeAll
    static void requireLibrary() {
        Filters.requireLibrary();
    }

    private static void assertDecisions(RandomPolicies random, Policy policy, Arch target) {
        FilterInterpreter filter = Filters.of(policy, target);
        for (int i = 0; i < CALLS; i++) {
            CallData call = random.call(policy);
            int expected = PolicyOracle.verdict(policy, target, call);
            Filters.assertReturns(expected, filter, call, policy);
        }
    }

    @Table
    void compile_randomPolicies_decideAsTheyAreRead(
            String name, int entries, int percentConditional, int policies) {
        RandomPolicies random = new RandomPolicies(SEED, Filters.arch(name));
        for (int i = 0; i < policies * TIMES; i++) {
            assertDecisions(random, random.policy(entries, percentConditional), Filters.arch(name));
        }
    }

    /** Far more than 32 rules, above which there is a search tree. */
    @ParameterizedTest
    @CsvSource({"x86_64,40", "i386,40", "aarch64,40"})
    void compile_allCallsOfTheArch_decideAsTheyAreRead(String name, int policies) {
        List<CallRef> calls = new ArrayList<>(RandomPolicies.calls(name));
        for (Syscall call : SyscallDb.get().table(Filters.arch(name)).all()) {
            calls.add(new CallRef.Numbered(call.number()));
        }
        RandomPolicies random = new RandomPolicies(SEED, Filters.arch(name), calls);
        for (int i = 0; i < policies * TIMES; i++) {
            assertDecisions(random, random.policy(400, 5), Filters.arch(name));
        }
    }

    private static int returned(Action action) {
        return action == Action.ALLOW
                ? 0x7fff0000
                : PolicyOracle.verdict(
                        Policy.allowing(List.of(), action),
                        Filters.arch("x86_64"),
                        CallData.of(0, X86_64));
    }

    /** With several actions, rules whose order matters, and arguments that are named twice. */
    @Test
    void compile_randomDocuments_decideAsTheyAreRead() {
        EnumSet<Feature> left = EnumSet.of(Feature.COVERAGE, Feature.UNKNOWN);
        RandomDocuments random =
                new RandomDocuments(
                        SEED,
                        EnumSet.complementOf(left),
                        Policies.actions("kill trap log errno:1 errno:4094 errno:4095"));
        for (int i = 0; i < 800 * TIMES; i++) {
            PolicyDocument document = random.next();
            FilterInterpreter filter =
                    Filters.of(document, RandomDocuments.HERE, Filters.arch("x86_64"));
            for (int j = 0; j < CALLS / 3; j++) {
                RandomDocuments.Call call = random.call(document);
                int number = RandomPolicies.number(Filters.arch("x86_64"), call.call());
                assertEquals(
                        returned(call.verdict(document, RandomDocuments.HERE)),
                        filter.run(CallData.of(number, X86_64, call.arguments())),
                        () -> call.call() + " of " + document);
            }
        }
    }
}
