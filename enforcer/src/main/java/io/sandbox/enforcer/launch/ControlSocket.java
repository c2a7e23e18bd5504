// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;

/**
 * The socket to {@code sandbox-exec}, which the user started and which is our parent. It carries
 * whole messages (SOCK_SEQPACKET) and stays open until our process ends. For one thread.
 */
public final class ControlSocket implements Conversation {
    /** The descriptor at which {@code sandbox-exec} leaves our end. */
    private static final int FD = Integer.parseInt(System.getenv("SANDBOX_CONTROL"));

    /** Enough for any message. The longest has a filter of 4096 instructions, which are 32 KiB. */
    private static final int MESSAGE_SIZE = 65536;

    static {
        NativeCode.load();
    }

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_SIZE);
    private final Queue<Integer> descriptors = new ArrayDeque<>();

    /** The descriptors that came with one message, at most two; -1 for none. */
    private final int[] brought = new int[2];

    /** Sends a message, like send(2); negative if that fails. */
    private static native int send(int fd, byte[] message);

    /**
     * Receives into a direct buffer, like recvmsg(2). Returns the length; 0 if nobody is at the
     * other end; -1 if nothing has come and {@code wait} is false.
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

    /** Announces our exit status; without this, sandbox-exec takes our end for a crash. */
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

    /** Takes the two oldest descriptors: the listener and its page. */
    @Override
    public CallListener takeListener() {
        return KernelCallListener.take(descriptors.remove(), descriptors.remove());
    }
}
