// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an executable did, in several ways, by the names of what it was done with.
 *
 * @param executable its path; empty if it is not known
 * @param names sorted; without ways that have none
 */
public record NamesOfProgram<W extends Enum<W>>(String executable, Map<W, List<String>> names) {
    public NamesOfProgram {
        Map<W, List<String>> copy = new TreeMap<>();
        names.forEach((way, each) -> copy.put(way, List.copyOf(new TreeSet<>(each))));
        copy.values().removeIf(List::isEmpty);
        names = Map.copyOf(copy);
    }

    public List<String> names(W way) {
        return names.getOrDefault(way, List.of());
    }

    /** By executable, each once, without those that did nothing. */
    static <W extends Enum<W>> List<NamesOfProgram<W>> merged(
            Collection<NamesOfProgram<W>> programs) {
        Map<String, Map<W, List<String>>> merged = new TreeMap<>();
        for (NamesOfProgram<W> program : programs) {
            Map<W, List<String>> ways =
                    merged.computeIfAbsent(program.executable, absent -> new TreeMap<>());
            program.names.forEach(
                    (way, some) ->
                            ways.computeIfAbsent(way, absent -> new ArrayList<>()).addAll(some));
        }
        List<NamesOfProgram<W>> all = new ArrayList<>();
        merged.forEach((executable, ways) -> all.add(new NamesOfProgram<>(executable, ways)));
        all.removeIf(each -> each.names().isEmpty());
        return List.copyOf(all);
    }

    /** Of all programs together, sorted. */
    static <W extends Enum<W>> List<String> all(List<NamesOfProgram<W>> programs, W way) {
        return programs.stream()
                .flatMap(each -> each.names(way).stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** The word of a way in a recording. */
    public static String word(Enum<?> way) {
        return way.name().toLowerCase(Locale.ROOT);
    }
}
