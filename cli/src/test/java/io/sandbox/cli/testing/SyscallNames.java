// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.Allowlist;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sets of names, and the forms in which tests read and write them. */
public final class SyscallNames {
    private static final Pattern LINE =
            Pattern.compile("((?:#.*\n)*)SECCOMP_SYSCALL_ALLOW=\"([^\"]*)\"\n");

    private SyscallNames() {}

    /**
     * Reads the calls that {@code sandbox learn} saw. It must have printed that line and comments,
     * and nothing else. An entry that only takes the place of a call is left out.
     */
    public static Set<String> parse(String output) {
        Matcher line = LINE.matcher(output);
        assertTrue(
                line.matches(),
                () -> "not exactly one line SECCOMP_SYSCALL_ALLOW=\"...\": " + output);
        return ofEntries(
                Arrays.stream(line.group(2).split(":"))
                        .filter(
                                entry ->
                                        !line.group(1)
                                                .contains("# " + entry + ": in the place of "))
                        .toList());
    }

    /** The calls of a list's entries. */
    public static Set<String> ofEntries(Collection<String> entries) {
        Set<String> names = new TreeSet<>();
        entries.forEach(entry -> names.add(Allowlist.callOf(entry)));
        return names;
    }

    /** The number of a call of this machine. */
    public static int number(String name) {
        SyscallDb db = SyscallDb.get();
        return db.table(db.nativeArch()).byName(name).orElseThrow().number();
    }

    /** The calls that a recording printed, which must have succeeded. */
    public static Set<String> learned(Finished run) {
        return parse(run.assertStatus(0).out());
    }

    public static Set<String> plus(Collection<String> names, String... more) {
        return union(List.of(names, List.of(more)));
    }

    public static Set<String> union(Collection<? extends Collection<String>> sets) {
        Set<String> all = new TreeSet<>();
        sets.forEach(all::addAll);
        return all;
    }

    public static Set<String> without(Collection<String> names, Collection<String> removed) {
        Set<String> rest = new TreeSet<>(names);
        rest.removeAll(removed);
        return rest;
    }
}
