// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Feature;
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

    static List<CallRef> calls(String arch) {
        String list =
                switch (arch) {
                    case "x86_64" ->
                            "read:write:open:close:pread:pread64:17:0x11:fcntl:getpid:exit_group:"
                                    + "socket:mmap:prctl:ioctl:7777:0x3ffffffe:uretprobe:accept4";
                    case "i386" ->
                            "read:write:open:3:waitpid:socket:359:socketcall:102:accept:send:364:"
                                    + "accept4:sendmmsg:345:semop:semget:393:ipc:117:shmat:msgsnd:"
                                    + "shmctl:_llseek:mmap2:500:7777:0x3ffffffe:sys_kexec_load:"
                                    + "exit_group:vm86:select:_newselect:clock_gettime64";
                    case "s390x", "mips64" ->
                            "read:write:openat:getdents:exit_group:ioctl:mmap:7777:0x3ffffffe"
                                    + ":clone3:prctl:close:fcntl:17";
                    default ->
                            "read:write:openat:63:getdents:pread:newfstat:exit_group:socket:ioctl:"
                                    + "mmap:7777:0x3ffffffe:accept4:semop:shmat:clone3:244";
                };
        return PolicyText.parseEntries(list).stream().map(PolicyEntry::call).toList();
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
        RandomPolicies random = new RandomPolicies(SEED, Filters.arch(name), calls(name));
        for (int i = 0; i < policies * TIMES; i++) {
            assertDecisions(random, random.policy(entries, percentConditional), Filters.arch(name));
        }
    }

    /** Far more than 32 rules, above which there is a search tree. */
    @ParameterizedTest
    @CsvSource({"x86_64,40", "i386,40", "aarch64,40"})
    void compile_allCallsOfTheArch_decideAsTheyAreRead(String name, int policies) {
        List<CallRef> calls = new ArrayList<>(calls(name));
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
