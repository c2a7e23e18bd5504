// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.syscall;

import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.util.List;
import java.util.Optional;

/**
 * The words of a look-up, in any order as for ausyscall: at most one arch, one name and one number.
 *
 * @param table the table of the given arch, or of this machine
 * @param number empty, or only digits; if there is a name, the number is not used
 */
record LookupWords(LookupTable table, Optional<String> name, Optional<String> number) {
    private static final String ONE = "; one call is looked up at a time";

    /** Thrown if the words make no look-up. The message says why. */
    static final class MistakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MistakenException(String message) {
            super(message);
        }
    }

    /**
     * @throws MistakenException if there are two words of one kind, or a number is malformed
     */
    static LookupWords parse(List<String> words, SyscallDb db, Arch machine) {
        Optional<LookupTable> table = Optional.empty();
        Optional<String> name = Optional.empty();
        Optional<String> number = Optional.empty();
        for (String word : words) {
            if (!word.isEmpty() && word.charAt(0) >= '0' && word.charAt(0) <= '9') {
                if (!word.matches("[0-9]{1,18}")) {
                    throw new MistakenException(word + ": not a number (decimal digits only)");
                }
                requireFirst(number, word, "numbers" + ONE);
                number = Optional.of(word);
                continue;
            }
            Optional<LookupTable> named = LookupTable.named(word, db, machine);
            if (named.isPresent()) {
                requireFirst(table, word, "architectures");
                table = named;
            } else {
                requireFirst(name, word, "names, and none is an architecture" + ONE);
                name = Optional.of(word);
            }
        }
        LookupTable all = table.orElseGet(() -> LookupTable.ofArch(db.table(machine)));
        return new LookupWords(all, name, number);
    }

    private static void requireFirst(Optional<?> earlier, String word, String what) {
        if (earlier.isPresent()) {
            throw new MistakenException(word + ": two " + what);
        }
    }

    boolean askNothing() {
        return name.isEmpty() && number.isEmpty();
    }

    /** The name or number that is asked for, as it was written. */
    String asked() {
        return name.or(() -> number).orElse("");
    }

    /** The entries that match; may be empty. */
    List<LookupTable.Entry> answer(boolean exact) {
        if (name.isPresent()) {
            return exact ? table.named(name.get()) : table.containing(name.get());
        }
        return number.flatMap(digits -> table.byNumber(Long.parseLong(digits))).stream().toList();
    }
}
