package io.sandbox.enforcer.launch;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;

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

    // struct msghdr of a 64-bit machine: iov at 16, its length at 24, control at 32, its length at
    // 40; behind it in our memory one struct iovec, and one struct cmsghdr with two descriptors.
    private static final int MSGHDR = 56;
    private static final int IOVEC = 16;
    private static final int CMSG = 24;
    private static final int CMSG_DATA = 16;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private final NativeLibrary libc = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME);
    private final Function send = libc.getFunction("send");
    private final Function recvmsg = libc.getFunction("recvmsg");
    private final Memory buffer = new Memory(MESSAGE_SIZE);
    private final Memory header = new Memory(MSGHDR + IOVEC + CMSG);
    private final Queue<Integer> descriptors = new ArrayDeque<>();

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
            prepareHeader();
            int length = recvmsg.invokeInt(new Object[] {FD, header, flags | MSG_CMSG_CLOEXEC});
            if (length > 0) {
                keepDescriptors();
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

    private void prepareHeader() {
        header.clear();
        header.setPointer(16, header.share(MSGHDR));
        header.setLong(24, 1);
        header.setPointer(32, header.share(MSGHDR + IOVEC));
        header.setLong(40, CMSG);
        header.setPointer(MSGHDR, buffer);
        header.setLong(MSGHDR + 8, MESSAGE_SIZE);
    }

    private void keepDescriptors() {
        int control = MSGHDR + IOVEC;
        long length = header.getLong(40) == 0 ? 0 : header.getLong(control);
        if (length > CMSG_DATA && header.getInt(control + 12) == SCM_RIGHTS) {
            for (long at = CMSG_DATA; at < length; at += Integer.BYTES) {
                descriptors.add(header.getInt(control + at));
            }
        }
    }

    /**
     * The first descriptor that has come and was not taken yet; the caller closes it.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    public int takeDescriptor() {
        return descriptors.remove();
    }
}
