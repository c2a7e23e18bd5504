// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.Judge;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.ProgramId;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.recorder.machine.MachineFacts;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What logs prove: calls with architecture and number. Others are counted, never guessed. */
public final class LogEvidence {
    private final Map<ProgramId, SortedMap<Integer, CallCount>> programs = new TreeMap<>();
    private final Signs signs = new Signs();
    private boolean denials;
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private long unnamed;

    private LogEvidence(LogTally tally) {
        signs.addAll(tally.signs());
        signs.addCount(Sign.Kind.LOG_LACKS_TIME, tally.withoutTime());
        signs.addCount(Sign.Kind.LOG_LACKS_EXECUTABLE, tally.withoutExe());
    }

    public static LogEvidence of(LogTally tally) {
        LogEvidence evidence = new LogEvidence(tally);
        tally.inAnyOrder().forEach(evidence::add);
        return evidence;
    }

    /** The evidence of each host that the records name; an empty name for those that name none. */
    public static Map<Optional<String>, LogEvidence> byHost(LogTally tally) {
        Map<Optional<String>, LogEvidence> byHost = new HashMap<>();
        tally.inAnyOrder()
                .forEach(
                        program ->
                                byHost.computeIfAbsent(
                                                program.key().host(),
                                                host -> new LogEvidence(tally))
                                        .add(program));
        return byHost;
    }

    private void add(ProgramTally tally) {
        for (KernelAction action : KernelAction.values()) {
            denials |= action.isDenial() && tally.count(action) > 0;
        }
        first = Math.min(first, tally.first().orElse(Long.MAX_VALUE));
        last = Math.max(last, tally.last().orElse(Long.MIN_VALUE));
        Optional<Integer> auditArch =
                tally.key().auditArch().or(() -> tally.key().arch().map(Arch::auditArch));
        if (auditArch.isEmpty()) {
            unnamed += tally.records();
            return;
        }
        ProgramId program = new ProgramId(tally.key().executable().orElse(""), auditArch.get());
        SortedMap<Integer, CallCount> calls =
                programs.merge(program, tally.byNumber(), LogEvidence::together);
        tally.byWord()
                .forEach(
                        (word, call) -> {
                            OptionalInt number =
                                    tally.key()
                                            .arch()
                                            .map(arch -> RecordNames.numberOfWord(arch, word))
                                            .orElse(OptionalInt.empty());
                            if (number.isPresent()) {
                                calls.merge(number.getAsInt(), call, CallCount::plus);
                            } else {
                                unnamed += call.count();
                            }
                        });
    }

    private static SortedMap<Integer, CallCount> together(
            SortedMap<Integer, CallCount> calls, SortedMap<Integer, CallCount> more) {
        more.forEach((number, call) -> calls.merge(number, call, CallCount::plus));
        return calls;
    }

    /** Every distinct call, by architecture and number. */
    public List<ObservedCall> calls() {
        TreeSet<ObservedCall> calls = new TreeSet<>();
        programs.forEach(
                (program, ofProgram) -> {
                    for (int number : ofProgram.keySet()) {
                        calls.add(ObservedCall.of(program.auditArch(), number));
                    }
                });
        return List.copyOf(calls);
    }

    /** The calls of each executable on each architecture, all sorted. */
    public Map<ProgramId, SortedMap<Integer, CallCount>> programs() {
        return Collections.unmodifiableMap(programs);
    }

    /** When it begins, in ms since the epoch, or since boot; 0 if no record has a time. */
    public long start() {
        return first == Long.MAX_VALUE ? 0 : first;
    }

    /** How many ms there are from its first to its last record. */
    public long millis() {
        return Math.max(0, last - start());
    }

    /** The executables, sorted; without those that have no path. */
    public List<String> executables() {
        return programs.keySet().stream()
                .map(ProgramId::executable)
                .filter(path -> !path.isEmpty())
                .distinct()
                .toList();
    }

    /** How many records do not tell their architecture or number. */
    public long unnamed() {
        return unnamed;
    }

    /** Whether calls were refused: without a filter the program may make others. */
    public boolean hasDenials() {
        return denials;
    }

    /** Why records are missing, or say too little. */
    public List<String> losses() {
        return signs().sentences();
    }

    private Signs signs() {
        return new Signs().addAll(signs).addCount(Sign.Kind.LOG_LACKS_CALL, unnamed);
    }

    /** As a recording of one run, never complete: a lost record leaves no trace. */
    public Recording toRecording() {
        long start = start();
        List<ProgramEvidence> evidence = new ArrayList<>();
        programs.forEach(
                (of, calls) ->
                        evidence.add(
                                new ProgramEvidence(
                                        of.executable(), of.auditArch(), calls(calls, start))));
        Run run =
                new Run(
                        id(evidence, start),
                        Instant.ofEpochMilli(start),
                        millis(),
                        "log",
                        Optional.empty(),
                        List.of(),
                        new RunFilter(denials, List.of()),
                        OptionalInt.empty(),
                        Judge.judge(signs().add(Sign.Kind.LOG_PROVES_NOTHING)),
                        MachineFacts.query(),
                        evidence);
        return Recording.of(run);
    }

    private static List<CallEvidence> calls(Map<Integer, CallCount> calls, long start) {
        List<CallEvidence> evidence = new ArrayList<>();
        calls.forEach(
                (number, call) ->
                        evidence.add(
                                new CallEvidence(number, call.count(), call.millisAfter(start))));
        return evidence;
    }

    /** Equal records give equal ids, so that a log that is read twice counts once. */
    private static String id(List<ProgramEvidence> evidence, long start) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            DataOutputStream out =
                    new DataOutputStream(
                            new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            out.writeLong(start);
            for (ProgramEvidence program : evidence) {
                byte[] executable = program.executable().getBytes(StandardCharsets.UTF_8);
                out.writeInt(executable.length);
                out.write(executable);
                out.writeInt(program.auditArch());
                out.writeInt(program.calls().size());
                for (CallEvidence call : program.calls()) {
                    out.writeInt(call.number());
                    out.writeLong(call.count());
                    out.writeLong(call.firstMillis());
                }
            }
            return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(), 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
    }
}
