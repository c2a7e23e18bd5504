package io.sandbox.recorder.source;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The listener of a filter (seccomp_unotify(2)): tells of each call for which the filter says
 * SECCOMP_RET_USER_NOTIF. The calling thread waits until it is answered or dies; once the listener
 * is closed such calls fail with ENOSYS. For one thread.
 */
public final class CallListener implements AutoCloseable {
    // linux/seccomp.h: _IOWR('!', 0, struct seccomp_notif), _IOW('!', 2, __u64)
    private static final int RECV = 0xc050_2100;
    private static final int ID_VALID = 0x4008_2102;

    /** struct seccomp_notif: id, pid, flags; then struct seccomp_data. */
    private static final int NOTIF = 80;

    private static final int PID = 8;
    private static final int NUMBER = 16;
    private static final int ARCH = 20;
    private static final int INSTRUCTION = 24;
    private static final int ARGUMENTS = 32;

    private static final int POLLFD = 8;
    private static final short POLLHUP = 0x10;

    private final int fd;
    private final Memory notif = new Memory(NOTIF);
    private final Memory id = new Memory(Long.BYTES);
    private final Memory pollfd = new Memory(POLLFD);

    /**
     * A call that waits for an answer.
     *
     * @param id the kernel's name for this question
     * @param thread the caller, as our PID namespace numbers it
     * @param auditArch an AUDIT_ARCH value
     * @param instruction the address right after the instruction that makes the call
     * @param arguments six, unsigned
     */
    public record Question(
            long id,
            int thread,
            int number,
            int auditArch,
            long instruction,
            List<Long> arguments) {}

    /**
     * @param descriptor is closed with this
     */
    public CallListener(int descriptor) {
        fd = descriptor;
    }

    /** For poll(2): readable when a call waits. */
    public int descriptor() {
        return fd;
    }

    /** Whether no process under the filter is left. */
    public boolean isOrphaned() {
        return (queryEvents() & POLLHUP) != 0;
    }

    /**
     * The next call, without waiting; empty if there is none.
     *
     * @throws SourceException when the listener cannot be read
     */
    public Optional<Question> poll() {
        if ((queryEvents() & LibC.POLLIN) == 0) {
            return Optional.empty();
        }
        notif.clear();
        int result = LibC.ioctl(fd, RECV, notif);
        if (result == -LibC.ENOENT || result == -LibC.EINTR) {
            return Optional.empty(); // the caller was killed meanwhile
        }
        if (result < 0) {
            throw SourceException.of("listener", result, "reading the program's calls failed");
        }
        return Optional.of(
                new Question(
                        notif.getLong(0),
                        notif.getInt(PID),
                        notif.getInt(NUMBER),
                        notif.getInt(ARCH),
                        notif.getLong(INSTRUCTION),
                        arguments()));
    }

    private List<Long> arguments() {
        List<Long> arguments = new ArrayList<>();
        for (int at = ARGUMENTS; at < NOTIF; at += Long.BYTES) {
            arguments.add(notif.getLong(at));
        }
        return arguments;
    }

    /**
     * Whether the caller still waits. If so, whatever was read of it by its number, before this was
     * asked, was its own. A signal can end the waiting; the call is then made again.
     */
    public boolean isWaiting(Question question) {
        id.setLong(0, question.id());
        return LibC.ioctl(fd, ID_VALID, id) == 0;
    }

    private short queryEvents() {
        pollfd.setInt(0, fd);
        pollfd.setInt(4, LibC.POLLIN);
        LibC.poll(pollfd, 1, 0);
        return pollfd.getShort(6);
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
