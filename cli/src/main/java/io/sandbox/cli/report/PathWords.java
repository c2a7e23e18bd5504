// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.report;

import io.sandbox.cli.output.Console;
import io.sandbox.reach.ReachableCall;
import io.sandbox.reach.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Paths to calls in words. {@code program}: as the user wrote it. */
public record PathWords(Path program) {
    /** One line, such as {@code ./prog imports rename -> libc rename -> renameat2}. */
    public String line(ReachableCall call) {
        if (call.path().isEmpty()) {
            return "recorded; no code that leads there was found";
        }
        StringBuilder line = new StringBuilder();
        List<Step> steps = call.path();
        Path file = null;
        for (Step step : steps) {
            boolean sameFile = step.file().equals(file);
            String place = sameFile ? "" : shortName(step.file()) + " ";
            boolean fromProgram = file == null && step.imported().isPresent();
            String function = fromProgram ? "" : function(step);
            String imported = step.imported().map(name -> "imports " + name).orElse("");
            String separator = function.isEmpty() || imported.isEmpty() ? "" : " ";
            line.append(place).append(function).append(separator).append(imported).append(" -> ");
            file = step.file();
        }
        return Console.printable(line.append(call.name()).toString());
    }

    /** A line for each step, with symbol and offset. */
    public String steps(ReachableCall call) {
        return steps(call, Integer.MAX_VALUE);
    }

    /** Returns {@link #steps(ReachableCall)}, in two lines each if one exceeds the limit. */
    public String steps(ReachableCall call, int limit) {
        List<String> lines = new ArrayList<>();
        List<String> pairs = new ArrayList<>();
        int width = 0;
        for (Step step : call.path()) {
            width = Math.max(width, place(step).length());
        }
        int last = call.path().size() - 1;
        for (int i = 0; i <= last; i++) {
            Step step = call.path().get(i);
            String own =
                    i == last ? "makes " + call.name() : step.table() ? "points on" : "leads on";
            String next = step.imported().map(name -> "imports " + name).orElse(own);
            lines.add(String.format("  %-" + width + "s  %s%n", place(step), next));
            pairs.add(String.format("  %s%n      %s%n", place(step), next));
        }
        boolean fits = lines.stream().allMatch(line -> line.stripTrailing().length() <= limit);
        return String.join("", fits ? lines : pairs);
    }

    /** Returns a text such as {@code /usr/lib/libc.so.6+0x5f2b0 rename+0x10}. */
    public String place(Step step) {
        String offset = "+0x" + Long.toHexString(step.offset() - step.start());
        String symbol =
                step.symbol()
                        .map(name -> " " + name + offset)
                        .orElse(step.table() ? " (table)" : "");
        return Console.printable(step.file() + "+0x" + Long.toHexString(step.offset()) + symbol);
    }

    private static String function(Step step) {
        String start = "+0x" + Long.toHexString(step.start());
        return step.table() ? "table " + start : step.symbol().orElse(start);
    }

    private String shortName(Path file) {
        if (file.equals(program)) {
            return program.toString();
        }
        String name = Optional.ofNullable(file.getFileName()).map(Path::toString).orElse("");
        int end = name.indexOf(".so");
        return end > 0 ? name.substring(0, end) : name;
    }
}
