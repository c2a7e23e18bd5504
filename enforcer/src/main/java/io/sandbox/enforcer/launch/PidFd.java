// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A process, held by a pidfd: its number cannot come to mean another process (pidfd_open(2)). */
public final class PidFd implements AutoCloseable {
    private final int process;
    private final int fd;
    private final Waiter end;

    private PidFd(int process, int fd) {
        this.process = process;
        this.fd = fd;
        end = new PollWaiter(fd);
    }

    /** Empty if there is no such process. Throws {@link SourceException} if it cannot be held. */
    public static Optional<PidFd> open(int process) {
        int fd = LibC.pidfdOpen(process);
        if (fd == -LibC.ESRCH) {
            return Optional.empty();
        }
        if (fd < 0) {
            throw SourceException.of("process " + process, fd, "pidfd_open failed");
        }
        return Optional.of(new PidFd(process, fd));
    }

    /** Sends a signal to a process, if there still is one of this number. */
    public static void signal(int process, int number) {
        signal(process, number, () -> true);
    }

    /**
     * The same, for a process that may have ended.
     *
     * @param isMeant whether the process of this number is still the one that is meant; asked while
     *     the process is held
     */
    public static void signal(int process, int number, BooleanSupplier isMeant) {
        open(process)
                .ifPresent(
                        held -> {
                            try (held) {
                                if (isMeant.getAsBoolean()) {
                                    held.signal(number);
                                }
                            }
                        });
    }

    /** Throws {@link SourceException} if that is not permitted. */
    public void signal(int number) {
        int result = LibC.pidfdSendSignal(fd, number);
        if (result < 0 && result != -LibC.ESRCH) {
            throw SourceException.of("process " + process, result, "it cannot be signalled");
        }
    }

    /** Waits for the end of the process, and returns whether it came within {@code millis}. */
    public boolean awaitEnd(int millis) {
        return end.await(millis);
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
