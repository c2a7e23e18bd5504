// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.util.List;

/**
 * The listener of a filter (seccomp_unotify(2)). It reports each call with SECCOMP_RET_USER_NOTIF.
 * The calling thread waits for the answer or for its death. When all copies of the listener are
 * closed, such calls fail with ENOSYS. For one thread; another may ask {@link #isOrphaned}.
 */
public interface CallListener extends AutoCloseable {
    /**
     * Makes the kernel switch directly between the caller and us, without the scheduler: about
     * eight times faster.
     *
     * @return false if the kernel cannot do that (before Linux 6.6)
     */
    boolean enableSyncWakeUp();

    /** For poll(2): readable when a call waits, hung up when the last process has gone. */
    int descriptor();

    /** Whether no process under the filter is left. */
    boolean isOrphaned();

    /**
     * Takes the next call, without waiting. The methods below then describe this call.
     *
     * @return false if there is none
     * @throws SourceException when the listener cannot be read
     */
    boolean poll();

    /**
     * Waits for the next call. The methods below then describe this call.
     *
     * @return false if its caller was killed meanwhile, or no process under the filter is left
     * @throws SourceException when the listener cannot be read
     */
    boolean receive();

    /** The kernel's number for the question, one higher than that of the question before. */
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
     * Whether the caller still waits. If so, its number was not used again, and all that was read
     * by it belongs to the caller. A signal can end the waiting; the call is then made again.
     */
    boolean isWaiting();

    /** Lets the kernel make the call. Throws {@link SourceException} if it takes no answer. */
    void letThrough();

    @Override
    void close();
}
