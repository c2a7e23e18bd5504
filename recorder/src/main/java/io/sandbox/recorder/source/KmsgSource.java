// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import io.sandbox.audit.LossKind;
import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.audit.SeccompRecordParser;
import io.sandbox.enforcer.launch.LibC;
import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.evidence.Sign;
import io.sandbox.evidence.Signs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads audit records from the kernel log ({@code /dev/kmsg}), for machines where the audit socket
 * cannot be read. auditd must not be running: with it the kernel prints no records.
 *
 * <p>Records can be lost in three places, and we count the losses of each: at the printk rate limit
 * ("callbacks suppressed" lines), in the ring buffer (gaps in the sequence numbers) and in the
 * audit backlog (the kernel's lost counter and its lines).
 *
 * <p>A process that may write to {@code /dev/kmsg} cannot forge a record: the kernel gives messages
 * of processes a facility other than 0 (printk.c, devkmsg_write; measured on 6.12 and 6.18).
 */
public final class KmsgSource implements RecordSource {
    /** PRINTK_MESSAGE_MAX is 2048 (printk/internal.h), and the dictionary lines come on top. */
    private static final int MESSAGE_MAX = 8192;

    private static final byte[] RECORD_START =
            "audit: type=1326 ".getBytes(StandardCharsets.US_ASCII);

    private final KernelLog log;
    private final AuditFacts audit;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_MAX);
    private final byte[] message = new byte[MESSAGE_MAX];
    private final SeccompRecordParser parser = new SeccompRecordParser();
    private AuditCore auditCore;
    private long nextSequence = -1;
    private long gaps;
    private long suppressed;
    private boolean uncountedLoss;
    private long malformed;

    private final Runnable onClose;

    KmsgSource(KernelLog log, AuditFacts audit, Runnable onClose) {
        this.log = log;
        this.audit = audit;
        this.onClose = onClose;
        startCounting();
    }

    /**
     * Starts reading at the end of the log.
     *
     * @param onClose run when the source is closed
     * @throws SourceException if we may not read it
     */
    public static KmsgSource open(Runnable onClose) {
        int audit = LibC.auditSocket();
        if (audit == -LibC.EPROTONOSUPPORT) {
            throw SourceException.of("kmsg", audit, AuditSocket.NO_AUDIT);
        }
        if (audit >= 0) {
            LibC.close(audit);
        }
        return new KmsgSource(KernelLog.OfKernel.open(), KernelAudit.INSTANCE, onClose);
    }

    @Override
    public String name() {
        return "kmsg";
    }

    @Override
    public int descriptor() {
        return log.descriptor();
    }

    @Override
    public void drain(Consumer<SeccompRecord> sink) {
        int length;
        while ((length = log.read(buffer, MESSAGE_MAX)) != -LibC.EAGAIN) {
            if (length > 0) {
                buffer.get(0, message, 0, length);
                deliver(length, sink);
            } else if (length != -LibC.EPIPE && length != -LibC.EINTR) {
                // EPIPE: unread messages were overwritten. The next one's number shows how many.
                throw SourceException.of("kmsg", length, "reading the kernel log failed");
            }
        }
    }

    private void deliver(int length, Consumer<SeccompRecord> sink) {
        KmsgHeader header = KmsgHeader.parse(message, length);
        if (nextSequence >= 0) {
            gaps += header.sequence() - nextSequence;
        }
        nextSequence = header.sequence() + 1;
        if (header.facility() != 0) {
            return;
        }
        int text = header.textOffset();
        int textLength = lineEnd(text, length) - text;
        if (startsWith(RECORD_START, text, textLength)) {
            int payload = text + RECORD_START.length;
            deliverRecord(payload, text + textLength - payload, sink);
        } else if (parser.parseLine(message, text, textLength) == ParseOutcome.LOSS) {
            countLoss();
        }
    }

    private void deliverRecord(int offset, int length, Consumer<SeccompRecord> sink) {
        if (parser.parsePayload(SeccompRecordParser.AUDIT_SECCOMP, message, offset, length)
                == ParseOutcome.RECORD) {
            sink.accept(parser.record());
        } else {
            malformed++;
        }
    }

    private void countLoss() {
        if (parser.lossKind() == LossKind.PRINTK_SUPPRESSED && parser.lossCount().isPresent()) {
            suppressed += parser.lossCount().getAsLong();
        } else {
            // The kernel's lost counter has the number, if we may read it.
            uncountedLoss = true;
        }
    }

    /** The text ends at the first newline; lines after it are properties of the message. */
    private int lineEnd(int start, int length) {
        int end = start;
        while (end < length && message[end] != '\n') {
            end++;
        }
        return end;
    }

    private boolean startsWith(byte[] prefix, int offset, int length) {
        return length >= prefix.length
                && Arrays.equals(message, offset, offset + prefix.length, prefix, 0, prefix.length);
    }

    /** Above 5 s, the rate limiter's window: the kernel then prints what it suppressed. */
    @Override
    public long patienceNanos() {
        return 7_000_000_000L;
    }

    @Override
    public void startCounting() {
        auditCore = new AuditCore(audit);
        gaps = 0;
        suppressed = 0;
        uncountedLoss = false;
        malformed = 0;
    }

    @Override
    public Signs losses() {
        return auditCore
                .signs()
                .addCount(Sign.Kind.LINES_OVERWRITTEN, gaps)
                .addCount(Sign.Kind.LINES_SUPPRESSED, suppressed)
                .addCount(Sign.Kind.RECORDS_UNREADABLE, malformed)
                .addIf(uncountedLoss, Sign.Kind.LOST_WITHOUT_COUNT);
    }

    @Override
    public String whySilent() {
        return "does auditd run and take the records, or is the printk limit reached?";
    }

    @Override
    public void close() {
        log.close();
        onClose.run();
    }
}
