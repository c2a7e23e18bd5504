// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.policy.meaning.Outcome;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.testing.ClassLists;
import io.sandbox.policy.testing.Policies;
import io.sandbox.policy.testing.PolicyOracle;
import io.sandbox.policy.testing.RandomDocuments;
import io.sandbox.policy.testing.RandomPolicies;
import io.sandbox.policy.worth.AskedCall;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.CallClass;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import io.sandbox.text.Shipped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Loads random policies and makes real calls that are harmless with any arguments: the kernel's
 * verdicts are those of the policy. {@code -Dsandbox.fuzz=N} sets the number of policies.
 */
@ExtendWith(Filters.class)
class KernelDecisionIT {
    private static final int POLICIES = Integer.getInteger("sandbox.fuzz", 75);
    private static final int AT_A_TIME = 300;
    private static final int CALLS = 200;
    private static final long SEED = Long.getLong("sandbox.seed", 1);
    private static final Arch TARGET = Filters.arch("x86_64");
    private static final List<CallRef> HARMLESS =
            PolicyText.parseEntries(
                            "getpid:getppid:getuid:geteuid:getgid:getegid:gettid:getpgrp:"
                                    + "sched_yield:7777:0x3ffffffe")
                    .stream()
                    .map(PolicyEntry::call)
                    .toList();

    @TempDir private static Path folder;

    /** Written by decisions.c for a call that killed the process. */
    private static final long KILLED = -100_000;

    /** Written for a call that no filter refused, and that was not made. */
    private static final long PASSED = -4095;

    private static final long ENOSYS = -38;
    private static final int X32_GETPPID = 0x40000000 + 110; // __X32_SYSCALL_BIT, asm/unistd.h

    private record Point(Policy policy, CallData call) {}

    @BeforeAll
    static void compile() throws Exception {
        boolean here = System.getProperty("os.arch").equals("amd64");
        Assumptions.assumeTrue(here, "the program is for x86_64");
        String source = Shipped.text(KernelDecisionIT.class, "decisions.c");
        Files.writeString(folder.resolve("decisions.c"), source);
        Process compiler =
                new ProcessBuilder(
                                "gcc -O1 -Wall -Wextra -Werror -o decisions decisions.c".split(" "))
                        .directory(folder.toFile())
                        .inheritIO()
                        .start();
        assertEquals(0, compiler.waitFor());
    }

    @Test
    void load_randomPolicies_kernelDecidesAsTheyAreRead() throws Exception {
        RandomPolicies random = new RandomPolicies(SEED, TARGET, HARMLESS);
        for (int left = POLICIES; left > 0; left -= AT_A_TIME) {
            List<Point> points = new ArrayList<>();
            ByteBuffer results = decide(input(random, Math.min(left, AT_A_TIME), points));
            assertEquals(points.size() * Long.BYTES, results.remaining());
            points.forEach(point -> check(point, results.getLong()));
        }
    }

    /** A foreign call of x32: whether or not this kernel has x32, only the filter kills. */
    @Table
    void load_foreignCall_isKilledUnlessTheActionIsLog(String mode, String action)
            throws Exception {
        String text = "SECCOMP_SYSCALL_" + mode + "=getpid\nSECCOMP_DEFAULT_ACTION=" + action;
        PolicyDocument document = Policies.reading(PolicyFormat.ENVFILE, text).document();
        BpfProgram filter = new FilterCompiler().compile(document, RandomDocuments.HERE, TARGET);
        CallData foreign = CallData.of(X32_GETPPID, TARGET.auditArch());
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        append(input, filter, List.of(foreign));
        long result = decide(input.toByteArray()).getLong();
        assertEquals(!action.equals("log"), result == KILLED, Long.toString(result));
    }

    /**
     * What policy test says of a call is what the kernel does with it, and no call does what the
     * policy refuses. The calls are not made, so they can be any.
     */
    @Test
    void load_listsOfWhatCallsDo_kernelDoesWhatPolicyTestSays() throws Exception {
        ClassLists random = new ClassLists(SEED, TARGET);
        List<Policy> policies = new ArrayList<>(ClassLists.learned());
        for (int i = 0; i < POLICIES; i++) {
            policies.add(random.list());
        }
        List<Point> points = new ArrayList<>();
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (Policy policy : policies) {
            List<CallData> calls = Stream.generate(random::call).limit(CALLS).toList();
            append(input, Filters.compile(policy, TARGET), calls);
            calls.forEach(call -> points.add(new Point(policy, call)));
        }
        ByteBuffer results = decide(input.toByteArray(), "make no call");
        assertEquals(points.size() * Long.BYTES, results.remaining());
        Map<Policy, PolicyMeaning> meanings = new IdentityHashMap<>();
        for (Point point : points) {
            PolicyMeaning meaning =
                    meanings.computeIfAbsent(
                            point.policy,
                            policy ->
                                    PolicyMeaning.of(
                                            PolicyDocument.of(policy), RandomDocuments.HERE));
            checkAnswer(random, meaning, point, results.getLong());
        }
    }

    private static void checkAnswer(
            ClassLists random, PolicyMeaning meaning, Point point, long result) {
        String name = SyscallDb.get().table(TARGET).byNumber(point.call.number()).get().name();
        AskedCall asked =
                AskedCall.parse(
                        name
                                + LongStream.of(point.call.arguments())
                                        .limit(SyscallDb.get().facts(name).get().arguments().size())
                                        .mapToObj(Long::toString)
                                        .collect(Collectors.joining(",", "(", ")")),
                        TARGET.name());
        List<Outcome> outcomes = meaning.outcomes(asked.call(), asked.where());
        String about = point.call + " (" + name + ") with " + point.policy;
        assertEquals(1, outcomes.size(), about);
        Action action = outcomes.get(0).action();
        long expected = action instanceof Action.Errno errno ? -errno.number() : PASSED;
        assertEquals(expected, result, about);
        for (CallClass each : random.classesOf(point.call)) {
            if (ClassDifference.way(meaning, each).isEmpty()) {
                assertNotEquals(PASSED, result, () -> each + ": " + about);
            }
        }
    }

    private static byte[] input(RandomPolicies random, int policies, List<Point> points) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        for (int i = 0; i < policies; i++) {
            Policy policy = withQuietAction(random.policy(12, 70), i);
            BpfProgram filter = Filters.compile(policy, TARGET);
            List<CallData> calls = new ArrayList<>();
            for (int j = 0; j < CALLS; j++) {
                Point point = new Point(policy, harmless(random, policy));
                points.add(point);
                calls.add(point.call);
            }
            append(input, filter, calls);
        }
        return input.toByteArray();
    }

    private static void append(
            ByteArrayOutputStream input, BpfProgram filter, List<CallData> calls) {
        ByteBuffer sizes = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        sizes.putInt(filter.instructionCount()).putInt(calls.size());
        input.writeBytes(sizes.array());
        input.writeBytes(filter.toBytes());
        ByteBuffer bytes = ByteBuffer.allocate(calls.size() * 56).order(ByteOrder.nativeOrder());
        for (CallData call : calls) {
            bytes.putLong(call.number());
            for (long argument : call.arguments()) {
                bytes.putLong(argument);
            }
        }
        input.writeBytes(bytes.array());
    }

    /** Mostly uses an action without a record for each call, to spare the machine's log. */
    private static Policy withQuietAction(Policy policy, int index) {
        Action action = index % 50 == 0 ? Action.KILL : Action.errno(4000 + index % 96);
        return new Policy(policy.mode(), action, policy.entries(), false, policy.unknown());
    }

    /** Replaces the numbers of RandomPolicies beside ours, which may do anything. */
    private static CallData harmless(RandomPolicies random, Policy policy) {
        List<Integer> numbers =
                HARMLESS.stream().map(call -> RandomPolicies.number(TARGET, call)).toList();
        while (true) {
            CallData call = random.call(policy);
            if (call.arch() == TARGET.auditArch() && numbers.contains(call.number())) {
                return call;
            }
        }
    }

    private static ByteBuffer decide(byte[] input, String... arguments)
            throws IOException, InterruptedException {
        Path in = Files.write(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        List<String> command = new ArrayList<>(List.of(folder.resolve("decisions").toString()));
        command.addAll(List.of(arguments));
        Process program =
                new ProcessBuilder(command)
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertEquals(0, program.waitFor());
        return ByteBuffer.wrap(Files.readAllBytes(out)).order(ByteOrder.nativeOrder());
    }

    private static void check(Point point, long result) {
        int verdict = PolicyOracle.verdict(point.policy, TARGET, point.call);
        String expected = Integer.toHexString(verdict);
        String actual;
        if (result == ENOSYS && verdict == (BpfNumbers.ERRNO | (int) -ENOSYS)) {
            // The kernel says so too if the filter allows a number that no call has.
            actual = expected;
        } else if (result == KILLED) {
            actual = Integer.toHexString(BpfNumbers.KILL_PROCESS);
        } else if (result >= 0 || result == ENOSYS) {
            actual = Integer.toHexString(BpfNumbers.ALLOW);
        } else {
            actual = Integer.toHexString(BpfNumbers.ERRNO | (int) -result);
        }
        if (!expected.equals(actual)) {
            assertEquals(expected, actual, () -> point.call + " with " + point.policy);
        }
    }
}
