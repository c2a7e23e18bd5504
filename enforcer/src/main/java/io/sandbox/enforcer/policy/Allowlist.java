// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.policy;

import java.util.Collection;
import java.util.List;

/**
 * The calls that a program may make, for one architecture: the plain form of an allow list, which
 * is what a run teaches.
 *
 * @param entries names and numbers as libsandbox.so reads them, with conditions or without; sorted,
 *     unique
 */
public record Allowlist(List<String> entries) {
    /**
     * @throws IllegalArgumentException if one is not an entry that a list can hold
     */
    public Allowlist {
        entries = entries.stream().sorted().distinct().toList();
        for (String entry : entries) {
            List<PolicyEntry> read = PolicyText.parseEntries(entry);
            int end = entry.indexOf('(');
            String call = end < 0 ? entry : entry.substring(0, end);
            // A colon would make it none or several.
            if (read.size() != 1
                    || entry.endsWith(":")
                    || !call.equals(read.get(0).call().toString())) {
                throw new IllegalArgumentException(
                        "not one entry of a list of system calls: " + ShownValue.of(entry));
            }
        }
    }

    public static Allowlist of(Collection<String> entries) {
        return new Allowlist(List.copyOf(entries));
    }

    public Policy toPolicy(Action action) {
        return Policy.allowing(PolicyText.parseEntries(value()), action);
    }

    /** Names and numbers alone; sorted, unique. */
    public List<String> calls() {
        return PolicyText.parseEntries(value()).stream()
                .map(entry -> entry.call().toString())
                .distinct()
                .sorted()
                .toList();
    }

    /** The value of the variable: entries with a colon between them. */
    public String value() {
        return String.join(":", entries);
    }

    /** An assignment that a shell reads: {@code SECCOMP_SYSCALL_ALLOW="a:b"}. */
    public String toShell() {
        return PolicyEnvironment.ALLOW + "=\"" + value() + "\"";
    }

    /** A line of an environment file, which has no quotes (docker run --env-file, systemd). */
    public String toEnvironmentFile() {
        return PolicyEnvironment.ALLOW + "=" + value();
    }
}
