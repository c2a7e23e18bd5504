// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import io.sandbox.text.Shipped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** libseccomp has our numbers for all names of all archs, but unresolved-names.csv. */
@ExtendWith(Filters.class)
final class CanonicalNamesIT {
    private static final LibSeccomp LIBRARY = LibSeccomp.INSTANCE;

    @BeforeAll
    static void requireNames() {
        // The tables say what 2.6.0 knows; before it, the names that came later are missing, which
        // is no mistake of theirs.
        String version = LIBRARY.version();
        Assumptions.assumeFalse(
                version.matches("2\\.[0-5]\\..*"),
                "libseccomp " + version + " is older than the tables, which need 2.6.0");
    }

    static List<Arch> arches() {
        return SyscallDb.get().arches();
    }

    private static Stream<Syscall> calls(Arch arch) {
        return SyscallDb.get().table(arch).all().stream();
    }

    @ParameterizedTest
    @MethodSource("arches")
    void resolveName_everyCanonicalName_givesTheNumberOrIsListed(Arch arch) throws IOException {
        List<String> unresolved = new ArrayList<>();
        if (arch.seccompToken().isPresent()) {
            for (Syscall call :
                    calls(arch).filter(each -> answer(each) != each.number()).toList()) {
                String asked = arch.name() + "," + call.number() + "," + call.name();
                unresolved.add(asked + "," + answer(call));
            }
        }
        assertEquals(String.join("\n", listed(arch)), String.join("\n", unresolved));
    }

    @ParameterizedTest
    @MethodSource("arches")
    void inLibseccomp_everyCall_isWhatLibseccompSays(Arch arch) {
        boolean known = arch.seccompToken().isPresent();
        List<Syscall> wrong = new ArrayList<>(calls(arch).toList());
        wrong.removeIf(call -> call.inLibseccomp() == (known && answer(call) == call.number()));
        assertEquals(List.of(), wrong);
    }

    @ParameterizedTest
    @MethodSource("arches")
    void resolveNumber_everyCallInLibseccomp_givesTheCanonicalName(Arch arch) {
        List<Syscall> wrong = new ArrayList<>(calls(arch).filter(Syscall::inLibseccomp).toList());
        wrong.removeIf(
                call -> LIBRARY.nameOf(arch, call.number()).equals(Optional.of(call.name())));
        assertEquals(List.of(), wrong);
    }

    // Numbers without the base of their ABI are refused here: libseccomp takes those of x32 and
    // MIPS both ways, and the kernel one.
    @ParameterizedTest
    @MethodSource("arches")
    void table_everyNumberOfLibseccomp_isThere(Arch arch, TestReporter reporter) {
        SyscallTable table = SyscallDb.get().table(arch);
        if (arch.seccompToken().isEmpty()) {
            return;
        }
        int base = table.all().iterator().next().number() / 1000 * 1000;
        if (arch.name().equals("x32")) {
            base = 0x4000_0000;
        }
        Set<String> missing = new TreeSet<>();
        IntStream.concat(
                        IntStream.range(base, base + 1000),
                        IntStream.range(0xf0000, 0xf0100)) // ARM's private calls
                .filter(number -> table.byNumber(number).isEmpty())
                .forEach(
                        number ->
                                LIBRARY.nameOf(arch, number)
                                        .ifPresent(name -> missing.add(number + " " + name)));
        assertEquals(Set.of(), missing);
        reporter.publishEntry(
                "unknown to libseccomp " + LIBRARY.version() + " on " + arch,
                calls(arch)
                        .filter(call -> LIBRARY.nameOf(arch, call.number()).isEmpty())
                        .map(Syscall::name)
                        .toList()
                        .toString());
    }

    private static int answer(Syscall call) {
        return LIBRARY.seccomp_syscall_resolve_name_arch(
                call.arch().seccompToken().getAsInt(), call.name());
    }

    @Test
    void list_everyRow_isOfAKnownArchAndHasAReason() {
        Set<String> names = arches().stream().map(Arch::name).collect(Collectors.toSet());
        List<String> bad = new ArrayList<>(rows().toList());
        bad.removeIf(row -> row.matches("(.*?,){4}.*[^,]") && names.contains(row.split(",")[0]));
        assertEquals(List.of(), bad);
    }

    /** The rows of one arch, without their reasons. */
    private static List<String> listed(Arch arch) {
        return rows().filter(row -> row.startsWith(arch.name() + ","))
                .map(row -> row.substring(0, row.lastIndexOf(',')))
                .toList();
    }

    private static Stream<String> rows() {
        return Shipped.lines(CanonicalNamesIT.class, "unresolved-names.csv").skip(1);
    }
}
