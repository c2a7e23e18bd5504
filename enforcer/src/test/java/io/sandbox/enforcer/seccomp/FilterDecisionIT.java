// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyEnvironment;
import io.sandbox.policy.PolicyFile;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.UnknownCalls;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.PolicyOracle;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomDocuments.Feature;
import io.sandbox.policy.testing.RandomPolicies;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.KernelVersion;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What filters decide, of which none is loaded. */
@ExtendWith(Filters.class)
final class FilterDecisionIT {
    private static final int CALLS = 300;
    private static final long SEED = Long.getLong("sandbox.seed", 20240607);

    /** A factor for the number of policies, for scripts/fuzz. */
    private static final int TIMES = Integer.getInteger("sandbox.fuzz.times", 1);

    private static final int X86_64 = 0xc000003e;

    private static void assertDecisions(RandomPolicies random, Policy policy, Arch target) {
        FilterInterpreter filter = Filters.of(policy, target);
        for (int i = 0; i < CALLS; i++) {
            CallData call = random.call(policy);
            Filters.assertReturns(PolicyOracle.verdict(policy, target, call), filter, call, policy);
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
    @Table
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
        for (int i = 0; i < 200 * TIMES; i++) {
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

    // Policies of our variables keep their filter through the lossless formats.

    private static final List<String> LISTS =
            List.of(
                    "",
                    "read:getpid",
                    "read(arg0==1):getpid(arg1>=7,arg0&3==1)",
                    "read:getpid(arg0!=1):getpid(arg0>9):write(arg0<2)");
    private static final List<String> SETTINGS =
            List.of("", "\nSECCOMP_UNKNOWN=enosys", "\nSECCOMP_UNKNOWN=enosys:4.19");
    private static final List<String> ARCHES = List.of("x86_64", "i386", "aarch64");

    @Table
    void compile_everyKindOfPolicy_decidesAsTheVariablesSay(String action) {
        for (Policy.Mode mode : Policy.Mode.values()) {
            for (String list : LISTS) {
                String unknown = SETTINGS.get(list.length() % SETTINGS.size());
                String text =
                        String.format(
                                "%s=%s\nSECCOMP_DEFAULT_ACTION=%s%s\n",
                                PolicyEnvironment.variable(mode), list, action, unknown);
                ARCHES.forEach(name -> check(text, Filters.arch(name)));
            }
        }
    }

    private static void check(String text, Arch target) {
        Circumstances here = Policies.here(target.name(), "6.1", "CAP_SYS_CHROOT");
        Policy policy = PolicyEnvironment.parse(PolicyFile.parse(text)).policy().orElseThrow();
        FilterCompiler compiler = new FilterCompiler();
        byte[] filter =
                compiler.compile(PolicyDocument.of(policy), target.name(), target).toBytes();
        PolicyDocument document = Policies.reading(PolicyFormat.ENVFILE, text).document();
        for (PolicyFormat format :
                List.of(PolicyFormat.ENV, PolicyFormat.ENVFILE, PolicyFormat.JSON)) {
            PolicyDocument again =
                    Policies.reading(format, format.write(document, here).text()).document();
            assertArrayEquals(
                    filter,
                    compiler.compile(again, here, target).toBytes(),
                    () -> text + " on " + target + " as " + format);
        }
        RandomPolicies random =
                new RandomPolicies(
                        1, target, List.of(new CallRef.Named("read"), new CallRef.Named("getpid")));
        FilterInterpreter interpreter = FilterInterpreter.of(filter);
        int foreign = target.name().equals("i386") ? 0xc000003e : 0x40000003;
        assertDecision(interpreter, policy, target, CallData.of(0, foreign), text);
        assertDecision(interpreter, policy, target, CallData.of(39, foreign, 1, 7), text);
        for (int i = 0; i < CALLS / 3; i++) {
            assertDecision(interpreter, policy, target, random.call(policy), text);
        }
    }

    private static void assertDecision(
            FilterInterpreter filter, Policy policy, Arch target, CallData call, String text) {
        Filters.assertReturns(PolicyOracle.verdict(policy, target, call), filter, call, text);
    }

    // Calls that nobody could judge get ENOSYS, known ones what the policy says.

    private static final KernelVersion NEWEST = KernelVersion.parse("6.12").orElseThrow();
    private static final int ALLOW = 0x7fff0000;
    private static final int KILL = 0x80000000;
    private static final int ENOSYS = 0x50026;
    private static final int UNKNOWN = 1000;

    private static PolicyDocument policy(UnknownCalls unknown) {
        Policy policy =
                Policy.allowing(PolicyText.parseEntries("read:close:exit_group:9999"), Action.KILL);
        return PolicyDocument.of(policy).withUnknown(unknown);
    }

    @Table
    void compile_everyNumber_getsEnosysOrTheActionByTheTables(String name) {
        Arch target = Filters.arch(name);
        Circumstances here = new Circumstances(name, Set.of(), NEWEST);
        FilterInterpreter after = Filters.of(policy(UnknownCalls.after(NEWEST)), here, target);
        FilterInterpreter above = Filters.of(policy(UnknownCalls.ABOVE_TABLES), here, target);
        int largest = 0;
        int newer = 0;
        for (Syscall call : SyscallDb.get().table(target).all()) {
            largest = Math.max(largest, call.number());
            boolean listed = Set.of("read", "close", "exit_group").contains(call.name());
            KernelVersion first = SyscallDb.get().facts(call.name()).orElseThrow().firstKernel();
            CallData data = CallData.of(call.number(), target.auditArch());
            boolean judged = first.compareTo(NEWEST) <= 0;
            newer += judged ? 0 : 1;
            assertEquals(listed ? ALLOW : judged ? KILL : ENOSYS, after.run(data), call.name());
            assertEquals(listed ? ALLOW : KILL, above.run(data), call.name());
        }
        assertTrue(newer >= 9, "newer than " + NEWEST + ": " + newer);
        for (int i = 1; i <= UNKNOWN; i++) {
            CallData data = CallData.of(largest + i, target.auditArch());
            int expected = largest + i == 9999 ? ALLOW : ENOSYS;
            assertEquals(expected, after.run(data), data::toString);
            assertEquals(expected, above.run(data), data::toString);
        }
        assertEquals(ALLOW, after.run(CallData.of(9999, target.auditArch())));
        assertEquals(KILL, after.run(CallData.of(0, 0x12345678)), "another architecture");
        assertTrue(after.steps() < 10, "steps: " + after.steps());
    }

    /** What container runtimes make of the profile that we write. */
    @Test
    void write_oci_isAsGoodOnTheRuntimesOfToday() {
        Circumstances here = new Circumstances("x86_64", Set.of(), NEWEST);
        PolicyDocument policy =
                PolicyDocument.of(
                                Policy.allowing(
                                        PolicyText.parseEntries(
                                                "read:pread(arg0==1):exit_group:listns"),
                                        Action.errno(1)))
                        .withUnknown(UnknownCalls.after(NEWEST));
        String profile = PolicyFormat.OCI.write(policy, here).text();
        PolicyDocument read = Policies.reading(PolicyFormat.OCI, profile).document();
        Arch target = Filters.arch("x86_64");
        FilterInterpreter ours = Filters.of(policy, here, target);
        FilterInterpreter theirs = Filters.of(read, here, target);
        for (Syscall call : SyscallDb.get().table(target).all()) {
            for (long argument : List.of(0L, 1L)) {
                CallData data = CallData.of(call.number(), target.auditArch(), argument);
                Filters.assertReturns(ours.run(data), theirs, data, call.name());
            }
        }
        for (int number = 472; number < 1472; number++) {
            CallData data = CallData.of(number, target.auditArch());
            assertEquals(ENOSYS, theirs.run(data), data::toString);
        }
    }

    // Filters of operations of io_uring.

    /** The arguments of an operation lie where those of a call do. */
    private static String verdicts(RingFilter filter, List<String> requests) {
        FilterInterpreter code = FilterInterpreter.of(filter.code());
        return requests.stream()
                .map(
                        words ->
                                CallData.of(
                                        0,
                                        0,
                                        Arrays.stream(words.split(","))
                                                .mapToLong(Long::decode)
                                                .toArray()))
                .map(data -> String.valueOf(code.run(data)))
                .collect(Collectors.joining(" "));
    }

    @Table
    void of_policy_decidesAsAboutTheCall(
            String arch, String list, String operation, String bytes, String words, String result) {
        List<PolicyEntry> entries = PolicyText.parseEntries(list.replace("not ", ""));
        PolicyDocument policy =
                PolicyDocument.of(
                        list.startsWith("not ")
                                ? Policy.denying(entries, Action.KILL)
                                : Policy.allowing(entries, Action.KILL));
        List<RingFilter> filters =
                RingFilter.of(
                        List.of(Integer.parseInt(operation)),
                        policy,
                        new FilterCompiler().compile(policy, arch, Filters.arch(arch)));
        assertEquals(0, filters.get(filters.size() - 1).operation());
        assertEquals(bytes, String.valueOf(filters.get(0).argumentBytes()));
        assertEquals(result, verdicts(filters.get(0), List.of(words.split(" "))));
    }
}
