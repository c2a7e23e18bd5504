// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

import io.sandbox.syscalldb.ObservedCall;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What all runs showed of one executable.
 *
 * @param executable its path; empty if it is not known
 * @param libc empty if it is not known
 * @param records how often it made any call
 * @param sightings one for each call, the earliest first
 */
record ProgramRow(
        String executable,
        int auditArch,
        Optional<String> libc,
        long records,
        List<Sighting> sightings) {

    /**
     * The first time that the program made a call.
     *
     * @param millis after the first recorded call of the run, the least of all runs
     * @param startOnly whether it was certainly not made any more once the program served
     */
    record Sighting(ObservedCall call, long millis, Phase phase, boolean startOnly) {
        static final Comparator<Sighting> ORDER =
                Comparator.comparing(Sighting::phase)
                        .thenComparing(Sighting::millis)
                        .thenComparing(Sighting::call);

        static String names(List<Sighting> sightings) {
            return sightings.stream()
                    .map(sighting -> sighting.call().displayName())
                    .collect(Collectors.joining(" "));
        }
    }

    /** The calls of one phase, the earliest first. */
    record InPhase(Phase phase, List<Sighting> sightings) {
        String from() {
            return Units.time(sightings.get(0).millis());
        }

        String to() {
            return Units.time(sightings.get(sightings.size() - 1).millis());
        }

        String names() {
            return Sighting.names(sightings);
        }
    }

    List<InPhase> byPhase() {
        return sightings.stream()
                .collect(Collectors.groupingBy(Sighting::phase, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(entry -> new InPhase(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The path, or a word in its place. */
    String shownPath() {
        return shownPath(executable);
    }

    static String shownPath(String executable) {
        return executable.isEmpty() ? "(executable unknown)" : Units.shortened(executable);
    }

    /** The last part of the path. */
    String shownName() {
        String name = executable.substring(executable.lastIndexOf('/') + 1);
        return name.isEmpty() ? shownPath() : Units.shortened(name);
    }
}
