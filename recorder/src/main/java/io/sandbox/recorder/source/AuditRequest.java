// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.PollWaiter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A request without a body to the audit core (linux/audit.h), and the messages that answer it. Each
 * message begins with a header of {@link #HEADER} bytes. For one thread.
 */
final class AuditRequest implements AutoCloseable {
    /** sizeof(struct nlmsghdr): length, type, flags, sequence, port. */
    static final int HEADER = 16;

    static final short NLM_F_REQUEST = 1;
    static final short NLM_F_ACK = 4;

    private static final int PATIENCE_MILLIS = 1000;

    private final int fd;
    private final ByteBuffer message =
            ByteBuffer.allocateDirect(16384).order(ByteOrder.nativeOrder());

    private AuditRequest(int fd) {
        this.fd = fd;
    }

    /** Empty if the kernel has no audit, or we may not ask. */
    static Optional<AuditRequest> send(short type, int flags) {
        int fd = LibC.auditSocket();
        if (fd < 0) {
            return Optional.empty();
        }
        AuditRequest request = new AuditRequest(fd);
        request.message.putInt(0, HEADER);
        request.message.putShort(4, type);
        request.message.putShort(6, (short) flags);
        if (LibC.send(fd, request.message, HEADER) != HEADER) {
            request.close();
            return Optional.empty();
        }
        return Optional.of(request);
    }

    /** Waits for the next message. Returns its length; negative or 0 if none comes. */
    int receive() {
        int length = LibC.recv(fd, message);
        if (length == -LibC.EAGAIN) {
            new PollWaiter(fd).await(PATIENCE_MILLIS);
            length = LibC.recv(fd, message);
        }
        return length;
    }

    /** The last message, its header included; valid until the next one. */
    ByteBuffer message() {
        return message;
    }

    short type() {
        return message.getShort(4);
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
