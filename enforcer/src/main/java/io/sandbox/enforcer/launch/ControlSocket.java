package io.sandbox.enforcer.launch;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The socket on which a command talks with {@code sandbox-exec}, the process that the user started
 * and whose child we are. It carries whole messages (SOCK_SEQPACKET), which are described in {@code
 * preload/src/exec_supervisor.h}. It is open as long as the process lives. For one thread.
 */
public final class ControlSocket {
    /** Where {@code sandbox-exec} leaves our end. */
    private static final int FD = 3;

    /** Longer than any message; the longest is a filter of 4096 instructions, 32 KiB. */
    private static final int MESSAGE_SIZE = 65536;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private final NativeLibrary libc = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
    private final Function send = libc.getFunction("send");
    private final Function recv = libc.getFunction("recv");
    private final Memory buffer = new Memory(MESSAGE_SIZE);

    /** For poll(2): readable when a message has come. */
    public int descriptor() {
        return FD;
    }

    /**
     * @throws ControlException when nobody is at the other end
     */
    public void send(String message) {
        send(message.getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * A message of a line and what follows it.
     *
     * @param line with its newline
     * @throws ControlException when nobody is at the other end
     */
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
        buffer.write(0, bytes, 0, bytes.length);
        if (send.invokeInt(new Object[] {FD, buffer, (long) bytes.length, MSG_NOSIGNAL}) < 0) {
            throw new ControlException();
        }
    }

    /**
     * Says with which status we are about to end; any other end is then known to be a break-down.
     */
    public void announceStatus(int status) {
        send("done " + status);
    }

    /**
     * Waits for the next message.
     *
     * @throws ControlException when nobody is at the other end
     */
    public String receive() {
        return receive(0).orElseThrow(ControlException::new);
    }

    /** The next message if one has come, without waiting. */
    public Optional<String> poll() {
        return receive(MSG_DONTWAIT);
    }

    private Optional<String> receive(int flags) {
        while (true) {
            int length = recv.invokeInt(new Object[] {FD, buffer, (long) MESSAGE_SIZE, flags});
            if (length > 0) {
                return Optional.of(
                        new String(buffer.getByteArray(0, length), StandardCharsets.UTF_8));
            }
            int errno = length == 0 ? 0 : Native.getLastError();
            if (errno == EAGAIN) {
                return Optional.empty();
            }
            if (errno != EINTR) {
                throw new ControlException();
            }
        }
    }
}
