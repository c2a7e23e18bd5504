// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.check;

import io.sandbox.cli.options.Options;
import io.sandbox.cli.output.Console;
import io.sandbox.cli.output.ShellQuote;
import io.sandbox.cli.recording.GivenEvidence;
import io.sandbox.cli.recording.UnitFailure;
import io.sandbox.evidence.Recording;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.Signals;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogSource;
import io.sandbox.recorder.log.LogTally;
import io.sandbox.recorder.machine.EndedContainer;
import io.sandbox.recorder.machine.ServiceUnit;
import io.sandbox.recorder.machine.Systemd;
import io.sandbox.recorder.machine.UnitJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code --explain-failure}: the calls that were refused to what has failed, from what remains. */
final class ExplainedFailure {
    static final String ONE_AT_A_TIME = "a program that is killed shows one call at a time";

    private static final int KILLED = 128 + Signals.SIGSYS;
    private static final Path JOURNAL = Path.of("/run/systemd/journal/socket");
    private static final Duration RECENT = Duration.ofHours(1);

    /** The engine writes down the start and the end a little later. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    /** Throws {@link CommandFailure} if no record tells of a refused call. */
    static Recording query(GivenEvidence evidence, Console console) {
        Options.refuseIf(
                evidence.runsProgram() || evidence.hasRecordings(),
                "--explain-failure: looks at what has failed already, so it takes --log,"
                        + " --container and --unit only");
        Optional<EndedContainer> container = evidence.container().map(EndedContainer::query);
        container.ifPresent(ended -> say(ended, evidence.container().get(), console));
        Instant recently = evidence.logs().isEmpty() ? Instant.now().minus(RECENT) : Instant.EPOCH;
        Instant from =
                evidence.after().or(() -> container.map(ExplainedFailure::begin)).orElse(recently);
        long until =
                container
                        .map(ended -> ended.ended().plus(SLACK).toEpochMilli())
                        .orElse(Long.MAX_VALUE);
        LogFilter filter = evidence.filter(Optional.of(from)).refusedUntil(until);
        LogTally tally = GivenEvidence.tally(sources(evidence, from), filter, false);
        String since =
                from.equals(Instant.EPOCH) ? "" : " since " + from.truncatedTo(ChronoUnit.SECONDS);
        if (tally.records() == 0) {
            String why =
                    tally.gaps().isEmpty()
                            ? "a filter that kills leaves one; a filter that answers with an error"
                                    + " leaves none (%s records what the program needs)"
                            : String.join("; ", tally.gaps())
                                    + ": perhaps this one too (sysctl kernel.printk_ratelimit=0 or"
                                    + " auditd, then let it fail once more; or record what the"
                                    + " program needs: %s)";
            throw CommandFailure.ownFailure(
                    "no record of a refused call" + since + ": " + why.formatted(learn(evidence)));
        }
        if (container.isEmpty() && evidence.recordedNames().names().isEmpty()) {
            console.say(
                    "these are refused calls of all programs"
                            + since
                            + ", perhaps under other policies (--exe PATH or --container NAME"
                            + " chooses, --since TIME takes fewer)");
        }
        return LogEvidence.of(tally).toRecording();
    }

    private static String learn(GivenEvidence evidence) {
        if (evidence.container().isPresent()) {
            return "sandbox learn-container before the command that made it";
        }
        return evidence.unit()
                .map(unit -> "sandbox learn-service " + ShellQuote.quote(unit))
                .orElse("sandbox learn");
    }

    /** What shows more than a record of one refused call. */
    static String further(GivenEvidence evidence) {
        return " (" + learn(evidence) + " shows all at once)";
    }

    /** What the user does after the policy has changed. */
    static String nextStart(GivenEvidence evidence) {
        String start =
                evidence.container().isPresent()
                        ? "make the container anew, since its engine keeps the profile that it was"
                                + " made with"
                        : "start it again";
        return start + further(evidence);
    }

    /**
     * The settings of a drop-in that fit what the journal says of a unit; empty if none does, or if
     * a process was killed for a call, which its list did.
     */
    static Optional<UnitFailure> settings(
            String unit, Optional<Instant> since, String dropIn, Console console) {
        List<String> journal = ServiceUnit.query(Systemd.SYSTEM, unit).queryJournal(since);
        Optional<String> kill = journal.stream().filter(UnitJournal::isKill).findFirst();
        if (kill.isPresent()) {
            console.say(unit + ": a process was killed for a call: " + kill.get());
            return Optional.empty();
        }
        UnitFailure failure = new UnitFailure(dropIn, journal);
        if (!failure.isExplained()) {
            console.say(
                    unit
                            + ": what the journal says of it fits no setting (it may have a log of"
                            + " its own; learn-service --harden --verify tries each setting)");
        }
        return Optional.of(failure).filter(UnitFailure::isExplained);
    }

    private static Instant begin(EndedContainer container) {
        Instant earlier = container.started().minus(SLACK);
        return earlier.isBefore(container.created()) ? container.created() : earlier;
    }

    private static List<LogSource> sources(GivenEvidence evidence, Instant from) {
        List<LogSource> sources = new ArrayList<>(GivenEvidence.sources(evidence.logs()));
        if (sources.isEmpty()) {
            if (Files.exists(JOURNAL)) {
                sources.add(LogSource.journal(from.toEpochMilli()));
            }
            if (Files.isReadable(LogSource.AUDIT_LOG)) {
                sources.add(LogSource.of(LogSource.AUDIT_LOG));
            }
        }
        if (sources.isEmpty()) {
            sources.add(LogSource.kernel());
        }
        return sources;
    }

    private static void say(EndedContainer ended, String name, Console console) {
        int status = ended.status().orElse(0);
        String meaning =
                status == KILLED
                        ? "a filter killed it (128 + SIGSYS)"
                        : "no filter killed its first process (that gives %s), but a filter can"
                                        .formatted(KILLED)
                                + " have killed another one, or refused calls with an error";
        String state = ended.status().isPresent() ? " ended with status " + status : " runs";
        console.say("container " + name + state + ": " + meaning);
        ended.complaints().forEach(line -> console.say(ended.engine() + " logs: " + line));
    }
}
