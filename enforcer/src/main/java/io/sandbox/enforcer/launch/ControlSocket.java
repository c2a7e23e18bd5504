// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;

/**
 * The socket on which a command talks with {@code sandbox-exec}, the process that the user started
 * and whose child we are. It carries whole messages (SOCK_SEQPACKET). It is open as long as the
 * process lives. For one thread.
 */
public final class ControlSocket implements Conversation {
    /** Where {@code sandbox-exec} leaves our end. */
    private static final int FD = 3;

    /** Longer than any message; the longest is a filter of 4096 instructions, 32 KiB. */
    private static final int MESSAGE_SIZE = 65536;

    static {
        NativeCode.load();
    }

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_SIZE);
    private final Queue<Integer> descriptors = new ArrayDeque<>();

    /** What one message has brought, and -1 for none: two at most. */
    private final int[] brought = new int[2];

    /** As send(2) of a message; negative if that fails. */
    private static native int send(int fd, byte[] message);

    /**
     * As recvmsg(2), into a direct buffer: the length, 0 if nobody is at the other end, -1 if
     * nothing has come and it was not to wait.
     */
    private static native int receive(int fd, ByteBuffer buffer, int[] brought, boolean wait);

    @Override
    public int descriptor() {
        return FD;
    }

    @Override
    public void send(String message) {
        send(message.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void send(String line, byte[] rest) {
        byte[] head = line.getBytes(StandardCharsets.US_ASCII);
        byte[] message = Arrays.copyOf(head, head.length + rest.length);
        System.arraycopy(rest, 0, message, head.length, rest.length);
        send(message);
    }

    private void send(byte[] bytes) {
        if (bytes.length > MESSAGE_SIZE) {
            throw new IllegalArgumentException("a message of " + bytes.length + " bytes");
        }
        if (send(FD, bytes) < 0) {
            throw new ControlException();
        }
    }

    /**
     * Says with which status we are about to end; any other end is then known to be a break-down.
     */
    public void announceStatus(int status) {
        send("done " + status);
    }

    @Override
    public String receive() {
        return receive(true).orElseThrow(ControlException::new);
    }

    @Override
    public Optional<String> poll() {
        return receive(false);
    }

    private Optional<String> receive(boolean wait) {
        int length = receive(FD, buffer, brought, wait);
        if (length == 0) {
            throw new ControlException();
        }
        if (length < 0) {
            return Optional.empty();
        }
        for (int descriptor : brought) {
            if (descriptor >= 0) {
                descriptors.add(descriptor);
            }
        }
        byte[] message = new byte[length];
        buffer.get(0, message);
        return Optional.of(new String(message, StandardCharsets.UTF_8));
    }

    /** What has come first was not taken yet: the listener and the page that goes with it. */
    @Override
    public CallListener takeListener() {
        return KernelCallListener.take(descriptors.remove(), descriptors.remove());
    }
}
