// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.sandbox.syscalldb.ObservedCall;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes a recording as JSON, in UTF-8, as {@code docs/recording.md} describes it. Equal recordings
 * give equal bytes, with one value on each line, so that a diff of two files is short.
 */
public final class RecordingWriter {
    /** Each recording begins with this name. */
    public static final String FORMAT = "sandbox-recording";

    static final int VERSION = 1;

    /** The phase of a program's calls that are a container runtime's. */
    static final String RUNTIME = "runtime";

    private static final String LINE = "\n";

    private final JsonGenerator json;

    private RecordingWriter(JsonGenerator json) {
        this.json = json;
    }

    /** The whole file, with a newline at its end. */
    public static byte[] write(Recording recording) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            DefaultIndenter indenter = new DefaultIndenter("  ", LINE);
            json.setPrettyPrinter(
                    new DefaultPrettyPrinter()
                            .withArrayIndenter(indenter)
                            .withObjectIndenter(indenter));
            new RecordingWriter(json).writeRecording(recording);
            json.writeRaw(LINE);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return bytes.toByteArray();
    }

    private void writeRecording(Recording recording) throws IOException {
        json.writeStartObject();
        json.writeStringField("format", FORMAT);
        json.writeNumberField("version", VERSION);
        json.writeArrayFieldStart("runs");
        for (Run run : recording.runs()) {
            writeRun(run);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeRun(Run run) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", run.id());
        json.writeStringField("started", run.started().toString());
        json.writeNumberField("millis", run.millis());
        json.writeStringField("source", run.source());
        if (run.from().isPresent()) {
            json.writeStringField("from", run.from().get());
        }
        writeStrings("command", run.command());
        json.writeBooleanField("enforced", run.filter().enforced());
        writeStrings("allowed", run.filter().allowed());
        if (run.status().isPresent()) {
            json.writeNumberField("status", run.status().getAsInt());
        }
        if (!run.state().isEmpty()) {
            json.writeStringField("state", run.state());
        }
        writeVerdict(run.verdict());
        writeMachine(run.machine());
        json.writeArrayFieldStart("programs");
        for (ProgramEvidence program : run.programs()) {
            writeProgram(program, false);
        }
        for (ProgramEvidence program : run.runtime()) {
            writeProgram(program, true);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeStrings(String name, List<String> values) throws IOException {
        writeStrings(json, name, values);
    }

    private static void writeStrings(JsonGenerator json, String name, List<String> values)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private void writeVerdict(Verdict verdict) throws IOException {
        json.writeBooleanField("complete", verdict instanceof Verdict.Complete);
        if (verdict instanceof Verdict.Incomplete incomplete) {
            json.writeNumberField("lost", incomplete.lost());
            writeStrings("causes", incomplete.causes());
        } else if (!verdict.reservations().isEmpty()) {
            writeStrings("reservations", verdict.reservations());
        }
    }

    private void writeMachine(Machine machine) throws IOException {
        json.writeObjectFieldStart("machine");
        json.writeStringField("kernel", machine.kernel());
        json.writeStringField("arch", machine.arch());
        json.writeStringField("tool", machine.tool());
        json.writeEndObject();
    }

    private void writeProgram(ProgramEvidence program, boolean isRuntime) throws IOException {
        json.writeStartObject();
        if (isRuntime) {
            json.writeStringField("phase", RUNTIME);
        }
        json.writeStringField("executable", program.executable());
        json.writeStringField("arch", ObservedCall.archName(program.auditArch()));
        json.writeNumberField("audit_arch", Integer.toUnsignedLong(program.auditArch()));
        if (program.libc().isPresent()) {
            json.writeStringField("libc", program.libc().get());
        }
        if (program.buildId().isPresent()) {
            json.writeStringField("build_id", program.buildId().get());
        }
        json.writeArrayFieldStart("calls");
        for (CallEvidence call : program.calls()) {
            writeCall(program.auditArch(), call);
        }
        json.writeEndArray();
        if (!program.mapped().isEmpty()) {
            writeStrings("mapped", program.mapped());
        }
        json.writeEndObject();
    }

    private void writeCall(int auditArch, CallEvidence call) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", ObservedCall.of(auditArch, call.number()).displayName());
        json.writeNumberField("number", call.number());
        json.writeNumberField("count", call.count());
        json.writeNumberField("first_millis", call.firstMillis());
        if (call.lastMillis().isPresent()) {
            json.writeNumberField("last_millis", call.lastMillis().getAsLong());
        }
        if (call.beforeEntry().isPresent()) {
            json.writeNumberField("before_entry", call.beforeEntry().getAsLong());
        }
        if (call.origin().isPresent()) {
            json.writeStringField("origin", call.origin().get().toString());
        }
        if (call.arguments().isPresent()) {
            writeStrings("arguments", call.arguments().get());
        }
        if (call.tests().isPresent()) {
            writeTests(json, call.tests().get());
        }
        json.writeEndObject();
    }

    /** Writes them as a field of the object that is being written. */
    public static void writeTests(JsonGenerator json, CallTests tests) throws IOException {
        json.writeObjectFieldStart("tests");
        json.writeNumberField("outside", tests.outside());
        json.writeNumberField("count", tests.count());
        writeStrings(json, "smallest", tests.smallest());
        json.writeBooleanField("certain", tests.certain());
        json.writeNumberField("calls", tests.calls());
        json.writeEndObject();
    }
}
