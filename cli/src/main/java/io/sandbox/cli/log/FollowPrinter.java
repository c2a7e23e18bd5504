// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.log;

import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.StandardOutput;
import io.sandbox.recorder.log.KernelAction;
import io.sandbox.recorder.log.LogFollower;
import io.sandbox.recorder.log.ProgramKey;
import io.sandbox.recorder.log.RecordJson;
import io.sandbox.syscalldb.ObservedCall;
import java.util.TimeZone;

/** Prints a followed log: a line for each new call of a program, or for each record. */
final class FollowPrinter implements LogFollower.Observer {
    private final Console console;
    private final StandardOutput output;
    private final RecordJson json;
    private final TimeZone zone = TimeZone.getDefault();

    /** {@code records}: whether to print each record, as JSON. */
    FollowPrinter(Console console, StandardOutput output, boolean records) {
        this.console = console;
        this.output = output;
        json = records ? new RecordJson() : null;
    }

    @Override
    public void record(SeccompRecord record, boolean isNew) {
        if (json != null) {
            json.append(record);
            json.writeTo(output.stream());
        } else if (isNew) {
            output.print(line(record));
        }
    }

    private String line(SeccompRecord record) {
        ProgramKey key = ProgramKey.of(record);
        String time =
                record.hasTime()
                        ? LogTable.time(record.timeMillis(), zone)
                        : record.timeText().orElse("-");
        String call =
                record.has(RecordField.SYSCALL) && record.hasArch()
                        ? ObservedCall.of(record.arch(), record.syscall()).displayName()
                        : record.text(RecordField.SYSCALL).orElse("?");
        return String.format(
                "%s  %s  %s  %s  %s\n",
                Console.printable(time),
                LogTable.executable(key),
                Console.printable(key.archName()),
                Console.printable(call),
                KernelAction.of(record).text());
    }

    /** Only {@code --records} prints them. */
    @Override
    public void canary(SeccompRecord record) {
        record(record, false);
    }

    @Override
    public void gap(String what, long lost) {
        console.say("incomplete: " + what);
    }
}
