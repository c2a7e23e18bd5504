// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.evidence.Recording;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.Verdict;
import io.sandbox.recorder.log.LogEvidence;
import io.sandbox.recorder.log.LogFilter;
import io.sandbox.recorder.log.LogTally;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was read of a file, or of some of its parts. Which evidence of a log is the same as that of
 * another shows only when all parts have been added.
 */
public final class FileEvidence implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String file;

    /** The host in its path; null if there is no pattern. */
    private final String host;

    /** Whether a recording is to be made of it. */
    private final boolean keep;

    /** What its lines hold, by host unless that is known. */
    private final LogTally tally;

    /** What a recording holds; null if it is none. */
    private ArrayList<Evidence> recorded;

    /** Whether anything could be read. */
    private boolean opened;

    /** Why it could not be read to its end; null if it could. */
    private String trouble;

    FileEvidence(String file, Optional<String> host, LogFilter filter, boolean keep) {
        this.file = file;
        this.keep = keep;
        this.host = host.orElse(null);
        tally = new LogTally(filter, host.isEmpty());
    }

    LogTally tally() {
        opened = true;
        return tally;
    }

    void isUnread(String why) {
        trouble = why;
    }

    /** {@code filter}: which executables are wanted. */
    void isRecording(Recording recording, LogFilter filter) {
        List<HostRun> runs =
                recording.runs().stream().map(run -> HostRun.of(run, filter, keep)).toList();
        List<String> losses = new ArrayList<>();
        for (Run run : recording.unhealed()) {
            losses.addAll(((Verdict.Incomplete) run.verdict()).causes());
        }
        recorded = new ArrayList<>(List.of(evidence(Optional.empty(), runs, losses)));
    }

    private HostEvidence evidence(Optional<String> inLog, List<HostRun> runs, List<String> losses) {
        Optional<String> name = Optional.ofNullable(host).or(() -> inLog);
        return new HostEvidence(name.orElse(file), name.isEmpty(), runs, List.copyOf(losses));
    }

    /** Adds what another part of the same file holds. */
    public FileEvidence plus(FileEvidence other) {
        tally.addAll(other.tally);
        recorded = recorded == null ? other.recorded : recorded;
        opened |= other.opened;
        trouble = trouble == null ? other.trouble : trouble;
        return this;
    }

    public String file() {
        return file;
    }

    /** What it adds to a fleet, when all of its parts are here. */
    public List<Evidence> evidence() {
        List<Evidence> all = new ArrayList<>();
        if (trouble != null) {
            all.add(new UnreadFile(file, trouble));
        }
        tally.limitReached().ifPresent(why -> all.add(new UnreadFile(file, why)));
        if (recorded != null) {
            all.addAll(recorded);
        } else if (opened) {
            all.addAll(ofLog());
        }
        return all;
    }

    private List<Evidence> ofLog() {
        List<Evidence> all = new ArrayList<>();
        Map<Optional<String>, LogEvidence> byHost = LogEvidence.byHost(tally);
        // A host with canaries only, or with other programs than the wanted, has no calls.
        tally.hosts().forEach(inLog -> all.add(evidence(inLog, List.of(), tally.gaps())));
        if (byHost.isEmpty() && all.isEmpty()) {
            all.add(evidence(Optional.empty(), List.of(), tally.gaps()));
        }
        // A log does not tell which of its hosts lost the records.
        byHost.forEach(
                (inLog, ofHost) -> {
                    all.add(evidence(inLog, List.of(HostRun.of(ofHost, keep)), ofHost.losses()));
                });
        return all;
    }
}
