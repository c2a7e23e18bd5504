// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.help;

import io.sandbox.cli.check.CheckCommand;
import io.sandbox.cli.fleet.FleetCommand;
import io.sandbox.cli.learn.AttachCommand;
import io.sandbox.cli.learn.LearnCommand;
import io.sandbox.cli.learn.LearnContainerCommand;
import io.sandbox.cli.learn.LearnServiceCommand;
import io.sandbox.cli.learn.ListenCommand;
import io.sandbox.cli.learn.NodeCommand;
import io.sandbox.cli.log.LogCommand;
import io.sandbox.cli.options.Options;
import io.sandbox.cli.policy.PolicyCommand;
import io.sandbox.cli.reach.ReachCommand;
import io.sandbox.cli.review.ReviewCommand;
import io.sandbox.cli.rollout.RolloutCommand;
import io.sandbox.cli.sandboxify.SandboxifyCommand;
import io.sandbox.cli.syscall.SyscallCommand;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The verbs of the program {@code sandbox}, in the order of a user's day. */
public enum Verbs {
    LEARN("run a program and print the list of its calls", LearnCommand::options),
    LEARN_CONTAINER("the same for the containers of a command", LearnContainerCommand::options),
    LEARN_SERVICE("the same for a service of systemd", LearnServiceCommand::options),
    ATTACH("the same for what runs already", AttachCommand::options),
    LISTEN("the same for containers that others start", ListenCommand::options),
    NODE("the same for the pods of a Kubernetes node", NodeCommand::options),
    RUN("run a program that can make only the listed calls", SandboxifyCommand::options),
    CHECK("compare what a program does with its policy", CheckCommand::options),
    REVIEW("decide about each difference, one by one", ReviewCommand::options),
    ROLLOUT("bring a policy into production, step by step", RolloutCommand::options),
    POLICY("show, convert, compare and merge policies", PolicyCommand::options),
    LOG("show what the kernel has logged", LogCommand::options),
    FLEET("put the evidence of many hosts together", FleetCommand::options),
    REACH("find the calls that the code of a program can make", ReachCommand::options),
    SYSCALL("look up numbers, names and risks of calls", SyscallCommand::options);

    private final String about;
    private final Supplier<Options> options;

    Verbs(String about, Supplier<Options> options) {
        this.about = about;
        this.options = options;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String about() {
        return about;
    }

    public Options options() {
        return options.get();
    }

    static Optional<Verbs> named(String word) {
        return Arrays.stream(values()).filter(verb -> verb.toString().equals(word)).findFirst();
    }
}
