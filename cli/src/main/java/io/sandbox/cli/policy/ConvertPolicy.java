// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policy;

import io.sandbox.cli.lists.CapabilityLines;
import io.sandbox.cli.lists.ListFormat;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.policyfile.AtMost;
import io.sandbox.cli.policyfile.LooserLines;
import io.sandbox.cli.policyfile.PolicyInput;
import io.sandbox.cli.policyfile.PolicyParts;
import io.sandbox.cli.policyfile.PolicyPlace;
import io.sandbox.evidence.learned.LearnedCapabilities;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.ProgramStart;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.meaning.PolicyTranslation;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.syscalldb.Arch;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

final class ConvertPolicy implements Callable<Integer> {
    /** The formats of tools that always load the filter before they execute the program. */
    private static final Set<String> LOAD_BEFORE_EXEC =
            Set.of(
                    PolicyFormat.FIREJAIL.toString(),
                    PolicyFormat.KAFEL.toString(),
                    PolicyFormat.OCI.toString(),
                    PolicyFormat.SPO.toString(),
                    PolicyFormat.SYSTEMD.toString());

    /** Seen with firejail 0.9.74, for each profile without a line for capabilities. */
    private static final String LOST_AS_ROOT =
            "firejail: root loses dac_override and dac_read_search under a profile (add caps.keep"
                    + " with what the program needs, or convert a recording that root made)";

    final Options options = new Options("convert", this);

    private final Value<String> file = options.optionalOperand("FILE");

    private final FilterSource process = new FilterSource(options);

    private final Value<String> to =
            options.named("--to").required().with(PolicyOutput.formats()).text("FORMAT");

    private final Value<String> fromArch = options.named("--from-arch").text("ARCH");

    /** What the written policy is for, if it is not what FILE is for. */
    private enum Mode {
        LOG_UNKNOWN
    }

    private final Value<Mode> mode = options.named("--mode").choice(Mode.class, "MODE");

    private final Console console = new Console("sandbox policy");
    private final RuntimeNeeds runtime = new RuntimeNeeds(options, console);
    private final PolicyPlace place = new PolicyPlace(options);
    private final PolicyParts parts = new PolicyParts(options, place);
    private final AtMost atMost = AtMost.option(options);
    private final PolicyOutput output = new PolicyOutput(options, console);

    @Override
    public Integer call() {
        PolicyInput input = new PolicyInput(console, parts);
        process.requireOne(file, "FILE");
        if (to.get().equals(PolicyOutput.BPF)) {
            input.willBeCompiled();
        }
        PolicyDocument document =
                process.isGiven()
                        ? input.readProcess(process.get(), place)
                        : input.readPolicyOrRecording(file.get(), sourceArch());
        if (mode.isGiven()) {
            document = document.onTrial();
            output.requireLogging();
        }
        document = translated(document, input);
        PolicyDocument full = runtime.add(document, to.get(), place);
        atMost.sayTaken(full, place.circumstances(), console);
        PolicyDocument result = atMost.of(full, place.circumstances());
        if (RuntimeNeeds.FORMATS.contains(to.get())) {
            LooserLines.say(
                    result, place.circumstances(), List.of(DefaultProfile.values()), console);
        }
        if (LOAD_BEFORE_EXEC.contains(to.get())) {
            warnOfStart(document);
        }
        Optional<CapabilityLines> capabilities =
                input.recording()
                        .flatMap(LearnedCapabilities::of)
                        .filter(learned -> !mode.isGiven())
                        .map(learned -> new CapabilityLines(ListFormat.of(to.get()), learned));
        capabilities.flatMap(CapabilityLines::hint).ifPresent(console::say);
        if (to.get().equals(PolicyFormat.FIREJAIL.toString())
                && capabilities.filter(CapabilityLines::areKnown).isEmpty()) {
            console.say(LOST_AS_ROOT);
        }
        if (input.recording().filter(all -> all.runs().size() > 1).isPresent()) {
            console.say(
                    ("%s: has the calls of its runs only; those that --thorough, --portable or"
                         + " --chance-calls added are in the list (convert the list; or sandbox"
                         + " learn --merge %s --portable --chance-calls --to %s PROGRAM ... makes"
                         + " one, and runs no state again)")
                            .formatted(file.get(), Console.printable(file.get()), to.get()));
        }
        output.write(
                result,
                to.get(),
                place,
                input,
                list -> capabilities.map(lines -> lines.behind(list)).orElse(list));
        return ExitCodes.OK;
    }

    private void warnOfStart(PolicyDocument document) {
        String form =
                "%s: %s, which almost every program makes when it starts, is refused: is this a"
                        + " list for libsandbox.so? (sandbox learn makes one for other tools)";
        ProgramStart.lackedCall(document, place.arch())
                .ifPresent(call -> console.say(form.formatted(to.get(), call)));
    }

    private Arch sourceArch() {
        return fromArch.isGiven() ? PolicyPlace.arch(fromArch.get()) : place.arch();
    }

    private PolicyDocument translated(PolicyDocument document, PolicyInput input) {
        PolicyTranslation.Result result =
                PolicyTranslation.of(document, sourceArch(), place.arch());
        for (String replacement : result.replacements()) {
            console.say(place.arch().name() + ": " + replacement);
        }
        input.report(place.arch().name(), result.losses());
        return result.document();
    }
}
