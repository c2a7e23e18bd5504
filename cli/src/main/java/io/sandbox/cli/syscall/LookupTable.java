// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.IoUringOperation;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A table like those of ausyscall: the calls of an arch, or the operations of io_uring. Entries are
 * found by the kernel's names and by those of audit-userspace, as in ausyscall.
 *
 * @param calls the table of an arch; empty for io_uring
 */
record LookupTable(String label, List<Entry> entries, Optional<SyscallTable> calls) {
    /** ausyscall's word for io_uring's operations, used in place of an arch. */
    static final String URING = "uring";

    /**
     * One line of a table.
     *
     * @param arch the name of the arch of the number, or {@link #URING}
     * @param aliases audit's names, if they differ
     */
    record Entry(String arch, int number, String name, List<String> aliases) {
        static Entry of(Syscall call) {
            return new Entry(call.arch().name(), call.number(), call.name(), call.aliases());
        }

        /** Audit's names in brackets, or nothing. */
        String aliasNote() {
            return aliases.isEmpty() ? "" : " (audit: " + String.join(" ", aliases) + ")";
        }

        private boolean has(Predicate<String> name) {
            boolean has = name.test(this.name);
            for (String alias : aliases) {
                has |= name.test(alias);
            }
            return has;
        }
    }

    static LookupTable ofArch(SyscallTable calls) {
        List<Entry> entries = new ArrayList<>();
        for (Syscall call : calls.all()) {
            entries.add(Entry.of(call));
        }
        return new LookupTable(calls.arch().name(), entries, Optional.of(calls));
    }

    static LookupTable ofIoUring(SyscallDb db) {
        List<Entry> entries = new ArrayList<>();
        for (IoUringOperation operation : db.ioUringOperations()) {
            entries.add(new Entry(URING, operation.number(), operation.name(), List.of()));
        }
        return new LookupTable(URING, entries, Optional.empty());
    }

    /**
     * The table for a word of ausyscall's command line, in upper or lower case; empty if there is
     * none. {@code b32} and {@code b64} are the two ABIs of {@code machine}.
     */
    static Optional<LookupTable> named(String word, SyscallDb db, Arch machine) {
        String name = word.toLowerCase(Locale.ROOT);
        if (name.equals(URING)) {
            return Optional.of(ofIoUring(db));
        }
        String arch =
                switch (name) {
                    case "armeb" -> "arm"; // the calls of arm; our tables have no such arch
                    case "b32" -> machine.b32().orElse(machine.name());
                    case "b64" -> machine.elfClass() == 64 ? machine.name() : "none";
                    default -> name;
                };
        return db.archByName(arch).map(found -> ofArch(db.table(found)));
    }

    Optional<Entry> byNumber(long number) {
        if (number > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        if (calls.isPresent()) {
            // Also finds the calls of x32 in the table of x86_64.
            return calls.get().byNumber((int) number).map(Entry::of);
        }
        return number < entries.size() ? Optional.of(entries.get((int) number)) : Optional.empty();
    }

    /** The entry with the name {@code word}, in upper or lower case; at most one. */
    List<Entry> named(String word) {
        return having(word::equalsIgnoreCase);
    }

    /** The entries with {@code part} in one of their names, in upper or lower case. */
    List<Entry> containing(String part) {
        String lower = part.toLowerCase(Locale.ROOT);
        return having(name -> name.contains(lower));
    }

    /** Without a stream, the first of which costs a start 6 ms. */
    private List<Entry> having(Predicate<String> name) {
        List<Entry> found = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.has(name)) {
                found.add(entry);
            }
        }
        return found;
    }
}
