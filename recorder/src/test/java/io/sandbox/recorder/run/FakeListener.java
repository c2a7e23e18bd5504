// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.CallListener;
import io.sandbox.evidence.testing.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A listener that gets the questions of a test. Events between two calls are steps too: they run in
 * the thread that takes the calls, after the previous call was answered.
 */
final class FakeListener implements CallListener {
    static final int DESCRIPTOR = 8;

    /** Higher than any process number, so that no real process is inspected or signalled. */
    static final int NOBODY = 0x7f00_0000;

    private static final long INSTRUCTION = 0x401000;

    /** A call or another event. */
    private record Step(int arch, int number, List<Long> arguments, int skipped, Runnable event) {}

    /** The numbers of the calls that were made, in order. */
    final List<Integer> made = new ArrayList<>();

    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final int thread;
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean taken;
    private boolean answers;

    /** Whether the kernel is new. */
    boolean quick = true;

    private volatile boolean orphaned;
    volatile boolean closed;
    private long id = 7;
    private Step call;

    /** {@code thread} makes all calls. */
    FakeListener(int thread) {
        this.thread = thread;
    }

    FakeListener() {
        this(NOBODY);
    }

    void ask(int number, long... arguments) {
        add(new Step(Records.X86_64, number, six(arguments), 0, null));
    }

    /** Asks after this many questions that the kernel took back. */
    void askAfterGap(int skipped, int number) {
        add(new Step(Records.X86_64, number, six(), skipped, null));
    }

    void then(Runnable event) {
        add(new Step(0, 0, List.of(), 0, event));
    }

    /** Asks, after an event that comes while the call is awaited. */
    void askAfter(Runnable event, int number, long... arguments) {
        add(new Step(Records.X86_64, number, six(arguments), 0, event));
    }

    /** No process is left under the filter. */
    void hangUp() {
        orphaned = true;
    }

    private static List<Long> six(long... arguments) {
        List<Long> six = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            six.add(i < arguments.length ? arguments[i] : 0L);
        }
        return List.copyOf(six);
    }

    /** Waits until what was asked so far is answered, if anybody takes the calls. */
    void awaitAnswers() {
        while (taken && open.get() > 0 && !orphaned) {
            Thread.onSpinWait();
        }
    }

    private void add(Step step) {
        open.incrementAndGet();
        steps.add(step);
    }

    private boolean take(Step step) {
        if (step == null) {
            return false;
        }
        if (step.event() != null) {
            step.event().run();
        }
        if (step.arch() == 0) {
            return false;
        }
        id += step.skipped() + 1;
        call = step;
        return true;
    }

    @Override
    public boolean enableSyncWakeUp() {
        taken = true;
        return quick;
    }

    @Override
    public int descriptor() {
        return DESCRIPTOR;
    }

    @Override
    public boolean isOrphaned() {
        return orphaned;
    }

    @Override
    public boolean poll() {
        return take(steps.poll());
    }

    @Override
    public boolean receive() {
        if (answers) {
            open.decrementAndGet();
            answers = false;
        }
        try {
            while (!orphaned && !closed) {
                Step step = steps.poll(1, TimeUnit.MILLISECONDS);
                if (step != null) {
                    answers = true;
                    return take(step);
                }
            }
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public int thread() {
        return thread;
    }

    @Override
    public int number() {
        return call.number();
    }

    @Override
    public int auditArch() {
        return call.arch();
    }

    @Override
    public long instruction() {
        return INSTRUCTION + call.number();
    }

    @Override
    public long argument(int index) {
        return call.arguments().get(index);
    }

    @Override
    public List<Long> arguments() {
        return call.arguments();
    }

    @Override
    public boolean isWaiting() {
        return true;
    }

    @Override
    public void letThrough() {
        made.add(call.number());
    }

    @Override
    public void close() {
        closed = true;
    }
}
