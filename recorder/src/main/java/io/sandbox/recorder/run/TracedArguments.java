// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallTrace;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The values of arguments that the kernel records while it counts calls. */
final class TracedArguments {
    /** Where no values are wanted. */
    static final TracedArguments NONE = new TracedArguments(ArgumentDetail.NONE);

    private static final Arch MACHINE = SyscallDb.get().nativeArch();
    private static final Arch COMPAT =
            MACHINE.secondary().stream()
                    .flatMap(name -> SyscallDb.get().archByName(name).stream())
                    .filter(arch -> arch.auditArch() != MACHINE.auditArch())
                    .findFirst()
                    .orElse(MACHINE);

    private final ArgumentDetail detail;
    private final Map<List<Object>, List<CallTrace.Values>> values = new HashMap<>();

    private TracedArguments(ArgumentDetail detail) {
        this.detail = detail;
    }

    ArgumentDetail detail() {
        return detail;
    }

    /** Has a trace, which counts nothing yet, record the arguments. */
    static void watch(CallTrace trace, ArgumentDetail detail) {
        if (detail.limit() == 0) {
            return;
        }
        trace.watch(detail == ArgumentDetail.CLASSES ? Usual.CALLS : calls(detail));
    }

    private static List<CallTrace.Watched> calls(ArgumentDetail detail) {
        List<CallTrace.Watched> calls = new ArrayList<>();
        for (ObservedCall call : watched(detail)) {
            boolean compat = call.auditArch() != MACHINE.auditArch();
            calls.add(watched(call.number(), compat, WatchedArgument.of(call, detail)));
        }
        return calls;
    }

    /** What is usually watched. It takes long to find out, so {@link #load} begins early. */
    private static final class Usual {
        static final List<CallTrace.Watched> CALLS = calls(ArgumentDetail.CLASSES);
    }

    static void load() {
        Usual.CALLS.size();
    }

    /** The calls of programs of this machine whose arguments count. */
    static List<ObservedCall> watched(ArgumentDetail detail) {
        return Stream.of(MACHINE, COMPAT)
                .distinct()
                .flatMap(arch -> watched(arch, detail))
                .filter(call -> !WatchedArgument.of(call, detail).isEmpty())
                .toList();
    }

    private static Stream<ObservedCall> watched(Arch arch, ArgumentDetail detail) {
        SyscallTable table = SyscallDb.get().table(arch);
        return WatchedArgument.calls(detail).stream()
                .flatMap(name -> table.byName(name).stream())
                .map(call -> ObservedCall.of(arch.auditArch(), call.number()));
    }

    private static CallTrace.Watched watched(
            int number, boolean compat, List<WatchedArgument> arguments) {
        return new CallTrace.Watched(
                number,
                compat,
                arguments.stream()
                        .flatMapToInt(argument -> argument.place().stream())
                        .boxed()
                        .toList(),
                arguments.stream().map(WatchedArgument::mask).toList());
    }

    /** Reads the values when the calls are over. */
    static TracedArguments query(CallTrace trace, ArgumentDetail detail) {
        TracedArguments arguments = new TracedArguments(detail);
        if (detail.limit() > 0) {
            for (CallTrace.Values each : trace.queryValues()) {
                arguments
                        .values
                        .computeIfAbsent(
                                key(each.program(), each.number(), each.compat()),
                                key -> new ArrayList<>())
                        .add(each);
            }
        }
        return arguments;
    }

    /** No record, whose first hash code costs a start 10 ms. */
    private static List<Object> key(int program, int number, boolean compat) {
        return List.of(program, number, compat);
    }

    /** The machine's architecture, or that of its 32-bit programs if it has any. */
    static Arch arch(boolean compat) {
        return compat ? COMPAT : MACHINE;
    }

    /** The call with the values of its arguments, if all are known. */
    CallEvidence complete(CallEvidence call, CallTrace.Calls program, ObservedCall observed) {
        List<CallTrace.Values> known =
                values.getOrDefault(
                        key(program.program(), call.number(), program.compat()), List.of());
        List<WatchedArgument> watched = WatchedArgument.of(observed, detail);
        if (known.isEmpty()
                || known.size() > detail.limit()
                || !known.stream().allMatch(CallTrace.Values::all)) {
            return call;
        }
        return call.withArguments(
                watched,
                known.stream().map(each -> each.values().subList(0, watched.size())).toList());
    }

    /**
     * What was recorded, with the arguments that were counted. A program can get another name while
     * it runs, and the records then have the new one. So where the counted calls of a program may
     * not be all of its recorded ones, they get the arguments of all programs.
     *
     * @param recorded the same run as another source saw it
     * @param whole whether all calls of the run were recorded
     */
    static List<ProgramEvidence> complete(
            List<ProgramEvidence> recorded, List<ProgramEvidence> counted, boolean whole) {
        Map<String, CallEvidence> ofProgram = calls(counted);
        Map<String, CallEvidence> ofAll =
                calls(
                        ProgramEvidence.merge(
                                counted.stream().map(TracedArguments::unnamed).toList()));
        List<ProgramEvidence> result = new ArrayList<>();
        for (ProgramEvidence program : recorded) {
            List<CallEvidence> calls = new ArrayList<>();
            for (CallEvidence call : program.calls()) {
                CallEvidence same = ofProgram.get(key(program, call));
                if (!whole || same == null || same.count() < call.count()) {
                    same = ofAll.get(key(unnamed(program), call));
                }
                calls.add(same == null ? call : call.withArguments(same.arguments()));
            }
            result.add(program.withCalls(calls));
        }
        return result;
    }

    private static ProgramEvidence unnamed(ProgramEvidence program) {
        return new ProgramEvidence("", program.auditArch(), program.calls());
    }

    private static Map<String, CallEvidence> calls(List<ProgramEvidence> programs) {
        Map<String, CallEvidence> calls = new HashMap<>();
        for (ProgramEvidence program : programs) {
            program.calls().forEach(call -> calls.put(key(program, call), call));
        }
        return calls;
    }

    private static String key(ProgramEvidence program, CallEvidence call) {
        return call.number() + " " + program.auditArch() + " " + program.executable();
    }
}
