// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.audit.SeccompRecordParser;
import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads the kernel's audit records from the netlink multicast group for readers other than auditd
 * (AUDIT_NLGRP_READLOG, since Linux 3.16). It needs CAP_AUDIT_READ in the initial user namespace,
 * works with and without auditd and changes no audit setting.
 *
 * <p>Multicast has no back-pressure: a full socket drops messages. So the buffer is as large as the
 * kernel permits (about 160,000 records with CAP_NET_ADMIN), and one recvmmsg(2) takes 64 messages.
 * The socket counts exactly what it drops, and this decides whether all records arrived. For one
 * thread.
 *
 * <p>The reader runs under SCHED_BATCH. Each record wakes it, and it must not take the processor
 * from the program that made the call. Records that arrive meanwhile wait in the buffer of the
 * socket.
 */
public final class AuditNetlinkSource implements RecordSource {
    private static final int READLOG_GROUP_MASK = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;

    private static final int SCHED_BATCH = 3;

    private static final int BUFFER_BYTES = 64 << 20;

    private static final int BATCH = 64;

    /** MAX_AUDIT_MESSAGE_LENGTH is 8970 (audit.h), and the netlink header comes on top. */
    private static final int SLOT = 9216;

    private static final int NLMSG_HEADER = 16;

    /** AUDIT_CONFIG_CHANGE of linux/audit.h. */
    private static final int CONFIG_CHANGE = 1305;

    private final AuditMessages messages;
    private final AuditFacts audit;

    /** The sender's port and the length of each message. */
    private final ByteBuffer heads = buffer(BATCH * 2 * Integer.BYTES);

    private final ByteBuffer slots = buffer(BATCH * SLOT);
    private final byte[] payload = new byte[SLOT];
    private final SeccompRecordParser parser = new SeccompRecordParser();
    private AuditCore auditCore;
    private long dropsBefore;
    private long overruns;
    private long malformed;
    private boolean logActionChanged;

    AuditNetlinkSource(AuditMessages messages, AuditFacts audit) {
        this.messages = messages;
        this.audit = audit;
        startCounting();
    }

    /**
     * Joins the group. From now on the socket keeps records for {@link #drain}, which only the
     * calling thread may call.
     *
     * @throws SourceException when the kernel refuses
     */
    public static AuditNetlinkSource open() {
        int fd = LibC.auditSocket();
        if (fd < 0) {
            throw SourceException.of(
                    "audit",
                    fd,
                    fd == -LibC.EPROTONOSUPPORT ? AuditSocket.NO_AUDIT : "a filter forbids it");
        }
        if (LibC.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES) < 0) {
            // Without CAP_NET_ADMIN net.core.rmem_max is the limit.
            LibC.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, BUFFER_BYTES);
        }
        // Each record wakes this thread. It should not take the processor from the program that
        // made the call: the buffer holds records until then.
        LibC.schedSetScheduler(SCHED_BATCH);
        int joined = LibC.bindNetlink(fd, READLOG_GROUP_MASK);
        if (joined < 0) {
            LibC.close(fd);
            throw SourceException.of(
                    "audit",
                    joined,
                    "CAP_AUDIT_READ in the initial user namespace is needed; try as root");
        }
        return new AuditNetlinkSource(new AuditSocket(fd), KernelAudit.INSTANCE);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public int descriptor() {
        return messages.descriptor();
    }

    @Override
    public void drain(Consumer<SeccompRecord> sink) {
        int received;
        do {
            received = messages.receive(slots, SLOT, heads);
            overruns += received == -LibC.ENOBUFS ? 1 : 0;
            for (int i = 0; i < received; i++) {
                deliver(i, sink);
            }
        } while (received == BATCH || received == -LibC.ENOBUFS || received == -LibC.EINTR);
        if (received < 0 && received != -LibC.EAGAIN) {
            throw SourceException.of("audit", received, "receiving records failed");
        }
    }

    private void deliver(int slot, Consumer<SeccompRecord> sink) {
        // Port 0 is the kernel. A privileged process could send to our port, but never from port 0.
        int head = slot * 2 * Integer.BYTES;
        if (heads.getInt(head) != 0) {
            return;
        }
        int start = slot * SLOT;
        int length = heads.getInt(head + Integer.BYTES) - NLMSG_HEADER;
        int type = slots.getShort(start + 4) & 0xffff;
        if (length <= 0 || type != SeccompRecordParser.AUDIT_SECCOMP && type != CONFIG_CHANGE) {
            return;
        }
        slots.get(start + NLMSG_HEADER, payload, 0, length);
        if (type == CONFIG_CHANGE) {
            String text = new String(payload, 0, length, StandardCharsets.ISO_8859_1);
            logActionChanged |= text.contains(" op=seccomp-logging ");
            return;
        }
        if (parser.parsePayload(type, payload, 0, length) == ParseOutcome.RECORD) {
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
        auditCore = new AuditCore(audit);
        dropsBefore = messages.queryDrops();
        overruns = 0;
        malformed = 0;
        logActionChanged = false;
    }

    @Override
    public Signs losses() {
        Signs signs = auditCore.signs();
        signs.addIf(logActionChanged, Sign.Kind.LOG_ACTION_CHANGED);
        long drops = (messages.queryDrops() - dropsBefore) & 0xffffffffL;
        if (drops > 0 || overruns > 0) {
            signs.add(Sign.Kind.SOCKET_DROPPED, drops, "");
        }
        return signs.addCount(Sign.Kind.RECORDS_UNREADABLE, malformed);
    }

    @Override
    public String whySilent() {
        if (audit.queryExcludeRules().orElse(0) > 0) {
            return "an audit rule of the exclude list may keep records from being made: auditctl"
                    + " -l";
        }
        long rateLimit = audit.queryRateLimit().orElse(0);
        return rateLimit == 0
                ? "is this a separate network namespace?"
                : "the kernel makes at most "
                        + rateLimit
                        + " audit records in a second, until auditctl -r 0";
    }

    @Override
    public void close() {
        messages.close();
    }
}
