// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.options;

import io.sandbox.text.Shipped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The words of a command's help. They are in a text file beside this class, which has the name of
 * the command, and is read for a help only. It begins with what the command does, in one sentence,
 * and with each way to write the command line. Then come paragraphs, what each option and operand
 * means, and further sections. If several commands have an option of the same meaning, its text is
 * in shared.txt.
 *
 * <p>A line that begins with a blank is shown unchanged, and other lines are put together to
 * paragraphs. Values of ours stand in place of {@code {}}.
 */
final class Usage {
    private static final String SYNOPSIS = "Usage: ";

    /** An option, an operand, or the title of a section. */
    private static final Pattern TITLE =
            Pattern.compile("(--?[a-z][a-z0-9=-]*|[A-Z][\\w ]{0,20}):");

    private static final Pattern OPTION_OR_OPERAND = Pattern.compile("-.*|[A-Z]+");

    private final List<String> beginning;
    private final Map<String, List<String>> titled = new LinkedHashMap<>();
    private final Map<String, List<String>> shared = new LinkedHashMap<>();
    private final Object[] values;

    private Usage(String own, String ofSeveral, Object... values) {
        this.values = values;
        split(ofSeveral, shared);
        beginning = split(own, titled);
    }

    static Usage of(String name, Object... values) {
        String file = name.replaceFirst("^sandbox ", "");
        return parse(resource(file), resource("shared"), values);
    }

    static Usage parse(String own, String ofSeveral, Object... values) {
        return new Usage(own, ofSeveral, values);
    }

    private static String resource(String name) {
        return Shipped.text(Usage.class, name + ".txt");
    }

    private static String fill(String text, Object... values) {
        String filled = text;
        for (Object value : values) {
            filled = filled.replaceFirst("\\{}", Matcher.quoteReplacement(value.toString()));
        }
        return filled;
    }

    /**
     * @param titled gets the lines below each title
     * @return the lines before the first title
     */
    private static List<String> split(String text, Map<String, List<String>> titled) {
        List<String> first = new ArrayList<>();
        List<String> lines = first;
        for (String line : text.lines().toList()) {
            Matcher title = TITLE.matcher(line);
            if (title.matches()) {
                lines = new ArrayList<>();
                titled.put(title.group(1), lines);
            } else {
                lines.add(line);
            }
        }
        return first;
    }

    /** Puts the lines of each paragraph together. */
    private static List<String> paragraphs(List<String> lines) {
        List<String> paragraphs = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String line : lines) {
            if ((line.isEmpty() || line.startsWith(" ")) && !open.isEmpty()) {
                paragraphs.add(open.toString());
                open.setLength(0);
            }
            if (line.startsWith(" ")) {
                paragraphs.add(line);
            } else if (!line.isEmpty()) {
                open.append(open.isEmpty() ? "" : " ").append(line);
            }
        }
        if (!open.isEmpty()) {
            paragraphs.add(open.toString());
        }
        return paragraphs;
    }

    private int firstBlank(int from) {
        int blank = beginning.subList(from, beginning.size()).indexOf("");
        return blank < 0 ? beginning.size() : from + blank;
    }

    /** What the command does, in one sentence. */
    String header() {
        return String.join(" ", beginning.subList(0, firstBlank(0)));
    }

    /** Each way to write the command line. */
    List<String> synopsis() {
        int start = firstBlank(0) + 1;
        return beginning.subList(start, firstBlank(start)).stream()
                .map(line -> line.substring(SYNOPSIS.length()))
                .toList();
    }

    List<String> description() {
        return paragraphs(beginning.subList(firstBlank(firstBlank(0) + 1), beginning.size()));
    }

    /** What an option or operand means. {@code name}: its last name, or the label of an operand. */
    String meaning(String name, Object... values) {
        List<String> lines = titled.getOrDefault(name, shared.get(name));
        if (lines == null) {
            throw new IllegalStateException(
                    name + " has no text: neither in VERB.txt nor in shared.txt");
        }
        return fill(String.join(" ", paragraphs(lines)), values);
    }

    /** The sections after the options: their lines by title, in order. */
    Map<String, List<String>> sections() {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        titled.forEach(
                (title, lines) -> {
                    if (!OPTION_OR_OPERAND.matcher(title).matches()) {
                        String text = fill(String.join("\n", lines), values);
                        sections.put(title, paragraphs(text.lines().toList()));
                    }
                });
        return sections;
    }

    /**
     * The texts in the form of picocli, which prints the help.
     *
     * @param listsOperands whether there is an operand to describe
     */
    UsageMessageSpec spec(boolean listsOperands) {
        return new UsageMessageSpec()
                .header(header())
                .synopsisHeading(SYNOPSIS)
                .customSynopsis(String.join("\n       ", synopsis()).split("\n"))
                .description(
                        description().stream()
                                .flatMap(line -> Stream.of("", literal(line)))
                                .toArray(String[]::new))
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

    private String[] footer() {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, List<String>> section : sections().entrySet()) {
            List<String> text = section.getValue();
            boolean besideTitle = !text.get(0).startsWith(" ");
            lines.add("");
            lines.add(section.getKey() + (besideTitle ? ": " + text.get(0) : ":"));
            lines.addAll(text.subList(besideTitle ? 1 : 0, text.size()));
        }
        return lines.stream().map(Usage::literal).toArray(String[]::new);
    }
}
