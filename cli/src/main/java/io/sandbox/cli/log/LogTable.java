// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.Styled;
import io.sandbox.cli.output.WrappedWords;
import io.sandbox.recorder.log.KernelAction;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogTally;
import io.sandbox.recorder.log.ProgramKey;
import io.sandbox.recorder.log.ProgramTally;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import io.sandbox.syscalldb.SyscallTable;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table of logs for a terminal: a row for each executable and architecture, and below it the
 * names of the calls with the numbers of their records, the most first. If rows are wider than the
 * terminal, each executable gets its own line.
 *
 * @param width the columns of the terminal; 0 if there is none, so that nothing is wrapped
 */
record LogTable(TimeZone zone, Styled styled, int width) {
    private static final List<String> HEADINGS =
            List.of("EXECUTABLE", "ARCH", "SYSCALLS", "RECORDS", "FIRST", "LAST", "ACTION");
    private static final String GAP = "  ";
    private static final String INDENT = "    ";

    /** A file or a pipe has no width, but people read it too. */
    private static final int USUAL_WIDTH = 100;

    String format(LogTally tally) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        List<ProgramTally> programs = new ArrayList<>(tally.programs());
        programs.sort(Comparator.comparingLong(ProgramTally::records).reversed());
        List<List<String>> calls = new ArrayList<>();
        for (ProgramTally program : programs) {
            List<String> names = calls(program);
            calls.add(names);
            rows.add(row(program, names.size()));
        }
        int[] widths = widths(rows);
        boolean split = width > 0 && rowLength(widths) > width;
        StringBuilder text = new StringBuilder();
        lines(HEADINGS, widths, split).forEach(line -> text.append(styled.bold(line)).append('\n'));
        for (int i = 0; i < programs.size(); i++) {
            boolean denied = isDenied(programs.get(i));
            for (String line : lines(rows.get(i + 1), widths, split)) {
                text.append(denied ? styled.red(line) : line).append('\n');
            }
            text.append(
                    WrappedWords.of(INDENT, INDENT, calls.get(i), width > 0 ? width : USUAL_WIDTH));
        }
        return text.toString();
    }

    private List<String> row(ProgramTally program, int calls) {
        return List.of(
                executable(program.key()),
                Console.printable(program.key().archName()),
                Integer.toString(calls),
                Long.toString(program.records()),
                time(program.first()),
                time(program.last()),
                actions(program));
    }

    static String executable(ProgramKey key) {
        String path = key.executable().map(Console::printable).orElse("(unknown)");
        return key.fromContainer() ? path + " (from container output)" : path;
    }

    private static boolean isDenied(ProgramTally program) {
        return Stream.of(KernelAction.values())
                .anyMatch(action -> action.isDenial() && program.count(action) > 0);
    }

    /** Returns a text such as {@code killed}, or with numbers if there are several actions. */
    private static String actions(ProgramTally program) {
        List<String> parts = new ArrayList<>();
        for (KernelAction action : KernelAction.values()) {
            long count = program.count(action);
            if (count == program.records()) {
                return action.text();
            }
            if (count > 0) {
                parts.add(count + " " + action.text());
            }
        }
        return String.join(", ", parts);
    }

    private String time(OptionalLong millis) {
        return millis.isEmpty() ? "-" : time(millis.getAsLong(), zone);
    }

    static String time(long millis, TimeZone zone) {
        if (millis < LogFilter.FIRST_DATE_MILLIS) {
            return String.format(Locale.ROOT, "boot+%.3f", millis / 1000.0);
        }
        // The first use of a DateTimeFormatter costs 10 ms. The first use of a ZoneId costs 5 ms,
        // since it searches all jars for rules.
        long local = millis + zone.getOffset(millis);
        LocalDateTime time = LocalDateTime.ofEpochSecond(local / 1000, 0, ZoneOffset.UTC);
        String clock = time.toLocalTime().toString();
        // LocalTime leaves out seconds that are 0.
        return time.toLocalDate() + " " + clock + (clock.length() == 5 ? ":00" : "");
    }

    /** The names of the calls, or their numbers, each with how many records it has if not one. */
    private static List<String> calls(ProgramTally program) {
        SyscallDb db = SyscallDb.get();
        SyscallTable table =
                program.key().auditArch().flatMap(db::archByAuditValue).map(db::table).orElse(null);
        // Some may be there by their number and by their name.
        Map<String, Long> counts = new TreeMap<>();
        program.byWord().forEach((word, call) -> counts.put(word, call.count()));
        program.byNumber()
                .forEach(
                        (number, call) ->
                                counts.merge(name(table, number), call.count(), Long::sum));
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
        List<String> words = new ArrayList<>();
        for (Map.Entry<String, Long> each : sorted) {
            String count = each.getValue() == 1 ? "" : " " + each.getValue();
            String comma = words.size() < sorted.size() - 1 ? "," : "";
            words.add(Console.printable(each.getKey()) + count + comma);
        }
        return words;
    }

    private static String name(SyscallTable table, int number) {
        Optional<Syscall> call = table == null ? Optional.empty() : table.byNumber(number);
        return call.isPresent() ? call.get().name() : Integer.toString(number);
    }

    private int[] widths(List<List<String>> rows) {
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private static int rowLength(int[] widths) {
        return GAP.length() * (widths.length - 1) + IntStream.of(widths).sum();
    }

    /** {@code split}: whether the executable gets its own line. */
    private static List<String> lines(List<String> row, int[] widths, boolean split) {
        return split
                ? List.of(row.get(0), GAP + cells(row, widths, 1))
                : List.of(cells(row, widths, 0));
    }

    private static String cells(List<String> row, int[] widths, int from) {
        StringBuilder cells = new StringBuilder();
        for (int i = from; i < widths.length; i++) {
            String cell = row.get(i);
            boolean last = i == widths.length - 1;
            String blanks = last ? "" : " ".repeat(widths[i] - cell.length());
            boolean number = i == 2 || i == 3;
            cells.append(number ? blanks + cell : cell + blanks).append(last ? "" : GAP);
        }
        return cells.toString();
    }
}
