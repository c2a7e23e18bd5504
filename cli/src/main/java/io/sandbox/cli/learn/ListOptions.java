// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.policyfile.AtMost;
import io.sandbox.cli.recording.RecordingFile;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.Recording;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.UnknownCalls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is made of the evidence, and where it goes. */
final class ListOptions {
    /** Larger limits could make the filter too long for the kernel (4096 instructions). */
    private static final int MAX_VALUES = 32;

    private static final int DEFAULT_VALUES = 8;

    final Value<Path> output;
    final Value<Path> recordingFile;
    final Value<Boolean> perExecutable;
    final Value<Boolean> portable;
    final Value<Boolean> chanceCalls;
    final Value<Boolean> partial;
    final Value<Boolean> quiet;

    private final Console console;
    private final ListFormat usual;
    private final Value<ListFormat> format;
    final Value<List<Path>> merged;
    private final Value<Boolean> newerFail;

    private final Value<Boolean> bareNames;

    /** Null where the verb does not declare it. */
    private Value<Path> reportFile;

    private AtMost atMost = AtMost.NOTHING;
    private boolean addsPortable;
    private boolean addsSeen;
    private boolean addsOfRuntimes;
    private boolean hardens;
    private boolean hardensByFiles;
    private Value<Boolean> values;
    private Value<Integer> maxValues;
    private Value<Boolean> files;

    /** {@code usual}: the format if neither --to nor the name of a file says another. */
    ListOptions(Options options, ListFormat usual) {
        this.usual = usual;
        console = new Console(options.name());
        format = ListFormat.option(options, usual, ListFormat.words());
        output = options.named("-o", "--output").file();
        recordingFile = options.named("--recording").file();
        merged = options.named("--merge").files();
        perExecutable = options.named("--per-exe").flag();
        portable = options.named("--portable").flag();
        chanceCalls = options.named("--chance-calls").flag();
        bareNames = options.named("--names").rare().flag();
        newerFail = options.named("--enosys").rare().flag();
        partial = options.named("--partial").flag();
        quiet = options.named("-q", "--quiet").flag();
    }

    /** Declares --report, where one recording is made. */
    ListOptions withReport(Options options) {
        reportFile = options.named("--report").file();
        return this;
    }

    /** Declares --at-most, where one list is made that may replace another policy. */
    ListOptions withBound(Options options) {
        atMost = AtMost.option(options);
        return this;
    }

    AtMost atMost() {
        return atMost;
    }

    /** Declares --args, where every call can be looked at. */
    ListOptions withArguments(Options options) {
        values = options.named("--args").flag();
        maxValues = options.named("--max-values").rare().number("N", DEFAULT_VALUES);
        return this;
    }

    /** Declares --files, where each call can be looked at. */
    ListOptions withFiles(Options options) {
        files = options.named("--files").flag();
        return this;
    }

    /** Throws {@link CommandFailure} for values that contradict each other. */
    void check() {
        atMost.check();
        Options.refuseIf(
                seesValues() && bareNames.get(), "--args and --names contradict each other");
        Options.refuseIf(
                maxValues != null && maxValues.isGiven() && !values.get(),
                "--max-values is for --args");
        Options.refuseIf(
                seesFiles() && !isDetailed(),
                "--files: add --recording FILE or --report FILE, which say it");
        if (maxValues != null && (maxValues.get() < 1 || maxValues.get() > MAX_VALUES)) {
            throw CommandFailure.ownFailure(
                    "--max-values: " + maxValues.get() + ": not from 1 to " + MAX_VALUES);
        }
    }

    Console console() {
        return console;
    }

    private boolean seesValues() {
        return values != null && values.get();
    }

    private boolean seesFiles() {
        return files != null && files.get();
    }

    ArgumentDetail arguments() {
        return seesFiles() || hardensByFiles ? values().withFiles() : values();
    }

    private ArgumentDetail values() {
        if (seesValues()) {
            return ArgumentDetail.values(maxValues.get());
        }
        return bareNames.get()
                ? ArgumentDetail.NONE
                : hardens ? ArgumentDetail.MODES : ArgumentDetail.CLASSES;
    }

    /**
     * Adds what settings of a unit rest on: the modes of new files, ports, and files.
     *
     * @param allIsSeen whether the source can tell all ports and files
     */
    void harden(boolean allIsSeen) {
        hardens = true;
        hardensByFiles = allIsSeen;
    }

    /** Null if no report is wanted. */
    Path reportFile() {
        return reportFile == null ? null : reportFile.get();
    }

    /** The file of the recording, for a shell. */
    Optional<String> recordingName() {
        return recordingFile.optional().map(file -> ShellQuote.quote(file.toString()));
    }

    /** How to see what the recording tells of files and addresses, for the end of a message. */
    String whichAre() {
        return recordingName()
                .map(" (sandbox policy show --by-program %s names them)"::formatted)
                .orElse("");
    }

    /** Whether to look up where calls are made. */
    boolean isDetailed() {
        return recordingFile.isGiven() || reportFile() != null;
    }

    /** Adds what this machine cannot show. */
    void addPortable() {
        addsPortable = true;
    }

    /**
     * Adds what the runtimes that are seen make by chance.
     *
     * @param ofRuntimes also what the C library needs in other states, if there are no threads
     */
    void addSeen(boolean ofRuntimes) {
        addsSeen = true;
        addsOfRuntimes = ofRuntimes;
    }

    boolean addsSeen() {
        return addsSeen;
    }

    boolean isPortable() {
        return portable.get() || addsPortable;
    }

    boolean hasChanceCalls() {
        return chanceCalls.get();
    }

    /** The evidence of --merge. */
    Recording known() {
        return RecordingFile.readAll(merged.get());
    }

    ListFormat format() {
        if (format.isGiven()) {
            return format.get();
        }
        return output.isGiven() && usual == ListFormat.ENV
                ? ListFormat.ofFile(output.get())
                : usual;
    }

    LearnedLists lists() {
        ListFormat chosen = format();
        if (perExecutable.get() && !chosen.isVariables()) {
            throw CommandFailure.ownFailure(
                    "--per-exe: a file of format " + chosen + " holds one list (take --to env)");
        }
        UnknownCalls unknown =
                newerFail.get() || chosen == ListFormat.JSON
                        ? UnknownCalls.after(HostCircumstances.queryKernel())
                        : UnknownCalls.AS_OTHERS;
        boolean always = hasChanceCalls();
        boolean ofAny = (always || addsSeen) && arguments().limit() > 0 && chosen.hasConditions();
        return new LearnedLists(
                chosen,
                new ChanceAdditions(
                        always, addsSeen, addsOfRuntimes, ofAny, isPortable(), arguments()),
                unknown,
                atMost,
                console);
    }
}
