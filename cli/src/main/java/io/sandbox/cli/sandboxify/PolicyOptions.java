// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.sandboxify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.options.Value;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.policyfile.FromFormat;
import io.sandbox.enforcer.launch.file.FileHead;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.policy.Policy;
import io.sandbox.policy.PolicyEnvironment;
import io.sandbox.policy.PolicyFile;
import io.sandbox.policy.document.PolicyDocument;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options for the policy to enforce, and the variables that count without them. */
final class PolicyOptions {
    private static final Path OWN_ENVIRONMENT = Path.of("/proc/self/environ");

    private static final List<String> BESIDE_A_LIST =
            List.of(
                    PolicyEnvironment.ACTION,
                    PolicyEnvironment.LOG_DENIALS,
                    PolicyEnvironment.UNKNOWN);

    private final Value<Path> policyFile;
    private final FromFormat fromFormat;
    private final Value<String> allow;
    private final Value<String> deny;
    private final Value<String> action;

    PolicyOptions(Options options) {
        policyFile = options.named("--policy").file();
        fromFormat = new FromFormat(options);
        allow = options.named("--allow").text("LIST");
        deny = options.named("--deny").text("LIST");
        action =
                options.named("--action")
                        .offering(List.of("kill", "kill_thread", "trap", "errno", "log"))
                        .text("ACTION");
    }

    /**
     * @param console for messages about parts of a file that we do not enforce
     * @throws CommandFailure if there is no policy, more than one, or a mistake in it
     */
    EnforcedPolicy read(Console console) {
        requireOneSource();
        requireUnambiguousEnvironment();
        Map<String, String> variables = new HashMap<>(System.getenv());
        if (policyFile.isGiven() || allow.isGiven() || deny.isGiven()) {
            sayUnused(variables, console);
            variables.keySet().removeAll(BESIDE_A_LIST);
            variables.remove(PolicyEnvironment.ALLOW);
            variables.remove(PolicyEnvironment.DENY);
        }
        byte[] bytes = new byte[0];
        if (policyFile.isGiven()) {
            bytes = readFile(policyFile.get());
            Optional<String> text = text(bytes);
            if (fromFormat.isGiven() || text.isEmpty() || !PolicyFile.isMeant(text.get())) {
                parse(variables);
                if (action.isGiven()) {
                    throw CommandFailure.ownFailure(
                            "--action: only for lists in the form env (make one: sandbox policy"
                                    + " convert --to env "
                                    + ShellQuote.quote(policyFile.get().toString())
                                    + ")");
                }
                return OtherFormat.read(policyFile.get(), bytes, fromFormat, console);
            }
            variables.putAll(parseFile(text.get()));
        }
        putIfGiven(variables, PolicyEnvironment.ALLOW, allow);
        putIfGiven(variables, PolicyEnvironment.DENY, deny);
        putIfGiven(variables, PolicyEnvironment.ACTION, action);
        return fromVariables(variables, bytes);
    }

    /** Beside a list in the environment, they are meant for that list. */
    private static void sayUnused(Map<String, String> variables, Console console) {
        boolean hasList =
                variables.containsKey(PolicyEnvironment.ALLOW)
                        || variables.containsKey(PolicyEnvironment.DENY);
        for (String name : BESIDE_A_LIST) {
            if (variables.containsKey(name) && !hasList) {
                console.say(
                        name
                                + ": not used with a policy from options (write it into the file of"
                                + " the policy)");
            }
        }
    }

    private void requireOneSource() {
        int sources =
                (policyFile.isGiven() ? 1 : 0)
                        + (allow.isGiven() ? 1 : 0)
                        + (deny.isGiven() ? 1 : 0);
        Options.refuseIf(
                fromFormat.isGiven() && !policyFile.isGiven(), "--from-format: needs --policy");
        Options.refuseIf(sources > 1, "only one of --policy, --allow and --deny can be the policy");
    }

    private EnforcedPolicy fromVariables(Map<String, String> variables, byte[] file) {
        PolicyEnvironment parsed = parse(variables);
        Options.refuseIf(
                parsed.policy().isEmpty(),
                "no policy (set SECCOMP_SYSCALL_ALLOW, or give --policy, --allow or --deny)");
        Policy policy = parsed.policy().get();
        // Who names a list here has seen it, while variables may come from far away.
        boolean named = policyFile.isGiven() || allow.isGiven() || deny.isGiven();
        return new EnforcedPolicy(
                PolicyDocument.of(policy),
                listName(policy),
                true,
                named || parsed.quiet(),
                Optional.of(file));
    }

    /** The place where the user has written the list. */
    private String listName(Policy policy) {
        if (allow.isGiven() || deny.isGiven()) {
            return allow.isGiven() ? "--allow" : "--deny";
        }
        String variable = PolicyEnvironment.variable(policy.mode());
        return policyFile.isGiven() ? variable + " in " + policyFile.get() : variable;
    }

    /** Refuses two values of a variable, like libsandbox.so: System.getenv shows one. */
    private static void requireUnambiguousEnvironment() {
        try {
            PolicyEnvironment.requireUnambiguous(
                    new String(Files.readAllBytes(OWN_ENVIRONMENT), ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.ownFailure(e.getMessage());
        } catch (IOException e) {
            throw CommandFailure.ownFailure(
                    OWN_ENVIRONMENT + ": cannot be read: " + FileFailure.reason(e));
        }
    }

    private PolicyEnvironment parse(Map<String, String> variables) {
        try {
            return PolicyEnvironment.parse(variables);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.ownFailure(asWritten(e.getMessage()));
        }
    }

    /** Replaces the variable in a message by the option or file that the user wrote. */
    private String asWritten(String message) {
        int end = message.indexOf(':');
        String variable = end < 0 ? "" : message.substring(0, end);
        Optional<String> option =
                switch (variable) {
                    case PolicyEnvironment.ALLOW -> allow.optional().map(list -> "--allow");
                    case PolicyEnvironment.DENY -> deny.optional().map(list -> "--deny");
                    case PolicyEnvironment.ACTION -> action.optional().map(given -> "--action");
                    default -> Optional.empty();
                };
        if (option.isPresent()) {
            return option.get() + message.substring(end);
        }
        return policyFile.isGiven() ? policyFile.get() + ": " + message : message;
    }

    private Map<String, String> parseFile(String text) {
        try {
            return PolicyFile.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.ownFailure(policyFile.get() + ": " + e.getMessage());
        }
    }

    private static byte[] readFile(Path policyFile) {
        try {
            return FileHead.readWhole(policyFile, FileHead.POLICY_LIMIT);
        } catch (IOException e) {
            throw CommandFailure.ownFailure(
                    policyFile + ": cannot be read: " + FileFailure.reason(e));
        }
    }

    /** Empty for a compiled filter, and whatever else is not UTF-8. */
    private static Optional<String> text(byte[] bytes) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static void putIfGiven(
            Map<String, String> variables, String name, Value<String> value) {
        if (!value.isGiven()) {
            return;
        }
        if (value.get().matches("\\w+(,\\w+)+")) {
            throw CommandFailure.ownFailure(
                    "%s: calls are separated by colons (%s)"
                            .formatted(value.get(), value.get().replace(',', ':')));
        }
        variables.put(name, value.get());
    }
}
