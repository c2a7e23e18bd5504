// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the journal says of a service and of the kernel. */
public final class UnitJournal {
    /** The words of systemd about a unit's processes, and of the kernel (audit type 1326). */
    private static final Pattern KILL = Pattern.compile("status=31/SYS|type=1326 .*\\bsig=31\\b");

    /** Of systemd about the words of a command (exec-invoke.c of systemd 257). */
    private static final Pattern UNSET =
            Pattern.compile("unset environment variable evaluates to an empty string: (.+)");

    /** A service that runs for long may say a lot that tells of no failure. */
    private static final int LAST_LINES = 200;

    private UnitJournal() {}

    /** The last lines about a service; the oldest first. */
    static List<String> queryLast(Systemd manager, String unit, Instant since) {
        return lines(manager, unit, since, "--lines=" + LAST_LINES).toList();
    }

    /** Whether a process was killed for a call, as a line says. */
    public static boolean isKill(String line) {
        return KILL.matcher(line).find();
    }

    /** The first line about a process killed for a call; empty if there is none, or no journal. */
    public static Optional<String> queryKill(Systemd manager, String unit, Instant since) {
        return lines(manager, unit, since, "+", "_TRANSPORT=kernel", "+", "_TRANSPORT=audit")
                .filter(UnitJournal::isKill)
                .findFirst();
    }

    /** The variables that the unit's commands name, and that were not set. */
    static Stream<String> queryUnset(Systemd manager, String unit, Instant since) {
        return lines(manager, unit, since)
                .map(UNSET::matcher)
                .filter(Matcher::find)
                .flatMap(matcher -> Stream.of(matcher.group(1).split(", ")));
    }

    private static Stream<String> lines(
            Systemd manager, String unit, Instant since, String... more) {
        List<String> question =
                new ArrayList<>(
                        List.of(
                                "journalctl",
                                "--quiet",
                                "--output=cat",
                                "--since=@" + since.getEpochSecond()));
        question.addAll(manager.fields(unit));
        question.addAll(List.of(more));
        return Systemd.lines(question).stream();
    }
}
