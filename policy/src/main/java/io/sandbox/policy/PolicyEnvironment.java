// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The variables that describe a policy, read as by libsandbox.so. Immutable. */
public final class PolicyEnvironment {
    public static final String ALLOW = "SECCOMP_SYSCALL_ALLOW";
    public static final String DENY = "SECCOMP_SYSCALL_DENY";
    public static final String ACTION = "SECCOMP_DEFAULT_ACTION";
    public static final String QUIET = "SECCOMP_QUIET";
    public static final String LOG_DENIALS = "SECCOMP_LOG_DENIALS";
    public static final String UNKNOWN = "SECCOMP_UNKNOWN";

    static final Set<String> VARIABLES = Set.of(ALLOW, DENY, ACTION, QUIET, LOG_DENIALS, UNKNOWN);

    private final Policy policy; // null if there is none
    private final boolean quiet;

    private PolicyEnvironment(Policy policy, boolean quiet) {
        this.policy = policy;
        this.quiet = quiet;
    }

    /**
     * Reads the variables of a policy, and ignores all others.
     *
     * @throws PolicySyntaxException with the variable as its source. Also thrown for mistakes in a
     *     variable that would have no effect; only a deny list beside an allow list is not read
     */
    public static PolicyEnvironment parse(Map<String, String> environment) {
        boolean quiet = parseSwitch(environment, QUIET);
        boolean logDenials = parseSwitch(environment, LOG_DENIALS);
        Action action = parseAction(environment);
        UnknownCalls unknown = parseUnknown(environment);
        Policy.Mode mode = environment.containsKey(ALLOW) ? Policy.Mode.ALLOW : Policy.Mode.DENY;
        String variable = variable(mode);
        String list = environment.get(variable);
        if (list == null) {
            return new PolicyEnvironment(null, quiet);
        }
        try {
            Policy policy =
                    new Policy(mode, action, PolicyText.parseEntries(list), logDenials, unknown);
            return new PolicyEnvironment(policy, quiet);
        } catch (PolicySyntaxException e) {
            throw e.from(variable);
        }
    }

    /**
     * Checks that none of the variables is set twice with different values. A map holds only one of
     * the values, by chance.
     *
     * @param block NAME=VALUE strings, each with a NUL at its end, as in /proc/PID/environ
     * @throws PolicySyntaxException with the variable as its source
     */
    public static void requireUnambiguous(String block) {
        Map<String, String> seen = new HashMap<>();
        for (String string : block.split("\0")) {
            int end = string.indexOf('=');
            String name = end == -1 ? "" : string.substring(0, end);
            if (!VARIABLES.contains(name)) {
                continue;
            }
            String value = string.substring(end + 1);
            String other = seen.put(name, value);
            if (other != null && !other.equals(value)) {
                throw PolicySyntaxException.inValue(PolicyMistake.SET_TWICE, 0, value).from(name);
            }
        }
    }

    private static Action parseAction(Map<String, String> environment) {
        String value = environment.get(ACTION);
        try {
            return value == null ? Action.KILL : PolicyText.parseAction(value);
        } catch (PolicySyntaxException e) {
            throw e.from(ACTION);
        }
    }

    private static UnknownCalls parseUnknown(Map<String, String> environment) {
        String value = environment.get(UNKNOWN);
        try {
            return value == null ? UnknownCalls.AS_OTHERS : UnknownCalls.parse(value);
        } catch (PolicySyntaxException e) {
            throw e.from(UNKNOWN);
        }
    }

    private static boolean parseSwitch(Map<String, String> environment, String variable) {
        String value = environment.get(variable);
        if (value == null || value.isEmpty() || value.equals("0")) {
            return false;
        }
        if (!value.equals("1")) {
            throw PolicySyntaxException.inValue(PolicyMistake.BAD_SWITCH, 0, value).from(variable);
        }
        return true;
    }

    public static String variable(Policy.Mode mode) {
        return mode == Policy.Mode.ALLOW ? ALLOW : DENY;
    }

    /** The variables of this policy for {@link #parse}; they must replace all six. */
    public static Map<String, String> format(Policy policy) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put(variable(policy.mode()), PolicyText.format(policy.entries()));
        variables.put(ACTION, PolicyText.format(policy.action()));
        if (policy.logDenials()) {
            variables.put(LOG_DENIALS, "1");
        }
        if (policy.unknown().refused()) {
            variables.put(UNKNOWN, policy.unknown().toString());
        }
        return variables;
    }

    /** Empty if neither list is set, which means no filter. */
    public Optional<Policy> policy() {
        return Optional.ofNullable(policy);
    }

    /** Whether to print nothing about added entries. */
    public boolean quiet() {
        return quiet;
    }
}
