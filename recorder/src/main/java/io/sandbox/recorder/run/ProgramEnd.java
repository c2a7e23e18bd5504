// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.PidFd;
import io.sandbox.enforcer.launch.SandboxExec.Event;
import io.sandbox.enforcer.launch.Waiters;
import java.util.Collection;
import java.util.Iterator;
import java.util.function.IntConsumer;

/** The end of the program itself; its descendants may go on. */
final class ProgramEnd {
    /** A descendant that ends within this time after the program is not reported. */
    private static final long LEFT_AFTER_NANOS = 1_000_000_000L;

    private final Waiters clock;
    private boolean come;
    private long nanos;
    private int waitStatus;
    private boolean descendantTold;

    ProgramEnd(Waiters clock) {
        this.clock = clock;
    }

    void note(Event.Ended ended) {
        come = true;
        nanos = clock.nanoTime();
        waitStatus = ended.waitStatus();
    }

    boolean hasCome() {
        return come;
    }

    /** Signals the program; if it has ended, as a daemon does that leaves, all its processes. */
    void signal(int program, int signal, IntConsumer toAll) {
        if (come) {
            toAll.accept(signal);
        } else {
            PidFd.signal(program, signal);
        }
    }

    /** Returns what waitpid(2) reports; 0 before the end. */
    int waitStatus() {
        return waitStatus;
    }

    /** Whether a descendant that is left is to be reported now. One is enough. */
    boolean wantsDescendant() {
        return come && !descendantTold && clock.nanoTime() - nanos > LEFT_AFTER_NANOS;
    }

    /** Reports one of the descendants, if any is left. */
    void tellDescendant(Collection<Integer> living, Recorder.Observer observer) {
        Iterator<Integer> any = living.iterator();
        if (any.hasNext()) {
            descendantTold = true;
            observer.descendantLeft(any.next());
        }
    }
}
