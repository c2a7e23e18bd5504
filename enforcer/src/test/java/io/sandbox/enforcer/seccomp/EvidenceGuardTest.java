// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.bpf.BpfNumbers;
import io.sandbox.policy.bpf.CallData;
import io.sandbox.policy.bpf.FilterInterpreter;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.testing.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EvidenceGuardTest {
    private static final int ASK = BpfNumbers.USER_NOTIF;
    private static final List<String> ARCHES = List.of("x86_64", "i386", "x32", "aarch64", "arm");

    private static int number(String arch, String name) {
        return SyscallDb.get().table(Filters.arch(arch)).byName(name).orElseThrow().number();
    }

    private static int verdict(BpfProgram program, String arch, String name, long... arguments) {
        int auditArch = Filters.arch(arch).auditArch();
        return FilterInterpreter.of(program.toBytes())
                .run(CallData.of(number(arch, name), auditArch, arguments));
    }

    private static BpfProgram guarded(String machine) {
        Arch arch = Filters.arch(machine);
        return BpfProgram.logging(arch).guardingEvidence(arch);
    }

    private static String machineOf(String arch) {
        return arch.equals("aarch64") || arch.equals("arm") ? "aarch64" : "x86_64";
    }

    @Table
    void numbers_areThoseOfTheTables(String machine) {
        List<String> expected = new ArrayList<>(List.of(machine));
        expected.addAll(Filters.arch(machine).secondary());
        expected.remove("x32"); // whose calls the code for x86_64 looks at
        assertEquals(
                expected,
                EvidenceGuard.MACHINES.get(machine).stream()
                        .map(EvidenceGuard.Numbers::arch)
                        .toList());
        for (EvidenceGuard.Numbers numbers : EvidenceGuard.MACHINES.get(machine)) {
            String arch = numbers.arch();
            assertEquals(Filters.arch(arch).auditArch(), numbers.auditArch(), arch);
            assertEquals(number(arch, "close"), numbers.close(), arch);
            assertEquals(number(arch, "seccomp"), numbers.seccomp(), arch);
            assertEquals(number(arch, "prctl"), numbers.prctl(), arch);
            assertEquals(number(arch, "ptrace"), numbers.ptrace(), arch);
        }
    }

    @Table
    void strictMode_alone_isKilled_onAllArchitectures(
            String name, String arguments, boolean kills) {
        for (String arch : ARCHES) {
            BpfProgram program = BpfProgram.allowingAllButStrictMode(Filters.arch(machineOf(arch)));
            assertEquals(
                    kills ? BpfNumbers.KILL_PROCESS : BpfNumbers.ALLOW,
                    verdict(program, arch, name, parse(arguments)),
                    arch);
        }
    }

    @Table
    void loadsOfFilters_areAskedAbout_andOthersAreNot(
            String name, String arguments, boolean asked) {
        for (String arch : ARCHES) {
            BpfProgram program = guarded(machineOf(arch));
            int expected = asked ? ASK : BpfNumbers.LOG;
            assertEquals(expected, verdict(program, arch, name, parse(arguments)), arch);
        }
    }

    private static long[] parse(String numbers) {
        return Stream.of(numbers.split(" "))
                .mapToLong(
                        word ->
                                word.startsWith("0x")
                                        ? Long.parseUnsignedLong(word.substring(2), 16)
                                        : Long.parseLong(word))
                .toArray();
    }

    @Table
    void callsWhoseArgumentsCount_areAskedAboutInsteadOfLogged(
            String name, String words, boolean asked) {
        List<Question> questions = new ArrayList<>();
        for (String arch : List.of("x86_64", "i386")) {
            int auditArch = Filters.arch(arch).auditArch();
            Map.of("ioctl", Map.<Integer, Long>of(), "clone", Map.of(0, 0x7e02_0000L))
                    .forEach(
                            (call, unusual) ->
                                    questions.add(
                                            new Question(auditArch, number(arch, call), unusual)));
            questions.add(new Question(auditArch, number(arch, "sendto"), Map.of(3, 1L, 4, -1L)));
        }
        BpfProgram program = allowingGetpid(BpfNumbers.LOG).askingInsteadOfLog(questions);
        long[] arguments = parse(words);
        for (String arch : List.of("x86_64", "i386")) {
            assertEquals(asked ? ASK : BpfNumbers.LOG, verdict(program, arch, name, arguments));
        }
        assertEquals(BpfNumbers.LOG, verdict(program, "x32", name, arguments));
        assertEquals(BpfNumbers.LOG, verdict(program, "arm", name, arguments));
        assertEquals(BpfNumbers.ALLOW, verdict(program, "x86_64", "getpid"));
    }

    @Test
    void foreignArchitecture_isLeftToTheFilter() {
        assertEquals(BpfNumbers.LOG, verdict(guarded("x86_64"), "ppc64le", "seccomp", 1));
    }

    /** Only x86_64's; about others it decides {@code otherwise}. */
    private static BpfProgram allowingGetpid(int otherwise) {
        CodeBuffer code = new CodeBuffer();
        code.add(BpfNumbers.LOAD, BpfNumbers.NR_OFFSET, 0, 0);
        code.add(BpfNumbers.IF_EQUAL, 39, 0, 1);
        code.add(BpfNumbers.RETURN, BpfNumbers.ALLOW, 0, 0);
        code.add(BpfNumbers.RETURN, otherwise, 0, 0);
        return new BpfProgram(Filters.arch("x86_64"), code.toBytes());
    }

    @Test
    void guardedFilter_judgesAsBefore() {
        Arch arch = Filters.arch("x86_64");
        BpfProgram plain = allowingGetpid(BpfNumbers.KILL_PROCESS);
        for (BpfProgram program :
                List.of(plain, plain.guardingEvidence(arch), plain.withIdleListener(arch))) {
            assertEquals(BpfNumbers.ALLOW, verdict(program, "x86_64", "getpid"));
            assertEquals(BpfNumbers.KILL_PROCESS, verdict(program, "x86_64", "getppid"));
        }
        BpfProgram idle = plain.withIdleListener(arch);
        assertEquals(BpfNumbers.KILL_PROCESS, verdict(idle, "x86_64", "seccomp", 1));
        assertEquals(ASK, verdict(idle, "x86_64", "close", 3, EvidenceGuard.CLOSE_MARK));
    }

    /** The filter asks about such a call only if it would let the call pass. */
    @Table
    void listenerOfTheProgram_isAskedAbout(String arch) {
        String machine = machineOf(arch);
        Arch kernel = Filters.arch(machine);
        for (int decides :
                new int[] {BpfNumbers.ALLOW, BpfNumbers.LOG, 0x0005_0001, BpfNumbers.TRAP}) {
            BpfProgram plain = new BpfProgram(kernel, BpfNumbers.returning(decides));
            boolean passes = decides == BpfNumbers.ALLOW || decides == BpfNumbers.LOG;
            for (BpfProgram program :
                    List.of(plain.askingBeforeKill(kernel), plain.withIdleListener(kernel))) {
                assertEquals(passes ? ASK : decides, verdict(program, arch, "seccomp", 1, 9, 4096));
                assertEquals(
                        passes ? ASK : decides, verdict(program, arch, "seccomp", 1, 8, 1L << 32));
                assertEquals(decides, verdict(program, arch, "seccomp", 1, 8, 0));
                assertEquals(decides, verdict(program, arch, "seccomp", 1, 1, 4096));
                assertEquals(decides, verdict(program, arch, "seccomp", 2, 8, 4096));
                assertEquals(decides, verdict(program, arch, "prctl", 1, 8, 4096));
            }
        }
    }

    @Test
    void closeMark_isThatOfTheLoader() throws Exception {
        String header = Files.readString(Path.of("../preload/src/load_mark.h"));
        assertTrue(
                header.contains(
                        "#define CLOSE_MARK 0x"
                                + Integer.toHexString(EvidenceGuard.CLOSE_MARK)
                                + "UL"));
    }
}
