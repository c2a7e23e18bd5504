// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import io.sandbox.syscalldb.Capability;
import io.sandbox.syscalldb.Origin;
import io.sandbox.text.ShownValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reads what {@link RecordingWriter} writes, and refuses anything else. */
public final class RecordingReader {
    /** The times of records have as many digits. */
    private static final long MAX_SECONDS = 99_999_999_999L;

    /** No program makes more in a hundred days, so sums of many runs are numbers too. */
    static final long MAX_COUNT = 10_000_000_000_000L;

    private RecordingReader() {}

    /**
     * @param text a whole file, in UTF-8
     * @throws RecordingFormatException if it is not a recording of a version that we know
     */
    public static Recording read(byte[] text) {
        return JsonFields.read(text, RecordingReader::recording);
    }

    private static Recording recording(JsonFields fields) {
        fields.requireFormat(RecordingWriter.FORMAT, RecordingWriter.VERSION);
        return new Recording(fields.objects("runs", RecordingReader::run));
    }

    private static Run run(JsonFields fields) {
        OptionalLong status = fields.optionalNumber("status", 0, 255);
        List<ProgramEvidence> runtime = new ArrayList<>();
        List<ProgramEvidence> programs = new ArrayList<>();
        fields.objects("programs", object -> program(object, programs, runtime));
        return new Run(
                fields.string("id"),
                instant(fields.string("started")),
                fields.number("millis", 0, Long.MAX_VALUE),
                fields.string("source"),
                fields.optionalString("from"),
                fields.strings("command"),
                new RunFilter(fields.bool("enforced"), fields.strings("allowed")),
                status.isPresent() ? OptionalInt.of((int) status.getAsLong()) : OptionalInt.empty(),
                verdict(fields),
                fields.object("machine").readWhole(RecordingReader::machine),
                programs,
                runtime,
                fields.optionalString("state").orElse(""),
                fields.optionalObject("capabilities", RecordingReader::capabilities),
                fields.optionalObject("io_uring", RecordingReader::operations),
                fields.optionalObject("access", RecordingReader::access));
    }

    private static RunOperations operations(JsonFields fields) {
        Optional<String> unrecorded = fields.optionalString("unrecorded");
        return unrecorded.isPresent()
                ? RunOperations.unrecorded(unrecorded.get())
                : new RunOperations(
                        unrecorded,
                        fields.objects(
                                "programs", each -> names(each, RunOperations.Way.values())));
    }

    private static RunAccess access(JsonFields fields) {
        return new RunAccess(
                fields.number("left_out", 0, MAX_COUNT),
                fields.objects("programs", each -> names(each, RunAccess.Use.values())));
    }

    private static <W extends Enum<W>> NamesOfProgram<W> names(JsonFields fields, W[] ways) {
        Map<W, List<String>> names = new TreeMap<>();
        for (W way : ways) {
            fields.optionalStrings(NamesOfProgram.word(way))
                    .ifPresent(each -> names.put(way, each));
        }
        return new NamesOfProgram<>(fields.string("executable"), names);
    }

    private static RunCapabilities capabilities(JsonFields fields) {
        Optional<String> unrecorded = fields.optionalString("unrecorded");
        return unrecorded.isPresent()
                ? RunCapabilities.unrecorded(unrecorded.get())
                : new RunCapabilities(
                        unrecorded,
                        Long.parseUnsignedLong(fields.string("held"), 16),
                        fields.objects("programs", RecordingReader::programCapabilities),
                        fields.optionalStrings("needed").map(Capability::set).orElse(0L),
                        fields.optionalStrings("spared").map(Capability::set).orElse(0L));
    }

    private static RunCapabilities.OfProgram programCapabilities(JsonFields fields) {
        Map<RunCapabilities.Use, Long> sets = new EnumMap<>(RunCapabilities.Use.class);
        for (RunCapabilities.Use use : RunCapabilities.Use.values()) {
            fields.optionalStrings(use.word())
                    .ifPresent(names -> sets.put(use, Capability.set(names)));
        }
        return new RunCapabilities.OfProgram(fields.string("executable"), sets);
    }

    private static Instant instant(String text) {
        try {
            Instant started = Instant.parse(text);
            if (Math.abs(started.getEpochSecond()) <= MAX_SECONDS) {
                return started;
            }
        } catch (DateTimeException e) {
            // It is no time at all.
        }
        throw new IllegalArgumentException("started: not a time in UTC: " + ShownValue.of(text));
    }

    private static Verdict verdict(JsonFields fields) {
        if (fields.bool("complete")) {
            return new Verdict.Complete(fields.optionalStrings("reservations").orElse(List.of()));
        }
        List<String> causes = fields.strings("causes");
        return new Verdict.Incomplete(fields.number("lost", 0, MAX_COUNT), causes);
    }

    private static Machine machine(JsonFields fields) {
        return new Machine(fields.string("kernel"), fields.string("arch"), fields.string("tool"));
    }

    /** Adds the program to those of its phase. */
    private static ProgramEvidence program(
            JsonFields fields, List<ProgramEvidence> programs, List<ProgramEvidence> runtime) {
        // Only for readers of the file; the number in audit_arch counts.
        fields.string("arch");
        String phase = fields.optionalString("phase").orElse("");
        if (!List.of("", RecordingWriter.RUNTIME, RecordingWriter.EXEC).contains(phase)) {
            throw new IllegalArgumentException("phase: not runtime or exec");
        }
        ProgramEvidence program =
                new ProgramEvidence(
                        fields.string("executable"),
                        (int) fields.number("audit_arch", 0, 0xffffffffL),
                        fields.optionalString("libc"),
                        fields.optionalString("build_id"),
                        fields.objects("calls", RecordingReader::call),
                        fields.optionalStrings("mapped").orElse(List.of()),
                        phase.equals(RecordingWriter.EXEC));
        (phase.equals(RecordingWriter.RUNTIME) ? runtime : programs).add(program);
        return program;
    }

    private static CallEvidence call(JsonFields fields) {
        // Only for readers of the file: the number counts, since names change as tables grow.
        fields.string("name");
        return new CallEvidence(
                (int) fields.number("number", Integer.MIN_VALUE, Integer.MAX_VALUE),
                fields.number("count", 1, MAX_COUNT),
                fields.number("first_millis", 0, Long.MAX_VALUE),
                fields.optionalNumber("last_millis", 0, Long.MAX_VALUE),
                fields.optionalNumber("before_entry", 0, MAX_COUNT),
                fields.optionalString("origin").map(Origin::parse),
                fields.optionalStrings("arguments"),
                fields.optionalObject("tests", RecordingReader::tests));
    }

    private static CallTests tests(JsonFields fields) {
        return new CallTests(
                fields.number("outside", 0, MAX_COUNT),
                (int) fields.number("count", 0, Integer.MAX_VALUE),
                fields.strings("smallest"),
                fields.bool("certain"),
                (int) fields.number("calls", 0, Integer.MAX_VALUE));
    }
}
