// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the journal says of a service and of the kernel. */
public final class UnitJournal {
    /** The words of systemd about a unit's processes, and of the kernel (audit type 1326). */
    private static final Pattern KILL = Pattern.compile("status=31/SYS|type=1326 .*\\bsig=31\\b");

    private UnitJournal() {}

    /** The first line about a process killed for a call; empty if there is none, or no journal. */
    public static Optional<String> queryKill(Systemd manager, String unit, Instant since) {
        List<String> question =
                new ArrayList<>(
                        List.of(
                                "journalctl",
                                "--quiet",
                                "--output=cat",
                                "--since=@" + since.getEpochSecond()));
        question.addAll(manager.fields(unit));
        question.addAll(List.of("+", "_TRANSPORT=kernel", "+", "_TRANSPORT=audit"));
        List<String> lines = Systemd.lines(question);
        return lines.stream().filter(line -> KILL.matcher(line).find()).findFirst();
    }
}
