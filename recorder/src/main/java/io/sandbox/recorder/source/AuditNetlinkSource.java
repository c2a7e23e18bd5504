package io.sandbox.recorder.source;

import com.sun.jna.Memory;
import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.audit.SeccompRecordParser;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The kernel's audit records through the netlink multicast group that is meant for readers beside
 * auditd (AUDIT_NLGRP_READLOG, since Linux 3.16). It needs CAP_AUDIT_READ in the initial user
 * namespace, works with and without auditd and changes no audit setting.
 *
 * <p>Multicast has no back-pressure: a full socket drops. So the buffer is as large as the kernel
 * lets us have (with CAP_NET_ADMIN some 160,000 records), one recvmmsg(2) takes 64 messages, and
 * the socket's own drop counter, which is exact, decides whether all arrived. For one thread.
 */
public final class AuditNetlinkSource implements RecordSource {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int NETLINK_AUDIT = 9;
    private static final int READLOG_GROUP_MASK = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_MEMINFO = 55;

    /** Index of the drop count in the array of 32-bit words that SO_MEMINFO gives (sock_diag.h). */
    private static final int SK_MEMINFO_DROPS = 8;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int SCHED_BATCH = 3;

    private static final int BUFFER_BYTES = 64 << 20;

    private static final int BATCH = 64;

    /** MAX_AUDIT_MESSAGE_LENGTH is 8970 (audit.h); the netlink header comes before it. */
    private static final int SLOT = 9216;

    private static final int NLMSG_HEADER = 16;

    // Layout of struct mmsghdr on 64-bit Linux, and of the structures it points to.
    private static final int MMSGHDR = 64;
    private static final int MSG_NAME = 0;
    private static final int MSG_NAMELEN = 8;
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int MSG_LEN = 56;
    private static final int IOVEC = 16;
    private static final int SOCKADDR_NL = 12;
    private static final int NL_PID = 4;

    private final int fd;
    private final Memory headers = new Memory(BATCH * MMSGHDR);
    private final Memory vectors = new Memory(BATCH * IOVEC);
    private final Memory senders = new Memory(BATCH * SOCKADDR_NL);
    private final Memory slots = new Memory((long) BATCH * SLOT);
    private final ByteBuffer headerView = view(headers);
    private final ByteBuffer senderView = view(senders);
    private final ByteBuffer slotView = view(slots);
    private final byte[] payload = new byte[SLOT];
    private final SeccompRecordParser parser = new SeccompRecordParser();
    private AuditCore auditCore;
    private long dropsBefore;
    private long overruns;
    private long malformed;

    private AuditNetlinkSource(int fd) {
        this.fd = fd;
        layOutBuffers();
        startCounting();
    }

    /**
     * Joins the group; records from now on are kept for {@link #drain}, by the thread that calls
     * this.
     *
     * @throws SourceException when the kernel refuses
     */
    public static AuditNetlinkSource open() {
        int fd = LibC.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
        if (fd < 0) {
            throw SourceException.of(
                    "audit", fd, "the kernel has no audit support, or a filter forbids it");
        }
        enlargeBuffer(fd);
        // Each record wakes this thread: it must not take the processor from the program that made
        // the call, since the buffer holds what comes meanwhile.
        LibC.schedSetScheduler(SCHED_BATCH);
        try (Memory address = new Memory(SOCKADDR_NL)) {
            address.clear();
            address.setShort(0, (short) AF_NETLINK);
            address.setInt(8, READLOG_GROUP_MASK);
            int joined = LibC.bind(fd, address, SOCKADDR_NL);
            if (joined < 0) {
                LibC.close(fd);
                throw SourceException.of(
                        "audit",
                        joined,
                        "CAP_AUDIT_READ in the initial user namespace is needed; try as root");
            }
        }
        return new AuditNetlinkSource(fd);
    }

    private static void enlargeBuffer(int fd) {
        try (Memory size = new Memory(4)) {
            size.setInt(0, BUFFER_BYTES);
            if (LibC.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4) < 0) {
                // Without CAP_NET_ADMIN as much as net.core.rmem_max allows; drops are counted
                // anyway.
                LibC.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, size, 4);
            }
        }
    }

    private static ByteBuffer view(Memory memory) {
        return memory.getByteBuffer(0, memory.size()).order(ByteOrder.nativeOrder());
    }

    private void layOutBuffers() {
        headers.clear();
        for (int i = 0; i < BATCH; i++) {
            vectors.setPointer((long) i * IOVEC, slots.share((long) i * SLOT));
            vectors.setLong((long) i * IOVEC + 8, SLOT);
            headers.setPointer(
                    (long) i * MMSGHDR + MSG_NAME, senders.share((long) i * SOCKADDR_NL));
            headers.setPointer((long) i * MMSGHDR + MSG_IOV, vectors.share((long) i * IOVEC));
            headers.setLong((long) i * MMSGHDR + MSG_IOVLEN, 1);
        }
    }

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public int descriptor() {
        return fd;
    }

    @Override
    public void drain(Consumer<SeccompRecord> sink) {
        int received;
        do {
            received = receiveBatch();
            for (int i = 0; i < received; i++) {
                deliver(i, sink);
            }
        } while (received == BATCH || received == -LibC.ENOBUFS || received == -LibC.EINTR);
        if (received < 0 && received != -LibC.EAGAIN) {
            throw SourceException.of("audit", received, "receiving records failed");
        }
    }

    private int receiveBatch() {
        for (int i = 0; i < BATCH; i++) {
            headerView.putInt(i * MMSGHDR + MSG_NAMELEN, SOCKADDR_NL);
        }
        int received = LibC.recvmmsg(fd, headers, BATCH, MSG_DONTWAIT);
        if (received == -LibC.ENOBUFS) {
            overruns++;
        }
        return received;
    }

    private void deliver(int slot, Consumer<SeccompRecord> sink) {
        // Port 0 is the kernel. A privileged process could send to our port; it cannot be port 0.
        if (senderView.getInt(slot * SOCKADDR_NL + NL_PID) != 0) {
            return;
        }
        int start = slot * SLOT;
        int length = headerView.getInt(slot * MMSGHDR + MSG_LEN) - NLMSG_HEADER;
        int type = slotView.getShort(start + 4) & 0xffff;
        if (type != SeccompRecordParser.AUDIT_SECCOMP || length <= 0) {
            return;
        }
        slotView.get(start + NLMSG_HEADER, payload, 0, length);
        ParseOutcome outcome = parser.parsePayload(type, payload, 0, length);
        if (outcome == ParseOutcome.RECORD) {
            sink.accept(parser.record());
        } else {
            malformed++;
        }
    }

    @Override
    public long patienceNanos() {
        return 3_000_000_000L;
    }

    @Override
    public void startCounting() {
        auditCore = new AuditCore();
        dropsBefore = queryDrops();
        overruns = 0;
        malformed = 0;
    }

    @Override
    public Losses losses() {
        List<String> causes = new ArrayList<>();
        long count = auditCore.addTo(causes);
        long drops = (queryDrops() - dropsBefore) & 0xffffffffL;
        if (drops > 0 || overruns > 0) {
            causes.add(
                    "the socket overran and dropped "
                            + drops
                            + " audit messages (the reader was too slow)");
            count += drops;
        }
        if (malformed > 0) {
            causes.add(malformed + " records could not be read");
            count += malformed;
        }
        return new Losses(count, causes);
    }

    private long queryDrops() {
        try (Memory words = new Memory(4L * (SK_MEMINFO_DROPS + 1));
                Memory size = new Memory(4)) {
            size.setInt(0, (int) words.size());
            int result = LibC.getsockopt(fd, SOL_SOCKET, SO_MEMINFO, words, size);
            if (result < 0) {
                throw SourceException.of(
                        "audit", result, "the socket's drop count needs Linux 4.12");
            }
            return Integer.toUnsignedLong(words.getInt(4L * SK_MEMINFO_DROPS));
        }
    }

    @Override
    public void close() {
        LibC.close(fd);
    }
}
