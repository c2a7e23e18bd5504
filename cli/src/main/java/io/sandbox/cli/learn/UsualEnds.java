// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import io.sandbox.outcome.CommandFailure;
import io.sandbox.recorder.machine.ContainerEnd;
import io.sandbox.recorder.run.Recorder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the containers of a command ended before its list was printed. A script, or a command that
 * leaves its containers behind, ends in the same way whatever becomes of them.
 *
 * @param ends of all runs in which no call was refused; empty if the engine does not tell
 * @param fewest containers that a run had
 * @param patience how long to wait for as many
 */
record UsualEnds(List<String> engine, List<ContainerEnd> ends, int fewest, long patience) {
    /** An engine writes down an end after the command has seen it. */
    private static final long LATE_MILLIS = 5000;

    private static final long TICK_MILLIS = 200;

    static UsualEnds query(List<String> engine, List<Recorder.Result> runs) {
        Instant begun = runs.get(0).run().started();
        Optional<List<ContainerEnd>> known = ContainerEnd.query(engine, begun);
        for (long waited = 0; waited < LATE_MILLIS; waited += TICK_MILLIS) {
            if (known.map(ends -> ends.size() >= runs.size()).orElse(true)) {
                break;
            }
            pause();
            known = ContainerEnd.query(engine, begun);
        }
        List<ContainerEnd> all = known.orElse(List.of());
        List<ContainerEnd> usual =
                all.stream().filter(end -> !isOfRefusal(end.moment(), runs)).toList();
        long longest = runs.stream().mapToLong(each -> each.run().millis()).max().orElse(0);
        int fewest = Math.max(1, all.size() / runs.size());
        return new UsualEnds(engine, usual, fewest, longest + LATE_MILLIS);
    }

    /** Whether the run of that moment was one under a list that was not enough. */
    private static boolean isOfRefusal(Instant moment, List<Recorder.Result> runs) {
        return runs.stream()
                .map(Recorder.Result::run)
                .takeWhile(run -> run.started().isBefore(moment))
                .reduce((before, after) -> after)
                .filter(run -> run.filter().enforced() && run.records() > 0)
                .isPresent();
    }

    boolean areKnown() {
        return !ends.isEmpty();
    }

    /** What speaks against the list under which containers were started at that moment. */
    Optional<String> doubt(Instant begun) {
        if (!areKnown()) {
            return Optional.empty();
        }
        List<ContainerEnd> now = List.of();
        for (long waited = 0; waited <= patience; waited += TICK_MILLIS) {
            now = queryOurs(begun);
            Optional<ContainerEnd> other =
                    now.stream().filter(end -> ends.stream().noneMatch(end::isLike)).findFirst();
            if (other.isPresent()) {
                return other.map(
                        end ->
                                "with the printed profile a container of %s ended with status %s,"
                                                .formatted(end.image(), end.status())
                                        + " as none did without it");
            }
            if (now.size() >= fewest) {
                return Optional.empty();
            }
            pause();
        }
        return Optional.of(
                "with the printed profile %s of at least %s containers had ended when the"
                                .formatted(now.size(), fewest)
                        + " waiting for them did");
    }

    /** Others may end meanwhile. */
    private List<ContainerEnd> queryOurs(Instant begun) {
        return ContainerEnd.query(engine, begun).orElse(List.of()).stream()
                .filter(end -> ends.stream().anyMatch(each -> each.image().equals(end.image())))
                .toList();
    }

    private static void pause() {
        try {
            Thread.sleep(TICK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.ownFailure("interrupted");
        }
    }
}
