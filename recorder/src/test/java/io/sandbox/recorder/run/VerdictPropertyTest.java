// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.evidence.Run;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** For any order of events: complete if, and only if, nothing of the target is missed. */
class VerdictPropertyTest {
    private static final int RUNS = 2000;

    private static final String STILL_RUNNING = "processes of the program were still running";
    private static final String NOT_FOUND =
            "a process under the program's filter still runs and could not be found";
    private static final String NO_BARRIER = "the record that marks the end did not arrive";

    private static Run record(RandomTarget target) {
        LogRecorder recorder =
                new LogRecorder(new SandboxExec(target), target, target, new QuietObserver());
        return recorder.record(Plans.plan()).run();
    }

    @Test
    void verdict_anyOrderOfEventsAndLosses_isThatOfThePlainModel() {
        int complete = 0;
        for (long seed = Seeds.FIRST; seed < Seeds.FIRST + RUNS; seed++) {
            Random random = Seeds.random(seed);
            RandomTarget target =
                    new RandomTarget(
                            random,
                            random.nextBoolean(),
                            random.nextBoolean(),
                            random.nextInt(4) == 0);
            Run run = record(target);
            checkAgainstModel(run, target, "-Dverdict.seed=" + seed + ": " + Plans.causes(run));
            complete += run.isComplete() ? 1 : 0;
        }
        assertTrue(complete > RUNS / 4 && complete < RUNS, complete + " were complete");
    }

    private static void checkAgainstModel(Run run, RandomTarget target, String what) {
        List<String> causes = Plans.causes(run);
        boolean abandoned = causes.contains(STILL_RUNNING) || causes.contains(NOT_FOUND);
        assertTrue(!causes.contains(NOT_FOUND) || target.wasLookedForOften(), what);
        boolean barrierMissed = causes.contains(NO_BARRIER);
        if (run.isComplete()) {
            assertTrue(target.isOver(), what);
            assertEquals(target.made, Plans.counts(run), what);
        }
        Plans.counts(run)
                .forEach(
                        (number, count) ->
                                assertFalse(count > target.made.getOrDefault(number, 0L), what));
        assertEquals(target.lostSome, causes.stream().anyMatch(c -> c.contains("dropped")), what);
        target.checkBarrier();
        assertTrue(barrierMissed || !target.lacksBarrier, what);
        assertTrue(!barrierMissed || target.lostABarrier || target.lostSome, what);
        if (!abandoned && !barrierMissed && !target.lostSome) {
            boolean noCall = target.made.isEmpty();
            assertEquals(!target.leftItsSession && !noCall, run.isComplete(), what);
        }
    }
}
