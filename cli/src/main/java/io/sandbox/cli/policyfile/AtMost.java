// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.policyfile;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.enforcer.launch.file.FilesBeside;
import io.sandbox.enforcer.launch.process.HostCircumstances;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.policy.document.Circumstances;
import io.sandbox.policy.document.PolicyDocument;
import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.format.PolicyFormat;
import io.sandbox.policy.format.Surroundings;
import io.sandbox.policy.meaning.ClassDifference;
import io.sandbox.policy.meaning.PolicyDifference;
import io.sandbox.policy.meaning.PolicyIntersection;
import io.sandbox.policy.meaning.PolicyMeaning;
import io.sandbox.policy.worth.DefaultProfile;
import io.sandbox.policy.worth.Looser;
import io.sandbox.syscalldb.SyscallDb;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The option for a policy that the written one must not exceed. */
public final class AtMost {
    /** For a command without the option. */
    public static final AtMost NOTHING = new AtMost(Optional.empty());

    private static final String NAME = "--at-most";

    private final Optional<Value<String>> option;

    private AtMost(Optional<Value<String>> option) {
        this.option = option;
    }

    public static AtMost option(Options options) {
        List<String> profiles =
                Arrays.stream(DefaultProfile.values()).map(DefaultProfile::toString).toList();
        return new AtMost(Optional.of(options.named(NAME).offering(profiles).text("POLICY")));
    }

    public boolean isGiven() {
        return option.isPresent() && option.get().isGiven();
    }

    /**
     * Reads the policy, so that a mistake is known before anything is recorded.
     *
     * @throws CommandFailure if it cannot be read
     */
    public void check() {
        if (isGiven()) {
            bound(HostCircumstances.query(SyscallDb.get().nativeArch().name()));
        }
    }

    /**
     * The part of a list that the policy allows too; all of it if no policy is given.
     *
     * @throws CommandFailure if the policy cannot be read, or if it cannot be combined
     */
    public PolicyDocument of(PolicyDocument list, Circumstances here) {
        if (!isGiven()) {
            return list;
        }
        try {
            return PolicyIntersection.of(list, bound(here), here);
        } catch (PolicyFormatException e) {
            throw CommandFailure.ownFailure(
                    NAME + " " + option.get().get() + ": " + FormatAdvice.words(e));
        }
    }

    /** Says what {@link #of} takes away from a list, one line each. */
    public void sayTaken(PolicyDocument list, Circumstances here, Console console) {
        if (!isGiven()) {
            return;
        }
        PolicyDocument both = of(list, here);
        ClassDifference classes =
                new ClassDifference(PolicyMeaning.of(list, here), PolicyMeaning.of(both, here));
        String what = NAME + " " + option.get().get() + ": ";
        List<Looser> taken = Looser.between(both, list, here);
        for (Looser each : taken) {
            PolicyDifference more = each.difference();
            String about = classes.about(more.subject());
            PolicyDifference less =
                    new PolicyDifference(more.subject(), more.after(), more.before());
            console.say(what + LooserLines.line(less, here.arch(), about));
        }
        if (taken.isEmpty()) {
            console.say(what + "nothing is taken away");
        }
    }

    private PolicyDocument bound(Circumstances here) {
        String given = option.get().get();
        return PolicyInput.profile(given)
                .map(profile -> profile.document(here))
                .orElseGet(() -> read(given, here.arch()));
    }

    private PolicyDocument read(String file, String arch) {
        Surroundings around = Surroundings.on(arch).withFiles(new FilesBeside(Path.of(file)));
        try {
            return PolicyFormat.readAny(PolicyInput.bytes(file), around).document();
        } catch (PolicyFormatException e) {
            throw CommandFailure.ownFailure(file + ": " + FormatAdvice.words(e));
        }
    }
}
