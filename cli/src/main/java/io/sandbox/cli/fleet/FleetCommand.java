// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.fleet;

import io.sandbox.cli.Cli;
import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.lists.OtherList;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ResultOutput;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.cli.output.Styled;
import io.sandbox.evidence.ArgumentDetail;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.WatchedArgument;
import io.sandbox.evidence.learned.LearnedConditions;
import io.sandbox.evidence.learned.LearnedPolicy;
import io.sandbox.fleet.Fleet;
import io.sandbox.fleet.FleetCall;
import io.sandbox.fleet.FleetProgram;
import io.sandbox.fleet.FleetReader;
import io.sandbox.fleet.FleetRecording;
import io.sandbox.fleet.HostPattern;
import io.sandbox.fleet.MinHosts;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.ObservedCall;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** {@code sandbox fleet}: puts together the evidence of many hosts. */
public final class FleetCommand implements Callable<Integer> {
    private final Options options = new Options("sandbox fleet", this);

    private final Value<String> hostFromPath = options.named("--host-from-path").text("PATTERN");

    private final Value<String> exe = options.named("--exe").text("PATH");

    private enum Format {
        TEXT,
        JSON,
        CSV
    }

    private final Value<Format> format =
            options.named("--format").choice(Format.class, "FORMAT").or(Format.TEXT);

    private final Value<ListFormat> to = ListFormat.option(options);

    private final Value<String> minHosts = options.named("--min-hosts").text("N");

    private final Value<Path> recording = options.named("--recording").file();

    private final Value<String> spark = options.named("--spark").text("MASTER");

    private final Value<List<String>> sparkConf = options.named("--spark-conf").texts("KEY=VALUE");

    private final Value<List<String>> paths = options.words("FILE");

    private final Console console = new Console("sandbox fleet");
    private final StandardOutput output = new StandardOutput();
    private boolean failed;

    public static Options options() {
        return new FleetCommand().options;
    }

    public static void main(String[] arguments) {
        System.exit(Cli.runLookup(options(), arguments));
    }

    @Override
    public Integer call() {
        options.mistakeIf(!paths.isGiven(), "no PATH given");
        options.mistakeIf(minHosts.isGiven() && !to.isGiven(), "--min-hosts is for --to");
        options.mistakeIf(
                to.isGiven() && format.isGiven(), "--to and --format: only one can be printed");
        MinHosts least = parsed("--min-hosts", MinHosts::parse, minHosts.optional().orElse("1"));
        Optional<HostPattern> pattern =
                hostFromPath
                        .optional()
                        .map(text -> parsed("--host-from-path", HostPattern::parse, text));
        options.mistakeIf(
                recording.isGiven() && exe.isGiven(),
                "--recording has the evidence of all executables, not of --exe");
        options.mistakeIf(sparkConf.isGiven() && !spark.isGiven(), "--spark-conf is for --spark");
        try (ResultOutput recorded = ResultOutput.openIfGiven(recording.get())) {
            return read(pattern, least, recorded);
        }
    }

    /** {@code recorded} is null if no recording is wanted. */
    private int read(Optional<HostPattern> pattern, MinHosts least, ResultOutput recorded) {
        Fleet fleet = read(pattern);
        List<FleetProgram> programs = List.copyOf(fleet.programs());
        if (programs.isEmpty()) {
            console.say(exe.isGiven() ? exe.get() + ": no evidence of it" : "no evidence found");
            return failed ? ExitCodes.LOOKUP_ERROR : ExitCodes.NOTHING_FOUND;
        }
        if (recorded != null) {
            recorded.write(RecordingWriter.write(FleetRecording.of(fleet)));
        }
        if (to.isGiven()) {
            printPolicy(fleet, programs, least);
        } else {
            output.print(
                    switch (format.get()) {
                        case TEXT ->
                                new FleetText(
                                                fleet,
                                                programs,
                                                silence(),
                                                Styled.forStandardOutput())
                                        .text();
                        case JSON -> FleetData.json(fleet, programs);
                        case CSV -> FleetData.csv(programs);
                    });
        }
        if (to.isGiven() || format.get() == Format.CSV) {
            sayDoubts(fleet);
        }
        return failed ? ExitCodes.LOOKUP_ERROR : ExitCodes.OK;
    }

    private <T> T parsed(String option, Function<String, T> parser, String text) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw options.mistake(option + ": " + text + ": " + e.getMessage());
        }
    }

    private Fleet read(Optional<HostPattern> pattern) {
        Fleet fleet =
                spark.isGiven()
                        ? SparkSubmit.read(spark.get(), sparkConf.get(), wordsForSpark())
                        : new FleetReader(pattern, exe.optional(), recording.isGiven())
                                .read(paths.get().stream().map(Path::of).toList());
        failed = !fleet.unread().isEmpty();
        fleet.unread().forEach((file, why) -> console.say(file + ": " + why));
        if (fleet.filesAsHosts() > 0) {
            console.say(
                    ("note: %s files do not name their host, so each counts as a host"
                                    + " (--host-from-path finds it in the path)")
                            .formatted(fleet.filesAsHosts()));
        }
        return fleet;
    }

    /** What {@code ReadFleet} takes behind the name of its file. */
    private List<String> wordsForSpark() {
        List<String> words = new ArrayList<>();
        words.add(String.valueOf(recording.isGiven()));
        words.add(hostFromPath.optional().orElse(""));
        words.add(exe.optional().orElse(""));
        words.addAll(paths.get());
        return words;
    }

    private void printPolicy(Fleet fleet, List<FleetProgram> programs, MinHosts least) {
        Map<ObservedCall, Set<String>> calls = new TreeMap<>();
        Map<String, List<String>> review = new LinkedHashMap<>();
        TreeSet<String> arches = new TreeSet<>();
        for (FleetProgram program : programs) {
            for (FleetCall call : program.calls()) {
                ObservedCall observed = ObservedCall.of(program.auditArch(), call.number());
                Set<String> allowed = least.conditions(call, program);
                Map<String, BitSet> left = new TreeMap<>(call.arguments());
                left.keySet().removeAll(allowed);
                boolean isWhole = !least.suffice(call.hosts(), program);
                if (isWhole) {
                    left = Map.of("", call.hosts());
                } else if (!allowed.isEmpty()) {
                    calls.computeIfAbsent(observed, each -> new TreeSet<>()).addAll(allowed);
                    arches.add(observed.archName());
                }
                if (!allowed.contains(FleetCall.ANY)) {
                    left.forEach(
                            (condition, hosts) ->
                                    review.computeIfAbsent(
                                                    " of "
                                                            + program.executable()
                                                            + ": only on "
                                                            + FleetText.hosts(fleet, hosts),
                                                    each -> new ArrayList<>())
                                            .add(named(observed, condition, isWhole)));
                }
            }
        }
        if (programs.size() > 1) {
            console.say(
                    "note: one policy for "
                            + programs.size()
                            + " executables (--exe PATH takes one)");
        }
        Arch arch = LearnedPolicy.archAmong(arches);
        LearnedConditions conditions = LearnedConditions.of(calls);
        LearnedPolicy policy = LearnedPolicy.of(calls.keySet(), arch, conditions);
        output.write(to.get().write(policy.allowlist(), arch, console));
        String why = "left out, since fewer than " + least + ": ";
        review.forEach((where, names) -> console.say(why + String.join(" ", names) + where));
        calls.keySet()
                .removeIf(
                        call ->
                                WatchedArgument.of(call, ArgumentDetail.CLASSES).isEmpty()
                                        || !conditions.seen(call, arch).isEmpty());
        if (!calls.isEmpty()) {
            console.say(
                    "note: allowed with any arguments, because theirs are too many or not all known"
                            + " (logs have none): "
                            + ObservedCall.names(calls.keySet()));
            console.say(OtherList.worth(OtherList.document(policy.allowlist(), Map.of()), arch));
        }
        for (ObservedCall call : policy.inexpressible()) {
            String form = "not in the policy, which is for %s: %s of %s";
            console.say(form.formatted(arch.name(), call.displayName(), call.archName()));
        }
    }

    /** {@code isWhole}: whether the whole call is left out. */
    private static String named(ObservedCall call, String condition, boolean isWhole) {
        String arguments = condition.isEmpty() ? " with unknown arguments" : "(" + condition + ")";
        return call.displayName() + (isWhole ? "" : arguments);
    }

    /** What is said of hosts without evidence. */
    private String silence() {
        return exe.isGiven() ? "without any call of it" : "without any call";
    }

    /** Says what the forms that have no place for it do not say. */
    private void sayDoubts(Fleet fleet) {
        int silent = fleet.silentHosts().size();
        if (silent > 0) {
            console.say("warning: " + silent + " hosts are " + silence());
        }
        if (!fleet.losses().isEmpty()) {
            console.say(
                    ("warning: records of %s hosts are missing, so calls may be missing too"
                                    + " (--format text names them)")
                            .formatted(fleet.losses().size()));
        }
    }
}
