// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.output.Styled;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.policyfile.PolicyParts;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.cli.policyfile.ValueNames;
import io.sandbox.cli.recording.RecordingFile;
import io.sandbox.enforcer.launch.process.FiltersInForce;
import io.sandbox.enforcer.launch.process.ProcessStatus;
import io.sandbox.evidence.CallEvidence;
import io.sandbox.evidence.ProgramEvidence;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.TestsOfCalls;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.Action;
import io.sandbox.policy.ActionText;
import io.sandbox.policy.bpf.DecodedPolicy;
import io.sandbox.policy.bpf.FilterCode;
import io.sandbox.policy.bpf.FilterMeaning;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.meaning.CallSummary;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import io.sandbox.syscalldb.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

final class ShowPolicy implements Callable<Integer> {
    final Options options = new Options("show", this);

    private final Value<String> file = options.optionalOperand("FILE");

    private final FilterSource process = new FilterSource(options);

    private final Value<Boolean> each = options.named("--each").flag();

    private final Value<Boolean> tests = options.named("--by-test").flag();

    private final Value<Boolean> programs = options.named("--by-program").flag();

    private final PolicyPlace place = new PolicyPlace(options);
    private final PolicyParts parts = new PolicyParts(options, place);

    private final Styled styled = Styled.forStandardOutput();
    private final Console console = new Console("sandbox policy");

    @Override
    public Integer call() {
        process.requireOne(file, "FILE");
        if ((tests.get() || programs.get()) && process.isGiven()) {
            throw options.mistake(
                    (tests.get() ? "--by-test" : "--by-program")
                            + " reads a recording: it cannot be used with --pid");
        }
        options.mistakeIf(
                tests.get() && programs.get(),
                "--by-test and --by-program cannot be used together");
        new StandardOutput().print(text());
        return ExitCodes.OK;
    }

    private String text() {
        if (process.isGiven()) {
            return ofProcess();
        }
        if (programs.get()) {
            return ofPrograms();
        }
        return tests.get() ? ofTests() : ofFile();
    }

    private Recording recording() {
        byte[] bytes = PolicyInput.bytes(file.get());
        return RecordingFile.add(new Recording(List.of()), file.get(), bytes);
    }

    private String ofFile() {
        PolicyInput input = new PolicyInput(console, parts);
        if (PolicyInput.profile(file.get()).isPresent()) {
            return whole(input.readPolicyOrRecording(file.get(), place.arch()));
        }
        byte[] bytes = PolicyInput.bytes(file.get());
        if (parts.format().get().isEmpty() && FilterCode.isLikely(bytes)) {
            List<FilterCode> filter = FilterSource.parse(file.get(), bytes);
            Arch machine = place.hasArch() ? place.arch() : FilterMeaning.machineOf(filter);
            FilterScreen screen = new FilterScreen(styled);
            screen.append(filter, machine);
            return screen + worth(filter, machine, ShellQuote.quote(file.get()));
        }
        return whole(input.readPolicyOrRecording(file.get(), bytes, place.arch()));
    }

    private String whole(PolicyDocument document) {
        return ofDocument(document)
                + "\n"
                + TestPolicy.summary(document, place.circumstances(), ShellQuote.quote(file.get()));
    }

    private String ofTests() {
        TestsOfCalls found = TestsOfCalls.of(recording());
        if (!found.isKnown()) {
            throw CommandFailure.ownFailure(
                    file.get()
                            + ": does not say which tests make calls (record with"
                            + " sandbox learn --tests)");
        }
        return new TestsScreen(styled, found).toString();
    }

    /** Which executable made each call, how often, and the file whose code made the first. */
    private String ofPrograms() {
        StringBuilder out = new StringBuilder();
        List<Run> runs = recording().runs();
        List<ProgramEvidence> programs =
                runs.stream().flatMap(run -> run.programs().stream()).toList();
        for (ProgramEvidence program : ProgramEvidence.merge(programs)) {
            String name = UsedNames.name(program.executable());
            out.append(out.isEmpty() ? "" : "\n")
                    .append(styled.bold(name + (program.exec() ? ", in an exec" : "")))
                    .append(": ")
                    .append(program.calls().size())
                    .append('\n');
            program.calls().stream()
                    .sorted(Comparator.comparingLong(CallEvidence::count).reversed())
                    .map(call -> line(program.auditArch(), call))
                    .forEach(out::append);
        }
        return out + UsedNames.of(runs, styled);
    }

    private static String line(int auditArch, CallEvidence call) {
        String name = ObservedCall.of(auditArch, call.number()).displayName();
        String module = call.origin().map(Origin::module).map(Console::printable).orElse("");
        return String.format("%10d  %-17s  %s", call.count(), name, module).stripTrailing() + "\n";
    }

    private String ofProcess() {
        FiltersInForce found = process.query();
        List<FilterCode> filters = found.filters();
        FilterScreen screen = new FilterScreen(styled);
        screen.append(
                String.format(
                        "process %d%s: %d filter%s%s",
                        process.get(),
                        ProcessStatus.queryExecutable(process.get())
                                .map(path -> " (" + Console.printable(path) + ")")
                                .orElse(""),
                        filters.size(),
                        filters.size() == 1 ? "" : "s, which together say",
                        found.logDenials() ? "; refused calls are logged" : ""));
        screen.append(filters, place.arch());
        if (each.get()) {
            for (int i = filters.size() - 1; i >= 0; i--) {
                screen.append("\n" + FilterScreen.title(filters, i));
                screen.append(List.of(filters.get(i)), place.arch());
            }
        }
        if (!found.differentThreads().isEmpty()) {
            int other = found.differentThreads().get(0);
            console.say(
                    String.format(
                            "process %d: %d of its threads have a different number of filters"
                                    + " (--pid %d shows those of one thread)",
                            process.get(), found.differentThreads().size(), other));
        }
        return screen
                + (each.get() ? "\n" : "")
                + worth(filters, place.arch(), "--pid " + process.get());
    }

    private String worth(List<FilterCode> filters, Arch machine, String source) {
        PolicyDocument document =
                DecodedPolicy.of(FilterMeaning.of(filters, machine), false).document();
        return TestPolicy.summary(document, place.circumstances(machine), source);
    }

    private String ofDocument(PolicyDocument document) {
        Circumstances here = place.circumstances();
        List<CallSummary> calls = new ArrayList<>();
        for (CallSummary call : CallSummary.of(document, here)) {
            calls.add(call.withVerdict(ValueNames.in(call.name(), here.arch(), call.verdict())));
        }
        PolicyScreen screen = new PolicyScreen(styled);
        document.comments()
                .forEach(comment -> screen.append("# " + Console.printable(comment) + "\n"));
        StringBuilder others = new StringBuilder(text(document.otherwise()));
        if (document.unknown().refused()) {
            others.append(", calls ").append(document.unknown().text()).append(": errno:ENOSYS");
        }
        List<String> foreign = document.coverage().foreignOn(here.arch());
        if (!foreign.isEmpty()) {
            others.append(", also for ").append(String.join(" and ", foreign));
        }
        if (!document.treatsForeignAsUsual()) {
            Action foreignAction = document.logsForeign() ? Action.LOG : Action.KILL;
            others.append(", calls of other architectures: ").append(text(foreignAction));
        }
        document.listener()
                .ifPresent(
                        listener ->
                                others.append(", notify goes to ")
                                        .append(Console.printable(listener.toString())));
        screen.appendCount(calls, others.toString(), document.otherwise() == Action.ALLOW);
        screen.append("\n");
        screen.appendGroups(calls);
        return screen.toString();
    }

    private static String text(Action action) {
        return ActionText.format(action);
    }
}
