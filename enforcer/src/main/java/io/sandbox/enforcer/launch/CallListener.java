// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.util.List;

/**
 * The listener of a filter (seccomp_unotify(2)): tells of each call for which the filter says
 * SECCOMP_RET_USER_NOTIF. The calling thread waits until it is answered or dies; once all copies of
 * the listener are closed such calls fail with ENOSYS. One thread reads it; another may ask {@link
 * #isOrphaned}.
 */
public interface CallListener extends AutoCloseable {
    /**
     * Has the kernel switch between caller and listener as in a function call, without the
     * scheduler: some eight times faster.
     *
     * @return false if it cannot (before Linux 6.6)
     */
    boolean enableSyncWakeUp();

    /**
     * For poll(2): readable when a call waits, hung up when no process under the filter is left.
     */
    int descriptor();

    /** Whether no process under the filter is left. */
    boolean isOrphaned();

    /**
     * Takes the next call, without waiting; the methods below are then about it.
     *
     * @return false if there is none
     * @throws SourceException when the listener cannot be read
     */
    boolean poll();

    /**
     * Waits for the next call; the methods below are then about it.
     *
     * @return false if its caller was killed meanwhile, or no process under the filter is left
     * @throws SourceException when the listener cannot be read
     */
    boolean receive();

    /** The kernel's number of the question: one more than that of the question before. */
    long id();

    /** The calling thread, as our PID namespace numbers it. */
    int thread();

    int number();

    /** An AUDIT_ARCH value. */
    int auditArch();

    /** The address right after the instruction that makes the call. */
    long instruction();

    /**
     * @param index 0 to 5
     * @return unsigned
     */
    long argument(int index);

    /** All six, unsigned. */
    List<Long> arguments();

    /**
     * Whether the caller still waits. If so, whatever was read of it by its number, before this was
     * asked, was its own. A signal can end the waiting; the call is then made again.
     */
    boolean isWaiting();

    /**
     * Has the call made.
     *
     * @throws SourceException when the listener does not take the answer
     */
    void letThrough();

    @Override
    void close();
}
