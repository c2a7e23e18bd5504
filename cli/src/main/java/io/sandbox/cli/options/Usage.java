// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The parts of a command's help other than its options. A line that begins with a blank is shown
 * unchanged, any other as a paragraph.
 */
public final class Usage {
    private String header = "";
    private List<String> synopsis = List.of();
    private List<String> description = List.of();
    private final Map<String, List<String>> sections = new LinkedHashMap<>();

    Usage() {}

    /** What the command does, in one sentence. */
    public Usage header(String sentence) {
        header = sentence;
        return this;
    }

    /** Each way to write the command line. */
    public Usage synopsis(String... lines) {
        synopsis = List.of(lines);
        return this;
    }

    public Usage description(String... lines) {
        description = List.of(lines);
        return this;
    }

    public Usage examples(String... commands) {
        List<String> lines = new ArrayList<>();
        for (String command : commands) {
            lines.add("  " + command);
        }
        sections.put("Examples", lines);
        return this;
    }

    public Usage exitStatus(String text) {
        return section("Exit status", text);
    }

    /** A section after the options. */
    public Usage section(String title, String... lines) {
        sections.put(title, List.of(lines));
        return this;
    }

    String header() {
        return header;
    }

    List<String> synopsis() {
        return synopsis;
    }

    List<String> description() {
        return description;
    }

    Map<String, List<String>> sections() {
        return sections;
    }

    /**
     * The texts in the form of picocli, which prints the help.
     *
     * @param listsOperands whether there is an operand to describe
     */
    UsageMessageSpec spec(boolean listsOperands) {
        String ways = String.join("\n       ", synopsis);
        return new UsageMessageSpec()
                .header(header)
                .synopsisHeading("Usage: ")
                .customSynopsis(ways.split("\n"))
                .description(paragraphs())
                .parameterListHeading(listsOperands ? "%n" : "")
                .sortOptions(false)
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n")
                .footer(footer());
    }

    /** picocli formats texts, so that a percent sign would begin a conversion. */
    static String literal(String text) {
        return text.replace("%", "%%");
    }

    private String[] paragraphs() {
        List<String> lines = new ArrayList<>();
        for (String line : description) {
            lines.add("");
            lines.add(line);
        }
        return lines.stream().map(Usage::literal).toArray(String[]::new);
    }

    private String[] footer() {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, List<String>> section : sections.entrySet()) {
            List<String> text = section.getValue();
            boolean besideTitle = !text.get(0).startsWith(" ");
            lines.add("");
            lines.add(section.getKey() + (besideTitle ? ": " + text.get(0) : ":"));
            lines.addAll(text.subList(besideTitle ? 1 : 0, text.size()));
        }
        return lines.stream().map(Usage::literal).toArray(String[]::new);
    }
}
