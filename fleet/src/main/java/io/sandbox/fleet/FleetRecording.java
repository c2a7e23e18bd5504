// SPDX-License-Identifier: Apache-2.0
package io.sandbox.fleet;

import io.sandbox.evidence.Judge;
import io.sandbox.evidence.Recording;
import io.sandbox.evidence.RecordingWriter;
import io.sandbox.evidence.Run;
import io.sandbox.evidence.RunFilter;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import io.sandbox.recorder.machine.MachineFacts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The runs of a fleet as one recording. It is never more complete than what it is made of: a
 * complete run fills the gaps of an earlier one of its own host only, so there is a further run
 * that nothing fills, with whatever is missing of any host.
 *
 * <p>Runs have no host, so without the further run, a run of one host would make up for another.
 * Runs are known by their content ({@code EvidenceId}), so a forged run cannot take the place of
 * one whose id it has.
 */
public final class FleetRecording {
    private static final String SOURCE = "fleet";

    /** The most names in a message. */
    private static final int NAMED = 10;

    private FleetRecording() {}

    /** {@code fleet} of which all runs were kept. */
    public static Recording of(Fleet fleet) {
        Map<String, List<Run>> byId = new TreeMap<>();
        fleet.runs()
                .forEach(run -> byId.computeIfAbsent(run.id(), id -> new ArrayList<>()).add(run));
        List<Run> all = new ArrayList<>();
        for (List<Run> ofId : byId.values()) {
            // Either other versions have read the log, or a forged run is to replace another.
            ofId.forEach(run -> all.add(ofId.size() == 1 ? run : run.named(ownId(run))));
        }
        Signs missing = missing(fleet);
        if (!missing.all().isEmpty()) {
            all.add(missing(missing, all));
        }
        return new Recording(all);
    }

    private static String ownId(Run run) {
        return run.id() + '-' + UUID.nameUUIDFromBytes(RecordingWriter.write(Recording.of(run)));
    }

    private static Signs missing(Fleet fleet) {
        Signs missing = new Signs();
        add(missing, Sign.Kind.HOSTS_SILENT, fleet.silentHosts());
        add(missing, Sign.Kind.HOSTS_LOST_RECORDS, fleet.losses().keySet());
        add(missing, Sign.Kind.FILES_UNREAD, fleet.unread().keySet());
        return missing;
    }

    private static void add(Signs missing, Sign.Kind what, Collection<String> names) {
        int more = names.size() - NAMED;
        missing.addCount(
                what,
                names.size(),
                String.join(", ", names.stream().limit(NAMED).toList())
                        + (more > 0 ? " and " + more + " more" : ""));
    }

    /** Without a command, so that no run fills its gaps. */
    private static Run missing(Signs signs, List<Run> others) {
        String text = String.join("\n", signs.sentences());
        return new Run(
                UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString(),
                others.stream().map(Run::started).max(Instant::compareTo).orElse(Instant.EPOCH),
                0,
                SOURCE,
                Optional.empty(),
                List.of(),
                new RunFilter(false, List.of()),
                OptionalInt.empty(),
                Judge.judge(signs),
                MachineFacts.query(),
                List.of());
    }
}
