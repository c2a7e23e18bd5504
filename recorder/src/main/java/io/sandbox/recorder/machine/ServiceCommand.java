// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A command of a service, as systemd has read it: specifiers are replaced, variables are not
 * (systemd.service(5), "Command lines").
 *
 * @param words the program's own name first, which need not be its path
 * @param flags as the D-Bus interface names them (org.freedesktop.systemd1(5), ExecStartEx)
 */
record ServiceCommand(String path, List<String> words, List<String> flags) {
    /** Without the unit's sandbox, so no filter of the unit is for it. */
    private static final String PRIVILEGED = "privileged";

    private static final String NO_VARIABLES = "no-env-expand";

    private static final Map<String, String> PREFIXES =
            Map.of(
                    "ignore-failure",
                    "-",
                    PRIVILEGED,
                    "+",
                    "no-setuid",
                    "!",
                    "ambient",
                    "!!",
                    NO_VARIABLES,
                    ":");

    ServiceCommand {
        words = List.copyOf(words);
        flags = List.copyOf(flags);
        for (String flag : flags) {
            if (!PREFIXES.containsKey(flag)) {
                throw new IllegalArgumentException("a command has the unknown flag " + flag);
            }
        }
    }

    boolean isSandboxed() {
        return !flags.contains(PRIVILEGED);
    }

    boolean names(String variable) {
        return words.contains("$" + variable)
                || words.stream().anyMatch(word -> word.contains("${" + variable + "}"));
    }

    /** Returns the command as a setting of a unit has it. */
    String text() {
        List<String> all = new ArrayList<>(List.of(quoted(path)));
        all.addAll(words.stream().map(ServiceCommand::quoted).toList());
        return prefixes() + "@" + String.join(" ", all);
    }

    /** The same, run by another program, behind whose words it is put. */
    String text(List<String> starter) {
        List<String> all = new ArrayList<>(starter.stream().map(this::literal).toList());
        if (!words.get(0).equals(path)) {
            all.addAll(List.of("--argv0", quoted(words.get(0))));
        }
        all.add("--");
        all.add(literal(path));
        words.subList(1, words.size()).forEach(word -> all.add(quoted(word)));
        return prefixes() + String.join(" ", all);
    }

    private String prefixes() {
        return String.join("", flags.stream().map(PREFIXES::get).toList());
    }

    /** A word in which systemd must not look for variables. */
    private String literal(String word) {
        return quoted(flags.contains(NO_VARIABLES) ? word : word.replace("$", "$$"));
    }

    private static String quoted(String word) {
        StringBuilder text = new StringBuilder("\"");
        for (char c : word.toCharArray()) {
            switch (c) {
                case '%' -> text.append("%%");
                case '"', '\\' -> text.append('\\').append(c);
                default -> text.append(c < ' ' ? String.format("\\x%02x", (int) c) : c);
            }
        }
        return text.append('"').toString();
    }
}
