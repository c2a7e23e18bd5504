// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import io.sandbox.enforcer.launch.file.FileHead;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out which build of a program its file holds, and with which C library it is linked. Each
 * library uses its own choice of calls, so a list learned with one may not suffice for another.
 *
 * @param libc such as {@code glibc 2.41 (build 5ca1)} or {@code static}; empty if not known
 */
public record ExecutableFacts(Optional<String> libc, Optional<String> buildId) {
    private static final int PAGE = 4096;

    /** Several times the size of any C library. */
    private static final int LIBRARY_LIMIT = 16 << 20;

    private static final String BUILD = " (build ";

    /** What {@code libc.so.6} prints when it is executed. */
    private static final Pattern GLIBC_VERSION =
            Pattern.compile("GNU C Library [^\n]*version ([0-9.]+[0-9])");

    /** Of the files that are no longer there, or are no longer the programs that ran. */
    private static final ExecutableFacts NONE =
            new ExecutableFacts(Optional.empty(), Optional.empty());

    /** The programs, each with what we can find out. */
    public static List<ProgramEvidence> complete(List<ProgramEvidence> programs) {
        Map<String, ExecutableFacts> known = new HashMap<>();
        List<ProgramEvidence> complete = new ArrayList<>();
        for (ProgramEvidence program : programs) {
            complete.add(
                    known.computeIfAbsent(program.executable(), path -> query(Path.of(path)))
                            .complete(program));
        }
        return complete;
    }

    /**
     * The programs of which this machine has no build that was recorded, or another C library, such
     * as after an upgrade; by path, with a clause for each. What is not known is not said.
     */
    public static Map<String, String> changes(Recording recording) {
        Map<String, List<ProgramEvidence>> programs = new TreeMap<>();
        recording.runs().stream()
                .flatMap(run -> run.programs().stream())
                .filter(each -> each.executable().startsWith("/"))
                .forEach(
                        each ->
                                programs.computeIfAbsent(
                                                each.executable(), key -> new ArrayList<>())
                                        .add(each));
        Map<String, String> changes = new TreeMap<>();
        programs.forEach(
                (path, recorded) -> {
                    ExecutableFacts now = query(Path.of(path));
                    Optional<String> library =
                            change("C library", now.libc, recorded, ProgramEvidence::libc);
                    change("build", now.buildId, recorded, ProgramEvidence::buildId)
                            .or(() -> library)
                            .ifPresent(what -> changes.put(path, what));
                });
        return changes;
    }

    private static Optional<String> change(
            String what,
            Optional<String> now,
            List<ProgramEvidence> recorded,
            Function<ProgramEvidence, Optional<String>> fact) {
        Set<String> known = new TreeSet<>();
        recorded.forEach(each -> fact.apply(each).ifPresent(known::add));
        return now.isEmpty()
                        || known.isEmpty()
                        || known.stream().anyMatch(each -> areEqual(each, now.get()))
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                " has another %s here than in the evidence (%s, recorded: %s)",
                                what, now.get(), String.join(", ", known)));
    }

    /** Older recordings know only the version of a C library. */
    private static boolean areEqual(String recorded, String now) {
        return recorded.equals(now)
                || recorded.startsWith(now + BUILD)
                || now.startsWith(recorded + BUILD);
    }

    private ProgramEvidence complete(ProgramEvidence program) {
        return new ProgramEvidence(
                program.executable(),
                program.auditArch(),
                libc,
                buildId,
                program.calls(),
                program.mapped(),
                program.exec());
    }

    static ExecutableFacts query(Path executable) {
        Optional<byte[]> page = FileHead.read(executable, PAGE);
        try {
            return page.isPresent() ? of(new ElfHead(page.get())) : NONE;
        } catch (IllegalArgumentException e) {
            return NONE;
        }
    }

    private static ExecutableFacts of(ElfHead head) {
        try {
            return new ExecutableFacts(queryLibrary(head.interpreter()), head.buildId());
        } catch (IOException e) {
            return new ExecutableFacts(Optional.empty(), head.buildId());
        }
    }

    private static Optional<String> queryLibrary(String interpreter) throws IOException {
        if (interpreter.isEmpty()) {
            return Optional.of("static");
        }
        Path loader = Path.of(interpreter).toRealPath();
        if (interpreter.contains("/ld-musl")) {
            return FileHead.read(loader, PAGE).map(bytes -> "musl" + build(bytes));
        }
        return FileHead.read(loader.resolveSibling("libc.so.6"), LIBRARY_LIMIT)
                .flatMap(
                        bytes ->
                                parseGlibcVersion(new String(bytes, StandardCharsets.ISO_8859_1))
                                        .map(version -> version + build(bytes)));
    }

    /** Most upgrades leave the version as it was. */
    private static String build(byte[] library) {
        try {
            return new ElfHead(library).buildId().map(id -> BUILD + id + ")").orElse("");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    static Optional<String> parseGlibcVersion(String library) {
        Matcher version = GLIBC_VERSION.matcher(library);
        return version.find() ? Optional.of("glibc " + version.group(1)) : Optional.empty();
    }
}
