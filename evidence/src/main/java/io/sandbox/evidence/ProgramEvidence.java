// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one run showed of one executable on one architecture. An executable that makes calls of two
 * architectures, or also in an exec, has two of these objects.
 *
 * @param executable its path; empty if the source did not tell it
 * @param auditArch the AUDIT_ARCH value of its calls
 * @param libc the C library that it is linked with, such as {@code glibc 2.41 (build 5ca1)}, {@code
 *     musl} or {@code static}; empty if the file could not be read
 * @param buildId tells the builds of the executable apart, in hex, as its linker wrote it ( {@code
 *     NT_GNU_BUILD_ID}); empty if it is not known
 * @param calls by number, each once
 * @param mapped the files that it was seen to map as code, by path; there may have been more
 * @param exec whether an exec into a container has brought it, such as a health check
 */
public record ProgramEvidence(
        String executable,
        int auditArch,
        Optional<String> libc,
        Optional<String> buildId,
        List<CallEvidence> calls,
        List<String> mapped,
        boolean exec) {
    // Not made by Comparator.comparing: the classes that it generates at run time are in no class
    // archive, and cost each start a millisecond.
    static final Comparator<ProgramEvidence> ORDER = ProgramEvidence::compare;

    private static int compare(ProgramEvidence a, ProgramEvidence b) {
        int byId = a.id().compareTo(b.id());
        return byId != 0 ? byId : Boolean.compare(a.exec, b.exec);
    }

    public ProgramEvidence {
        Required.all(executable, libc, buildId);
        mapped = List.copyOf(new TreeSet<>(mapped));
        calls = calls.stream().sorted(CallEvidence.ORDER).toList();
        for (int i = 1; i < calls.size(); i++) {
            if (calls.get(i).number() == calls.get(i - 1).number()) {
                throw new IllegalArgumentException("call twice: " + calls.get(i).number());
            }
        }
    }

    /** Of an executable whose file was not looked at. */
    public ProgramEvidence(String executable, int auditArch, List<CallEvidence> calls) {
        this(executable, auditArch, Optional.empty(), Optional.empty(), calls, List.of(), false);
    }

    public ProgramId id() {
        return new ProgramId(executable, auditArch);
    }

    public ProgramEvidence mapping(Collection<String> files) {
        return new ProgramEvidence(
                executable, auditArch, libc, buildId, calls, List.copyOf(files), exec);
    }

    /** This program as an exec brought it, or not. */
    public ProgramEvidence in(boolean anExec) {
        return new ProgramEvidence(executable, auditArch, libc, buildId, calls, mapped, anExec);
    }

    public ProgramEvidence withCalls(List<CallEvidence> others) {
        return new ProgramEvidence(executable, auditArch, libc, buildId, others, mapped, exec);
    }

    /** Returns these calls for a file that is known by another name. */
    public ProgramEvidence named(String name) {
        return new ProgramEvidence(name, auditArch, calls).mapping(mapped);
    }

    /** One for each executable and architecture, with the calls of all that there are of it. */
    public static List<ProgramEvidence> merge(List<ProgramEvidence> programs) {
        TreeMap<ProgramEvidence, List<CallEvidence>> calls = new TreeMap<>(ORDER);
        TreeMap<ProgramEvidence, List<String>> mapped = new TreeMap<>(ORDER);
        for (ProgramEvidence program : programs) {
            calls.computeIfAbsent(program, key -> new ArrayList<>()).addAll(program.calls());
            mapped.computeIfAbsent(program, key -> new ArrayList<>()).addAll(program.mapped());
        }
        List<ProgramEvidence> merged = new ArrayList<>();
        calls.forEach(
                (program, all) ->
                        merged.add(
                                new ProgramEvidence(
                                        program.executable,
                                        program.auditArch,
                                        program.libc,
                                        program.buildId,
                                        CallEvidence.merge(all),
                                        mapped.get(program),
                                        program.exec)));
        return merged;
    }
}
