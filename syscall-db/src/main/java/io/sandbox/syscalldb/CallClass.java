// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something that a call does with some values of its arguments, such as making a user namespace.
 * Several of these can have the same id: each is a way to it.
 *
 * @param id the class's short word, such as {@code userns}
 * @param call the canonical name of the call
 * @param arches the names of the architectures where this counts
 * @param values what the arguments must have, all of them; empty if it is any call, or if what
 *     decides lies in memory, where no filter sees it
 * @param about the class in plain words, such as {@code a new user namespace}
 * @param firstKernel the first kernel that has it; empty if it is as old as the call
 * @param source the header with the values, or the manual page
 */
public record CallClass(
        String id,
        String call,
        Set<String> arches,
        List<Value> values,
        String about,
        Risk risk,
        Optional<KernelVersion> firstKernel,
        String source) {
    private static final String EXCEPT = "except:";
    private static final String NOT = "not:";

    /**
     * What an argument must have.
     *
     * @param argument 0 to 5
     * @param mask the bits that count
     * @param value has no bits outside the mask
     * @param equal false if it is any other value; then all bits count
     * @param name the constant's name; empty if it has none
     */
    public record Value(int argument, long mask, long value, boolean equal, String name) {}

    public CallClass {
        arches = Set.copyOf(arches);
        values = List.copyOf(values);
    }

    static List<CallClass> parseAll(CsvTable table, List<Arch> arches) {
        table.requireColumns(
                List.of(
                        """
                        class calls in_memory arches arguments masks values about risk kernel source
                        """
                                .split("\\s")));
        List<String> names = arches.stream().map(Arch::name).toList();
        List<CallClass> classes = new ArrayList<>();
        for (CsvTable.Row row : table.rows()) {
            Set<String> counting = arches(row, names);
            List<Value> values = values(row);
            for (String call : row.text(1).split("\\|", -1)) {
                classes.add(parse(row, call, counting, values));
            }
            if (!row.text(2).equals("nothing")) {
                for (String call : row.text(2).split("\\|", -1)) {
                    classes.add(parse(row, call, counting, List.of()));
                }
            }
        }
        return List.copyOf(classes);
    }

    private static CallClass parse(
            CsvTable.Row row, String call, Set<String> arches, List<Value> values) {
        return new CallClass(
                row.text(0),
                call,
                arches,
                values,
                row.text(7),
                FactFiles.risk(row, 8),
                row.text(9).equals("call")
                        ? Optional.empty()
                        : Optional.of(FactFiles.version(row, 9)),
                row.text(10));
    }

    private static Set<String> arches(CsvTable.Row row, List<String> all) {
        String text = row.text(3);
        if (text.equals("all")) {
            return Set.copyOf(all);
        }
        boolean except = text.startsWith(EXCEPT);
        List<String> named = List.of(text.substring(except ? EXCEPT.length() : 0).split("\\|", -1));
        if (!all.containsAll(named)) {
            throw row.malformed("not all are architectures: " + text);
        }
        Set<String> rest = new HashSet<>(all);
        named.forEach(rest::remove);
        return except ? rest : Set.copyOf(named);
    }

    private static List<Value> values(CsvTable.Row row) {
        if (row.text(4).equals("any")) {
            row.choice(5, "none");
            row.choice(6, "none");
            return List.of();
        }
        String[] arguments = row.text(4).split("\\|", -1);
        String[] masks = row.text(5).split("\\|", -1);
        String[] values = row.text(6).split("\\|", -1);
        if (arguments.length != masks.length || arguments.length != values.length) {
            throw row.malformed("not as many masks and values as arguments");
        }
        List<Value> all = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            boolean equal = !values[i].startsWith(NOT);
            String text = equal ? values[i] : values[i].substring(NOT.length());
            int sign = text.indexOf('=');
            try {
                int argument = Integer.parseInt(arguments[i]);
                long mask = masks[i].equals("all") ? -1 : Long.decode(masks[i]);
                long value = Long.decode(text.substring(sign + 1));
                if (argument < 0 || argument > 5 || (value & ~mask) != 0 || !equal && mask != -1) {
                    throw row.malformed("not an argument with its value: " + values[i]);
                }
                all.add(
                        new Value(
                                argument,
                                mask,
                                value,
                                equal,
                                text.substring(0, Math.max(sign, 0))));
            } catch (NumberFormatException e) {
                throw row.malformed("not an argument with its value: " + values[i]);
            }
        }
        return all;
    }
}
