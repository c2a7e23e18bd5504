// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file of assignments to the environment variables of a policy. {@code sandbox learn -o} writes
 * it in two forms, with the value in double quotes or without. Each line has one assignment; {@code
 * #} begins a comment.
 */
public final class PolicyFile {
    /** The beginning of the names of all our variables. */
    public static final String PREFIX = "SECCOMP_";

    private PolicyFile() {}

    /** Whether the first line that is neither blank nor a comment is about one of our variables. */
    public static boolean isMeant(String text) {
        for (String line : text.lines().toList()) {
            String content = line.strip();
            if (!content.isEmpty() && !content.startsWith("#")) {
                return content.startsWith(PREFIX);
            }
        }
        return true; // an empty file is of no other format
    }

    /**
     * The variables that the text sets, for {@link PolicyEnvironment#parse}.
     *
     * @throws IllegalArgumentException {@code line N: reason} for anything but such assignments,
     *     and for a variable that is set twice
     */
    public static Map<String, String> parse(String text) {
        PlainText.problem(text)
                .ifPresent(
                        problem -> {
                            throw new IllegalArgumentException(problem);
                        });
        Map<String, String> variables = new LinkedHashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            String name = equals == -1 ? line : line.substring(0, equals);
            if (equals == -1 || !PolicyEnvironment.VARIABLES.contains(name)) {
                throw malformed(i, "not an assignment to a variable of a policy");
            }
            if (variables.put(name, unquote(i, line.substring(equals + 1))) != null) {
                throw malformed(
                        i,
                        name
                                + " is set for the second time (if the file has a list for each"
                                + " executable: put the line of one into a file of its own)");
            }
        }
        return variables;
    }

    private static String unquote(int line, String value) {
        if (!value.contains("\"")) {
            return value;
        }
        boolean quoted =
                value.length() >= 2
                        && value.indexOf('"') == 0
                        && value.indexOf('"', 1) == value.length() - 1;
        if (!quoted) {
            throw malformed(line, "a quote that does not enclose the whole value");
        }
        return value.substring(1, value.length() - 1);
    }

    private static IllegalArgumentException malformed(int line, String reason) {
        return new IllegalArgumentException("line " + (line + 1) + ": " + reason);
    }
}
