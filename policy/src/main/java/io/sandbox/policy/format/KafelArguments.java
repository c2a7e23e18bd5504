// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallFacts;
import io.sandbox.text.Shipped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The arguments of calls, which a kafel policy can mention by the kernel's names. How many bits are
 * compared depends on the size of the argument in the kernel. Names and sizes are those of x86_64.
 * The sizes come from the table in kafel's source. Policies usually have conditions for these.
 */
final class KafelArguments {
    /** Each call with the positions of its 32-bit arguments; all others have 64 bits. */
    private static final Map<String, String> NARROW =
            Shipped.lines(KafelArguments.class, "kafel-narrow.tsv")
                    .map(row -> row.split("\t"))
                    .collect(Collectors.toMap(row -> row[0], row -> row[1]));

    /** An argument that an expression may mention; a narrow one has 32 bits, not 64. */
    record Argument(int position, boolean narrow) {}

    /** The arguments of a call, by name; empty if their sizes are unknown. */
    static Optional<Map<String, Argument>> of(String call) {
        String narrow = NARROW.get(call);
        Optional<SyscallFacts> facts = SyscallDb.get().facts(call);
        if (narrow == null || facts.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = facts.get().arguments();
        Map<String, Argument> arguments = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            arguments.put(names.get(i), new Argument(i, narrow.indexOf('0' + i) >= 0));
        }
        return Optional.of(arguments);
    }
}
