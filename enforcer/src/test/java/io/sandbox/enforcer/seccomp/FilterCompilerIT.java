// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Action;
import io.sandbox.policy.CallRef;
import io.sandbox.policy.Condition;
import io.sandbox.policy.Operator;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEntry;
import io.sandbox.policy.PolicyText;
import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;

@ExtendWith(Filters.class)
class FilterCompilerIT {
    private static final int KILL = BpfNumbers.KILL_PROCESS;
    private static final int ALLOW = BpfNumbers.ALLOW;

    private static Policy allowing(String list) {
        return Policy.allowing(PolicyText.parseEntries(list), Action.KILL);
    }

    private static Policy denying(String list) {
        return Policy.denying(PolicyText.parseEntries(list), Action.KILL);
    }

    private static BpfProgram compile(Policy policy, String arch) {
        return Filters.compile(policy, Filters.arch(arch));
    }

    private static String refusal(Policy policy, String arch) {
        return assertThrows(FilterException.class, () -> compile(policy, arch)).getMessage();
    }

    @Table
    void compile_name_isOfTheTargetOrRefused(String name, String arch, String reason) {
        if (reason.isEmpty()) {
            compile(allowing(name), arch);
        } else {
            assertEquals(name + ": " + reason, refusal(allowing("exit_group:" + name), arch));
            assertEquals(name + ": " + reason, refusal(denying(name + "(arg0==1)"), arch));
        }
    }

    @Test
    void compile_nameOfAMegabyte_isShownShortened() {
        String message = refusal(allowing("a".repeat(1 << 20)), "x86_64");
        assertEquals("a".repeat(60) + "...: unknown system call on x86_64", message);
    }

    @Table
    void compile_archThatNoFilterCanBeFor_isRefused(String arch) {
        assertTrue(refusal(allowing("read"), arch).startsWith(arch + ": no filters for this "));
    }

    /** The arguments of socketcall's parts are in memory, which no filter can read. */
    @Table
    void compile_conditionsOfAMultiplexedName_areRefused(String name, String multiplexer) {
        String entry = name + "(arg0==1)";
        String reason = " on i386 it is also a part of " + multiplexer + ", which hides the";
        assertTrue(refusal(allowing(entry), "i386").startsWith(entry + ":" + reason));
        assertTrue(refusal(denying(entry), "i386").startsWith(entry + ":" + reason));
    }

    /** A call is its number with its arguments. */
    @Table
    void compile_list_decides(String list, String arch, String call, boolean allowed) {
        String entries = list.substring(list.indexOf(' ') + 1);
        Policy policy = list.startsWith("deny ") ? denying(entries) : allowing(entries);
        Arch target = Filters.arch(arch);
        long[] words = Stream.of(call.split(" ")).mapToLong(Long::decode).toArray();
        CallData data =
                CallData.of(
                        (int) words[0],
                        target.auditArch(),
                        Arrays.copyOfRange(words, 1, words.length));
        assertEquals(allowed ? ALLOW : KILL, Filters.of(policy, target).run(data));
    }

    @Test
    void compile_unconditionalEntry_absorbsTheOthersOfItsCall() {
        int alone = compile(allowing("read"), "x86_64").instructionCount();
        for (String list : List.of("read(arg0==1):read", "0:read(arg0!=1):read(arg1>1)")) {
            assertEquals(alone, compile(allowing(list), "x86_64").instructionCount());
        }
    }

    /** A chain of compares would need a hundred steps for the first or the last call. */
    @Table
    void compile_manyCalls_areFoundInFewSteps(String arch) {
        List<PolicyEntry> entries =
                SyscallDb.get().table(Filters.arch(arch)).all().stream()
                        .limit(100)
                        .map(call -> PolicyEntry.of(call.number()))
                        .toList();
        BpfProgram program = compile(Policy.allowing(entries, Action.KILL), arch);
        FilterInterpreter filter = FilterInterpreter.of(program.toBytes());
        for (PolicyEntry entry : entries) {
            int number = ((CallRef.Numbered) entry.call()).number();
            CallData call = CallData.of(number, program.arch().auditArch());
            assertEquals(ALLOW, filter.run(call));
            assertTrue(filter.steps() < 30, () -> call + ": " + filter.steps());
        }
    }

    @Test
    void compile_hundredThousandTimesTheSame_isShort() {
        assertTrue(compile(allowing("read:".repeat(100_000)), "x86_64").instructionCount() < 12);
    }

    @Test
    void compile_moreThanTheKernelTakes_isRefused() {
        String message = "filter: more than the 4096 instructions that the kernel takes";
        for (int count : new int[] {1500, 4096, 5000}) {
            assertEquals(message, refusal(alternatives(count), "x86_64"));
            List<PolicyEntry> numbers =
                    IntStream.range(1000, 1000 + count).mapToObj(PolicyEntry::of).toList();
            Policy policy = Policy.allowing(numbers, Action.KILL);
            if (count > 1500) {
                assertEquals(message, refusal(policy, "x86_64"));
            } else {
                assertTrue(compile(policy, "x86_64").instructionCount() <= 4096);
            }
        }
    }

    @Test
    void compile_longestProgram_isTaken() {
        // 4 for the arch, 3 for the call, 5 for each alternative, and what libseccomp adds.
        int own = 4 + 3;
        int libseccomp = compile(allowing(""), "x86_64").instructionCount();
        int most = (BpfNumbers.MAX_INSTRUCTIONS - own - libseccomp) / 5;
        assertTrue(compile(alternatives(most), "x86_64").instructionCount() > 4091);
        assertTrue(refusal(alternatives(most + 1), "x86_64").startsWith("filter: more than"));
    }

    private static Policy alternatives(int count) {
        List<PolicyEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Condition condition = Condition.of(0, Operator.EQ, i);
            entries.add(new PolicyEntry(new CallRef.Named("read"), List.of(condition)));
        }
        return Policy.allowing(entries, Action.KILL);
    }

    @Test
    void toBytes_changedByTheCaller_staysTheSame() {
        BpfProgram program = compile(allowing("read"), "x86_64");
        byte[] before = program.toBytes();
        Arrays.fill(program.toBytes(), (byte) 0);
        assertArrayEquals(before, program.toBytes());
        assertEquals(before.length / 8, program.instructionCount());
        assertEquals("x86_64", program.arch().name());
    }

    @Test
    void compile_sameLogDenialsOrNot_isTheSameProgram() {
        Policy policy = allowing("read:write");
        assertArrayEquals(
                compile(policy, "x86_64").toBytes(),
                compile(policy.withLogDenials(true), "x86_64").toBytes());
    }

    @Test
    void export_byDescriptor_givesTheSameAsByMemory() {
        try (SeccompFilter filter = new SeccompFilter(LibSeccomp.INSTANCE, KILL)) {
            for (int i = 0; i < 100; i++) {
                filter.addRule(ALLOW, i, List.of(Condition.masked(1, 0xff, i)));
            }
            byte[] program = filter.exportToDescriptor(1 << 20);
            assertArrayEquals(filter.export(1 << 20), program);
            assertThrows(FilterException.class, () -> filter.export(program.length - 8));
            assertThrows(
                    FilterException.class, () -> filter.exportToDescriptor(program.length - 8));
            assertArrayEquals(program, filter.export(program.length));
        }
    }

    private static void assertRefuses(String message, Executable step) {
        assertEquals(message, assertThrows(SeccompException.class, step).getMessage());
    }

    @Test
    void seccompFilter_actionThatDoesNotExist_isRefused() {
        assertRefuses(
                "seccomp_init: refused the action 0x12345678"
                        + " (it must be one that the running kernel has)",
                () -> new SeccompFilter(LibSeccomp.INSTANCE, 0x1234_5678));
    }

    @Test
    void seccompFilter_whatLibseccompRefuses_namesFunctionAndErrno() {
        try (SeccompFilter filter = new SeccompFilter(LibSeccomp.INSTANCE, KILL)) {
            assertRefuses(
                    "seccomp_rule_add_exact_array: EACCES (for system call 0)",
                    () -> filter.addRule(KILL, 0, List.of()));
            assertRefuses(
                    "seccomp_arch_add: EINVAL (libseccomp must support the target's architecture)",
                    () -> filter.setOnlyArch(12345));
        }
    }

    @Test
    void close_twice_isHarmless() {
        SeccompFilter filter = new SeccompFilter(LibSeccomp.INSTANCE, KILL);
        filter.close();
        filter.close();
    }
}
