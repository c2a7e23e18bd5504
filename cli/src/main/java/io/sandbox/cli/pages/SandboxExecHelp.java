// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.pages;

import io.sandbox.cli.options.CommandHelp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Parses the help of {@code sandbox-exec} from its output, since this command is not in Java. */
final class SandboxExecHelp {
    private static final String USAGE = "Usage: ";
    private static final String OPTIONS = "Options:";

    static CommandHelp parse(String printed) {
        String[] parts = printed.strip().split("\n\n");
        String[] head = parts[0].split("\n");
        if (head.length < 2 || !head[1].startsWith(USAGE)) {
            throw new IllegalArgumentException("not the help of sandbox-exec: " + printed);
        }
        List<String> synopsis =
                Stream.of(head).skip(1).map(line -> line.substring(USAGE.length())).toList();
        List<String> description = new ArrayList<>();
        List<CommandHelp.Parameter> options = new ArrayList<>();
        Map<String, List<String>> sections = new LinkedHashMap<>();
        boolean behindOptions = false;
        for (String part : List.of(parts).subList(1, parts.length)) {
            String text = part.replace('\n', ' ');
            if (text.startsWith(OPTIONS)) {
                behindOptions = true;
                part.lines().skip(1).map(SandboxExecHelp::option).forEach(options::add);
            } else if (behindOptions) {
                int colon = text.indexOf(": ");
                sections.put(text.substring(0, colon), List.of(text.substring(colon + 2)));
            } else {
                description.add(text);
            }
        }
        return new CommandHelp(
                "sandbox-exec",
                head[0],
                synopsis,
                description,
                List.of(CommandHelp.operand("FILTER"), CommandHelp.operand("PROGRAM")),
                options,
                sections,
                List.of());
    }

    /** A line such as {@code " --name NAME What it is called."}. */
    private static CommandHelp.Parameter option(String line) {
        String[] parts = line.strip().split(" {2,}", 2);
        String[] words = parts[0].split(",? ");
        boolean takesValue = !words[words.length - 1].startsWith("-");
        List<String> names = List.of(words).subList(0, words.length - (takesValue ? 1 : 0));
        String label = takesValue ? words[words.length - 1] : "";
        return new CommandHelp.Parameter(names, label, false, false, parts[1], List.of());
    }
}
