// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence;

import static io.sandbox.evidence.IndentedJson.object;

import io.sandbox.syscalldb.Capability;
import io.sandbox.syscalldb.ObservedCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    /** The phase of a program that an exec into a container has brought. */
    static final String EXEC = "exec";

    private RecordingWriter() {}

    /** The whole file, with a newline at its end. */
    public static byte[] write(Recording recording) {
        return IndentedJson.bytes(
                object(
                        "format", FORMAT,
                        "version", VERSION,
                        "runs", recording.runs().stream().map(RecordingWriter::run).toList()));
    }

    private static Map<String, Object> run(Run run) {
        List<Object> programs = new ArrayList<>();
        for (ProgramEvidence each : run.programs()) {
            programs.add(program(each, Optional.of(EXEC).filter(phase -> each.exec())));
        }
        run.runtime().forEach(each -> programs.add(program(each, Optional.of(RUNTIME))));
        Map<String, Object> object =
                object(
                        "id", run.id(),
                        "started", run.started(),
                        "millis", run.millis(),
                        "source", run.source(),
                        "from", run.from(),
                        "command", run.command(),
                        "enforced", run.filter().enforced(),
                        "allowed", run.filter().allowed(),
                        "status", run.status(),
                        "state", Optional.of(run.state()).filter(state -> !state.isEmpty()));
        object.putAll(verdict(run.verdict()));
        object.put("machine", machine(run.machine()));
        object.put("programs", programs);
        run.capabilities().ifPresent(each -> object.put("capabilities", capabilities(each)));
        run.operations().ifPresent(each -> object.put("io_uring", operations(each)));
        run.access().ifPresent(each -> object.put("access", access(each)));
        return object;
    }

    private static Map<String, Object> operations(RunOperations operations) {
        return operations.unrecorded().isPresent()
                ? object("unrecorded", operations.unrecorded())
                : object("programs", names(operations.programs(), RunOperations.Way.values()));
    }

    private static Map<String, Object> access(RunAccess access) {
        return object(
                "left_out", access.leftOut(),
                "programs", names(access.programs(), RunAccess.Use.values()));
    }

    private static <W extends Enum<W>> List<Map<String, Object>> names(
            List<NamesOfProgram<W>> programs, W[] ways) {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (NamesOfProgram<W> program : programs) {
            Map<String, Object> object = object("executable", program.executable());
            for (W way : ways) {
                unlessEmpty(program.names(way))
                        .ifPresent(each -> object.put(NamesOfProgram.word(way), each));
            }
            objects.add(object);
        }
        return objects;
    }

    private static Map<String, Object> capabilities(RunCapabilities capabilities) {
        return capabilities.unrecorded().isPresent()
                ? object("unrecorded", capabilities.unrecorded())
                : object(
                        "held", Long.toHexString(capabilities.held()),
                        "programs",
                                capabilities.programs().stream()
                                        .map(RecordingWriter::capabilities)
                                        .toList(),
                        "needed", unlessEmpty(Capability.names(capabilities.needed())),
                        "spared", unlessEmpty(Capability.names(capabilities.spared())));
    }

    private static Map<String, Object> capabilities(RunCapabilities.OfProgram program) {
        Map<String, Object> object = object("executable", program.executable());
        for (RunCapabilities.Use use : RunCapabilities.Use.values()) {
            if (program.set(use) != 0) {
                object.put(use.word(), Capability.names(program.set(use)));
            }
        }
        return object;
    }

    private static Map<String, Object> verdict(Verdict verdict) {
        if (verdict instanceof Verdict.Incomplete incomplete) {
            return object(
                    "complete", false, "lost", incomplete.lost(), "causes", incomplete.causes());
        }
        return object("complete", true, "reservations", unlessEmpty(verdict.reservations()));
    }

    private static Optional<List<String>> unlessEmpty(List<String> texts) {
        return Optional.of(texts).filter(list -> !list.isEmpty());
    }

    private static Map<String, Object> machine(Machine machine) {
        return object("kernel", machine.kernel(), "arch", machine.arch(), "tool", machine.tool());
    }

    private static Map<String, Object> program(ProgramEvidence program, Optional<String> phase) {
        return object(
                "phase", phase,
                "executable", program.executable(),
                "arch", ObservedCall.archName(program.auditArch()),
                "audit_arch", Integer.toUnsignedLong(program.auditArch()),
                "libc", program.libc(),
                "build_id", program.buildId(),
                "calls",
                        program.calls().stream()
                                .map(call -> call(program.auditArch(), call))
                                .toList(),
                "mapped", unlessEmpty(program.mapped()));
    }

    private static Map<String, Object> call(int auditArch, CallEvidence call) {
        return object(
                "name", ObservedCall.of(auditArch, call.number()).displayName(),
                "number", call.number(),
                "count", call.count(),
                "first_millis", call.firstMillis(),
                "last_millis", call.lastMillis(),
                "before_entry", call.beforeEntry(),
                "origin", call.origin(),
                "arguments", call.arguments(),
                "tests", call.tests().map(RecordingWriter::tests));
    }

    public static Map<String, Object> tests(CallTests tests) {
        return object(
                "outside", tests.outside(),
                "count", tests.count(),
                "smallest", tests.smallest(),
                "certain", tests.certain(),
                "calls", tests.calls());
    }
}
