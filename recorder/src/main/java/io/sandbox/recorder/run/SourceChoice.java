// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.enforcer.launch.KernelCallListener;
import io.sandbox.enforcer.launch.SandboxExec;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.enforcer.launch.Waiters;
import io.sandbox.outcome.CommandFailure;
import io.sandbox.outcome.FileFailure;
import io.sandbox.recorder.source.AuditNetlinkSource;
import io.sandbox.recorder.source.KmsgSource;
import io.sandbox.recorder.source.PrintkLimit;
import io.sandbox.recorder.source.RecordSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Finds a source that works on this machine; if there is none, one line says what is missing. A
 * source of records works if a canary, a call logged before the target exists, arrives through it.
 * {@code notify} works if the kernel has the interface.
 */
public enum SourceChoice {
    AUTO,
    AUDIT,
    NOTIFY,
    KMSG,
    BPF;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static final Path ACTIONS_LOGGED = Path.of("/proc/sys/kernel/seccomp/actions_logged");

    private static final Path ACTIONS_AVAILABLE = Path.of("/proc/sys/kernel/seccomp/actions_avail");

    /**
     * Opens the source. The recorder must be closed by the caller.
     *
     * @param keepLimits leaves the kernel's printk limit, so that {@code kmsg} loses records
     * @throws CommandFailure when no source works here
     */
    public Recorder open(SandboxExec sandboxExec, boolean keepLimits, Recorder.Observer observer) {
        // notify comes before kmsg because it loses no calls, and kmsg may.
        List<SourceChoice> candidates = this == AUTO ? List.of(AUDIT, NOTIFY, KMSG) : List.of(this);
        List<String> reasons = new ArrayList<>();
        for (SourceChoice candidate : candidates) {
            try {
                Recorder recorder = candidate.openOne(sandboxExec, keepLimits, observer);
                return this == AUTO && candidate == AUDIT
                        ? new AutoRecorder(
                                recorder, () -> openUndisturbed(sandboxExec, observer), observer)
                        : recorder;
            } catch (SourceException e) {
                reasons.add(e.getMessage());
            }
        }
        throw CommandFailure.ownFailure(
                "no source of calls works here: " + String.join("; ", reasons));
    }

    /**
     * Whether the calls of what others start are counted in the kernel; otherwise we answer them.
     *
     * @throws CommandFailure when the source cannot see what others start, or does not work here
     */
    public boolean counts(SandboxExec sandboxExec, Recorder.Observer observer) {
        if (this == AUDIT || this == KMSG) {
            throw CommandFailure.ownFailure(
                    this + " does not see what others start (take bpf or notify)");
        }
        try {
            if (this != NOTIFY) {
                new BpfRecorder(sandboxExec, Waiters.KERNEL, observer).require();
            }
            return this != NOTIFY;
        } catch (SourceException e) {
            if (this == BPF) {
                throw CommandFailure.ownFailure(e.getMessage());
            }
            return false;
        }
    }

    /** Opens a source that needs no sessions: the one that knows of capabilities, if possible. */
    private static Recorder openUndisturbed(SandboxExec sandboxExec, Recorder.Observer observer) {
        try {
            return BPF.openOne(sandboxExec, false, observer);
        } catch (SourceException e) {
            return NOTIFY.openOne(sandboxExec, false, observer);
        }
    }

    private Recorder openOne(
            SandboxExec sandboxExec, boolean keepLimits, Recorder.Observer observer) {
        if (this == BPF) {
            BpfRecorder recorder = new BpfRecorder(sandboxExec, Waiters.KERNEL, observer);
            recorder.require();
            return recorder;
        }
        if (this == NOTIFY) {
            KernelCallListener.requireKernel();
            return new NotifyRecorder(sandboxExec, Waiters.KERNEL, observer);
        }
        requireLogAction();
        RecordSource source = this == AUDIT ? AuditNetlinkSource.open() : openKmsg(keepLimits);
        LogRecorder recorder = new LogRecorder(sandboxExec, source, Waiters.KERNEL, observer);
        try {
            if (!recorder.canaryArrives()) {
                throw new SourceException(
                        this + ": a test record did not arrive (" + source.whySilent() + ")");
            }
            sandboxExec.requireSession();
            return recorder;
        } catch (SourceException e) {
            recorder.close();
            throw e;
        }
    }

    private static RecordSource openKmsg(boolean keepLimits) {
        if (keepLimits) {
            return KmsgSource.open(() -> {});
        }
        PrintkLimit limit = PrintkLimit.lift();
        try {
            return KmsgSource.open(limit::close);
        } catch (SourceException e) {
            limit.close();
            throw e;
        }
    }

    /** Throws {@link SourceException} if the kernel writes no records of logged calls. */
    static void requireLogAction() {
        String actions;
        String available;
        try {
            actions = Files.readString(ACTIONS_LOGGED).strip();
            available = Files.readString(ACTIONS_AVAILABLE).strip();
        } catch (IOException e) {
            throw new SourceException(
                    String.format(
                            "the kernel has no seccomp log action: %s: %s (needs Linux 4.14;"
                                    + " ProcSubset=pid of a unit hides it)",
                            ACTIONS_LOGGED, FileFailure.reason(e)));
        }
        String missing = "";
        for (String action : List.of("log", "user_notif")) {
            // Before Linux 5.0 filters cannot ask.
            if (!isOne(action, actions) && isOne(action, available)) {
                missing += " " + action;
            }
        }
        if (!missing.isEmpty()) {
            throw new SourceException(
                    String.format(
                            "kernel.seccomp.actions_logged lacks%s, so calls are not recorded (run:"
                                    + " sysctl -w kernel.seccomp.actions_logged=\"%s%s\")",
                            missing, actions, missing));
        }
    }

    private static boolean isOne(String action, String actions) {
        return Arrays.asList(actions.split(" ")).contains(action);
    }
}
