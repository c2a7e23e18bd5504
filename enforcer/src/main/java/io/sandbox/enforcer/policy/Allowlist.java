package io.sandbox.enforcer.policy;

import java.util.Collection;
import java.util.List;

/**
 * The calls that a program may make, for one architecture: what {@code SECCOMP_SYSCALL_ALLOW} holds.
 *
 * @param entries names and numbers as libsandbox.so reads them; sorted, unique
 */
public record Allowlist(List<String> entries) {
    private static final String VARIABLE = "SECCOMP_SYSCALL_ALLOW";

    public Allowlist {
        entries = entries.stream().sorted().distinct().toList();
        for (String entry : entries) {
            // The grammar of a whole list has more forms; a learned list consists of these two.
            if (!entry.matches("[a-z_][a-z0-9_]*|[0-9]+")) {
                throw new IllegalArgumentException("neither a name nor a number of a system call: " + entry);
            }
        }
    }

    public static Allowlist of(Collection<String> entries) {
        return new Allowlist(List.copyOf(entries));
    }

    /** The value of the variable: entries with a colon between them. */
    public String value() {
        return String.join(":", entries);
    }

    /** An assignment that a shell reads: {@code SECCOMP_SYSCALL_ALLOW="a:b"}. */
    public String toShell() {
        return VARIABLE + "=\"" + value() + "\"";
    }

    /** A line of an environment file, which has no quotes (docker run --env-file, systemd). */
    public String toEnvironmentFile() {
        return VARIABLE + "=" + value();
    }
}
