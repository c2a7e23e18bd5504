// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Verdict;

/**
 * Records as the source says that was found first. When a run shows that others log in or record on
 * this machine, so that sessions do not tell who made a call, later runs use another source.
 */
final class AutoRecorder implements Recorder {
    private final Opener other;
    private final Observer observer;
    private Recorder current;
    private boolean isDisturbed;
    private boolean endWasRequested;

    /** Opens the other source, or throws {@link SourceException}. */
    interface Opener {
        Recorder open();
    }

    AutoRecorder(Recorder first, Opener other, Observer observer) {
        this.current = first;
        this.other = other;
        this.observer = observer;
    }

    @Override
    public String sourceName() {
        return current.sourceName();
    }

    @Override
    public Result record(RunPlan plan) {
        changeIfDisturbed();
        Result result = current.record(plan);
        endWasRequested |= current.endWasRequested();
        isDisturbed = isDisturbed(result.run().verdict());
        return result;
    }

    private void changeIfDisturbed() {
        if (isDisturbed) {
            isDisturbed = false;
            try {
                Recorder next = other.open();
                current.close();
                current = next;
                observer.changesSource(next.sourceName());
            } catch (SourceException e) {
                // The first one can still record a run that is not disturbed.
            }
        }
    }

    private static boolean isDisturbed(Verdict verdict) {
        return verdict instanceof Verdict.Incomplete incomplete
                && incomplete.causes().stream()
                        .anyMatch(
                                cause ->
                                        Sign.Kind.of(cause)
                                                .filter(Sign.Kind.SESSION_LEFT::equals)
                                                .isPresent());
    }

    @Override
    public boolean endWasRequested() {
        return endWasRequested;
    }

    @Override
    public boolean lack(long capabilities) {
        changeIfDisturbed();
        return current.lack(capabilities);
    }

    @Override
    public void close() {
        current.close();
    }
}
