// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Verdict;
import java.util.function.Supplier;

/**
 * Records as the source says that was found first. When a run shows that others log in or record on
 * this machine, so that sessions do not tell who made a call, later runs use another source.
 */
final class AutoRecorder implements Recorder {
    private final Supplier<Recorder> other;
    private final Observer observer;
    private Recorder current;
    private boolean isDisturbed;
    private boolean endWasRequested;

    /** {@code other} opens the other source, or throws {@link SourceException}. */
    AutoRecorder(Recorder first, Supplier<Recorder> other, Observer observer) {
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
                Recorder next = other.get();
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
                        .flatMap(cause -> Sign.Kind.of(cause).stream())
                        .anyMatch(Sign.Kind.SESSION_LEFT::equals);
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
