// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import io.sandbox.text.ShownValue;
import java.util.Collection;
import java.util.List;

/**
 * The calls that a program may make, for one architecture: the simple form, which runs teach.
 *
 * @param entries names and numbers as libsandbox.so reads them, with conditions or without; sorted,
 *     unique
 */
public record Allowlist(List<String> entries) {
    /** Throws {@link IllegalArgumentException} if one is no valid entry. */
    public Allowlist {
        entries = entries.stream().sorted().distinct().toList();
        for (String entry : entries) {
            List<PolicyEntry> read = PolicyText.parseEntries(entry);
            String call = callOf(entry);
            // With a colon the text would be no entry or several.
            if (read.size() != 1
                    || entry.endsWith(":")
                    || !call.equals(read.get(0).call().toString())) {
                throw new IllegalArgumentException(
                        "not one entry of a list of system calls: " + ShownValue.of(entry));
            }
        }
    }

    /** The name or number of an entry, without its conditions and its errno. */
    public static String callOf(String entry) {
        return entry.split("[(=]", 2)[0];
    }

    public static Allowlist of(Collection<String> entries) {
        return new Allowlist(List.copyOf(entries));
    }

    public Policy toPolicy(Action action) {
        return Policy.allowing(PolicyText.parseEntries(value()), action);
    }

    /** The names and numbers of what is allowed, without conditions; sorted, unique. */
    public List<String> calls() {
        return PolicyText.parseEntries(value()).stream()
                .filter(entry -> entry.errno().isEmpty())
                .map(entry -> entry.call().toString())
                .distinct()
                .sorted()
                .toList();
    }

    /** The value of the environment variable: entries with a colon between them. */
    public String value() {
        return String.join(":", entries);
    }

    /** An assignment for a shell: {@code SECCOMP_SYSCALL_ALLOW="a:b"}. */
    public String toShell() {
        return PolicyEnvironment.ALLOW + "=\"" + value() + "\"";
    }

    /** A line of an environment file, which has no quotes (docker run --env-file, systemd). */
    public String toEnvironmentFile() {
        return PolicyEnvironment.ALLOW + "=" + value();
    }
}
