// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static io.sandbox.audit.AsciiBytes.ascii;
import static io.sandbox.audit.AsciiBytes.matches;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * Turns the bytes of one log line or one netlink payload into the fields of a seccomp audit record,
 * or into a loss report. One object serves many calls. It allocates nothing per call, keeps a
 * reference only to the last array, uses no byte outside the given range for its result, and needs
 * time linear in the length. It takes any bytes; throws only for a wrong range. Not thread-safe.
 *
 * <p>It does not guess. A value that may be cut is not a field, nor is text that a process chose,
 * and a record without arch gets none. It cannot prove that the kernel wrote a text line. It
 * refuses lines with another program's syslog tag ({@code name[pid]:}); for real proof use netlink,
 * or the facility of /dev/kmsg.
 *
 * <p>Forms of a line, with any prefix such as a syslog, dmesg or kmsg stamp: {@code type=SECCOMP
 * msg=audit(...)}, {@code type=1326 msg=audit(...)}, {@code node=N type=...}, enriched by auditd,
 * {@code audit: type=1326 audit(...)}, journald's {@code SECCOMP auid=...} ({@link AuditMessage}),
 * {@code ausearch -i}, Android's {@code audit(0.0:serial)}, and type 1701 with {@code
 * reason="seccomp"} (before Linux 3.8); a line of {@code journalctl -o json}, which is a record
 * only if journald's own fields say that the kernel or auditd wrote it; a JSON object of a log
 * shipper ({@link ShippedRecord}); a line of a container log that holds one of these as text
 * (Docker json-file, CRI). Inside any other JSON or quotes a record is MALFORMED. {@code journalctl
 * -o export} has entries of several lines: {@link JournalExportReader}.
 */
public final class SeccompRecordParser {

    /** AUDIT_SECCOMP of linux/audit.h. */
    public static final int AUDIT_SECCOMP = 1326;

    /** AUDIT_ANOM_ABEND of linux/audit.h, which seccomp used before Linux 3.8. */
    public static final int AUDIT_ANOM_ABEND = 1701;

    private static final byte[] STAMP_START = ascii("audit(");
    private static final byte[] EXPORT_MESSAGE = ascii("MESSAGE=");
    private static final byte[] SECCOMP_REASON = ascii("\"seccomp\"");

    private final SeccompRecord record = new SeccompRecord();
    private final LossLine loss = new LossLine();
    private final AuditMessage message = new AuditMessage();
    private final HeadScanner scanner = new HeadScanner(loss, message);
    private final StampReader stamp = new StampReader(record);
    private final KernelBody body = new KernelBody(record);
    private final InterpretedBody words = new InterpretedBody(record);
    private final NumberReader numbers = new NumberReader();
    private final RepeatedRecords repeated = new RepeatedRecords();

    /** Kept separately, because payloads have no line feed at their end. */
    private final RepeatedRecords repeatedPayloads = new RepeatedRecords();

    private final JournalEntry entry = new JournalEntry();
    private final JsonLine json = new JsonLine(entry);

    /** Null until there is JSON: a program's recording must not wait for what it needs. */
    private ShippedRecord shipped;

    /** Who wrote the journal entry that was parsed last; null if it was no journal entry. */
    private JournalEntry.Writer writer;

    /** The record that {@link #record()} returns. */
    private SeccompRecord last = record;

    private ParseOutcome outcome = ParseOutcome.NOT_OURS;
    private MalformedReason reason;

    /**
     * Where the last loss stands. Its time is read when it is asked for: parsing allocates nothing.
     */
    private byte[] lossText;

    private int lossLine;

    /** When journald got the last loss; -1 if that is not known. */
    private long lossMicros;

    /** Where the record of the last line of text begins, with its tag. */
    private int headStart;

    /**
     * Parses one line. If the line ends with LF or CRLF, the range should include it: this shows
     * that a line without the kernel's {@code code=} (typed or interpreted by somebody) was not
     * cut. The caller has to split lines.
     *
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public ParseOutcome parseLine(byte[] buf, int off, int len) {
        Objects.checkFromIndexSize(off, len, buf.length);
        writer = null;
        if (len > 0 && buf[off] == '{') {
            return outcome = jsonLine(buf, off, len);
        }
        if (len > 0 && buf[off] == '[') {
            return outcome = arrayOrText(buf, off, len);
        }
        if (matches(buf, off, off + len, EXPORT_MESSAGE)) {
            return outcome = exportedMessage(buf, off, len);
        }
        int text = CriLine.textAt(buf, off, off + len);
        ParseOutcome result =
                text >= 0 && text < off + len && buf[text] == '{'
                        ? shippedRecord(buf, text, textEnd(buf, off, off + len))
                        : ParseOutcome.NOT_OURS;
        if (result == ParseOutcome.NOT_OURS) {
            int start = Math.max(off, text);
            result = textLine(buf, start, off + len - start);
        }
        if (result == ParseOutcome.RECORD && text >= 0) {
            record.setContainer();
        }
        return outcome = result;
    }

    private ParseOutcome arrayOrText(byte[] buf, int off, int len) {
        int end = textEnd(buf, off, off + len);
        int first = off + 1;
        while (first < end && JsonText.isBlank(buf[first])) {
            first++;
        }
        boolean ofRecords =
                first < end
                        && buf[first] == '{'
                        && shippedRecord(buf, first, end) != ParseOutcome.NOT_OURS;
        return ofRecords ? malformed(MalformedReason.IN_ARRAY) : textLine(buf, off, len);
    }

    /** Parses a line of {@code journalctl -o export} that is not in its entry. */
    private ParseOutcome exportedMessage(byte[] buf, int off, int len) {
        ParseOutcome result = textLine(buf, off, len);
        return result == ParseOutcome.RECORD || result == ParseOutcome.LOSS
                ? malformed(MalformedReason.NO_WRITER)
                : result;
    }

    private ParseOutcome jsonLine(byte[] buf, int off, int len) {
        int end = off + len;
        int textEnd = textEnd(buf, off, end);
        JsonLine.Kind kind = json.read(buf, off, textEnd);
        if (kind == JsonLine.Kind.OTHER) {
            ParseOutcome result = shippedRecord(buf, off, textEnd);
            if (result == ParseOutcome.RECORD && buf[end - 1] == '\n' && !json.hasOwn()) {
                shipped.keepShape(buf, off, end);
            }
            return result == ParseOutcome.NOT_OURS ? textLine(buf, off, len) : result;
        }
        ParseOutcome result;
        if (kind == JsonLine.Kind.JOURNAL) {
            result = entry(entry);
        } else {
            result = containerText(json.log(), json.logLength());
            record.setContainer();
        }
        return result;
    }

    /** A container may be the one in which a log shipper runs. */
    private ParseOutcome containerText(byte[] text, int length) {
        ParseOutcome result =
                length > 0 && text[0] == '{'
                        ? shippedRecord(text, 0, textEnd(text, 0, length))
                        : ParseOutcome.NOT_OURS;
        return result == ParseOutcome.NOT_OURS ? textLine(text, 0, length) : result;
    }

    private ParseOutcome shippedRecord(byte[] buf, int from, int to) {
        begin(buf);
        if (shipped == null) {
            shipped = new ShippedRecord(record);
        }
        ParseOutcome result = shipped.read(buf, from, to);
        if (result != ParseOutcome.MALFORMED) {
            return result;
        }
        return malformed(
                shipped.isRepeated() ? MalformedReason.OUT_OF_ORDER : MalformedReason.TRUNCATED);
    }

    ParseOutcome parseEntry(JournalEntry source) {
        return outcome = entry(source);
    }

    /** Reports an entry whose end is missing, so that nobody knows what it held. */
    ParseOutcome cutEntry() {
        return outcome = malformed(MalformedReason.TRUNCATED);
    }

    private ParseOutcome entry(JournalEntry source) {
        writer = source.writer();
        byte[] message = source.message();
        int length = source.messageLength();
        if (source.isCut() || source.isRepeated()) {
            return undecided(
                    message,
                    length,
                    source.isCut() ? MalformedReason.TRUNCATED : MalformedReason.AMBIGUOUS);
        }
        ParseOutcome result;
        switch (writer) {
            case AUDIT -> result = auditEntry(source, message, length);
            case LINE -> result = textLine(message, 0, length);
            case OTHER -> {
                return ParseOutcome.NOT_OURS;
            }
            default -> result = undecided(message, length, MalformedReason.NO_WRITER);
        }
        record.setJournal(source.unit(), source.unitLength());
        record.setHost(source.host(), 0, source.hostLength());
        if (result == ParseOutcome.LOSS) {
            lossMicros = source.arrivalMicros(numbers);
        }
        return result;
    }

    /** MALFORMED if there is a record at all, otherwise NOT_OURS. */
    private ParseOutcome undecided(byte[] message, int length, MalformedReason why) {
        return textLine(message, 0, length) == ParseOutcome.NOT_OURS
                ? ParseOutcome.NOT_OURS
                : malformed(why);
    }

    /** Parses {@code SECCOMP auid=...}, whose stamp journald keeps in separate fields. */
    private ParseOutcome auditEntry(JournalEntry source, byte[] message, int length) {
        if (!source.isSeccompType()) {
            return ParseOutcome.NOT_OURS;
        }
        begin(message);
        long micros = source.sourceMicros(numbers);
        long serial = source.serial(numbers);
        if (micros >= 0 && serial >= 0) {
            record.setStamp(micros / 1000, serial);
        }
        int body = AsciiBytes.indexOf(message, 0, length, (byte) ' ') + 1;
        return kernelForm(message, Math.min(body, length), length, true, false);
    }

    /**
     * Parses a line of {@link RawLine.Kind#SECCOMP}.
     *
     * @param end the end of the block
     * @return the index after the line's end
     */
    int parseRawLine(byte[] buf, int off, int end) {
        writer = null;
        int lineEnd = repeated.read(buf, off + RawLine.STAMP_OFFSET, end);
        if (lineEnd >= 0) {
            last = repeated.record();
            outcome = ParseOutcome.RECORD;
            return lineEnd;
        }
        lineEnd = CandidateSearch.lineEnd(buf, off, end);
        begin(buf);
        int textEnd = textEnd(buf, off, lineEnd);
        boolean terminated = buf[lineEnd - 1] == '\n';
        outcome = stamped(buf, off + RawLine.STAMP_OFFSET, textEnd, terminated);
        if (outcome == ParseOutcome.RECORD && terminated && canBeRepeated()) {
            repeated.keep(buf, record, lineEnd);
        }
        return lineEnd;
    }

    /**
     * Parses a line of a log shipper that differs from an earlier one only in its values.
     *
     * @param end the end of the block
     * @return the index after the line's end; -1 if {@link #parseLine} has to parse it
     */
    int parseAlike(byte[] buf, int off, int end) {
        int lineEnd = shipped == null ? -1 : shipped.readAlike(buf, off, end);
        if (lineEnd >= 0) {
            writer = null;
            last = shipped.record();
            outcome = ParseOutcome.RECORD;
        }
        return lineEnd;
    }

    private boolean canBeRepeated() {
        return !record.isInterpreted() && body.canBeRepeated();
    }

    private void begin(byte[] text) {
        last = record;
        record.clear(text);
    }

    /** Where the line's line feed or CRLF begins. */
    private static int textEnd(byte[] buf, int off, int lineEnd) {
        int end = lineEnd > off && buf[lineEnd - 1] == '\n' ? lineEnd - 1 : lineEnd;
        return end > off && buf[end - 1] == '\r' ? end - 1 : end;
    }

    private ParseOutcome textLine(byte[] buf, int off, int len) {
        ParseOutcome result = headAndBody(buf, off, len);
        if (result == ParseOutcome.RECORD) {
            LineHead.findHost(buf, off, headStart, record);
        }
        return result;
    }

    private ParseOutcome headAndBody(byte[] buf, int off, int len) {
        int end = textEnd(buf, off, off + len);
        boolean terminated = end < off + len && buf[off + len - 1] == '\n';
        begin(buf);
        HeadScanner.Head head = scanner.scan(buf, off, end);
        int start = scanner.bodyStart();
        headStart = scanner.headStart();
        switch (head) {
            case STAMP:
                return stamped(buf, start, end, terminated);
            case LEGACY_STAMP:
                return legacy(stampedKernelForm(buf, start, end, false));
            case MESSAGE:
                return message(buf, start, end);
            case ELIDED:
                return kernelForm(buf, start, end, false, terminated);
            case CUT:
                return malformed(MalformedReason.TRUNCATED);
            case HEADLESS:
                return malformed(MalformedReason.HEADLESS);
            case QUOTED:
                return malformed(MalformedReason.INSIDE_QUOTES);
            case LOSS:
                lossText = buf;
                lossLine = off;
                return ParseOutcome.LOSS;
            default:
                return ParseOutcome.NOT_OURS;
        }
    }

    /**
     * Parses the payload of one netlink audit message, the text after its 16-byte header. The
     * payload must be whole (no MSG_TRUNC); zero bytes and an LF at its end are ignored. The result
     * is never {@link ParseOutcome#LOSS}, since netlink reports losses in other ways.
     *
     * @param type nlmsg_type of the message; other types than {@link #AUDIT_SECCOMP} and {@link
     *     #AUDIT_ANOM_ABEND} are not ours
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public ParseOutcome parsePayload(int type, byte[] buf, int off, int len) {
        Objects.checkFromIndexSize(off, len, buf.length);
        int end = off + len;
        while (end > off && (buf[end - 1] == 0 || buf[end - 1] == '\n')) {
            end--;
        }
        if (type == AUDIT_SECCOMP && repeatsPayload(buf, off, end)) {
            last = repeatedPayloads.record();
            return outcome = ParseOutcome.RECORD;
        }
        begin(buf);
        if (type != AUDIT_SECCOMP && type != AUDIT_ANOM_ABEND) {
            return outcome = ParseOutcome.NOT_OURS;
        }
        if (!matches(buf, off, end, STAMP_START)) {
            outcome =
                    malformed(
                            AsciiBytes.isCutOf(buf, off, end, STAMP_START)
                                    ? MalformedReason.TRUNCATED
                                    : MalformedReason.BAD_STAMP);
        } else {
            outcome = stampedKernelForm(buf, off + STAMP_START.length, end, true);
            if (outcome == ParseOutcome.RECORD && type == AUDIT_SECCOMP && canBeRepeated()) {
                repeatedPayloads.keep(buf, record, end);
            }
        }
        return outcome = type == AUDIT_SECCOMP ? outcome : legacy(outcome);
    }

    private boolean repeatsPayload(byte[] buf, int off, int end) {
        return matches(buf, off, end, STAMP_START)
                && repeatedPayloads.read(buf, off + STAMP_START.length, end) == end;
    }

    private ParseOutcome stamped(byte[] buf, int start, int end, boolean terminated) {
        MalformedReason failure = stamp.kernel(buf, start, end, false);
        if (failure == null) {
            return kernelForm(buf, stamp.end(), end, false, false);
        }
        if (failure == MalformedReason.BAD_STAMP && stamp.interpreted(buf, start, end)) {
            record.setInterpreted();
            MalformedReason why = words.read(buf, stamp.end(), end, terminated);
            return why == null ? ParseOutcome.RECORD : malformed(why);
        }
        return malformed(failure);
    }

    private ParseOutcome stampedKernelForm(byte[] buf, int start, int end, boolean payload) {
        MalformedReason failure = stamp.kernel(buf, start, end, payload);
        return failure == null
                ? kernelForm(buf, stamp.end(), end, payload, false)
                : malformed(failure);
    }

    private ParseOutcome kernelForm(
            byte[] buf, int start, int end, boolean payload, boolean endIsDelimiter) {
        MalformedReason failure = body.read(buf, start, end, payload, endIsDelimiter);
        return failure == null ? ParseOutcome.RECORD : malformed(failure);
    }

    /** Type 1701 is ours only with the reason "seccomp"; even a malformed one is another's. */
    private ParseOutcome legacy(ParseOutcome result) {
        return record.rawEquals(RecordField.REASON, SECCOMP_REASON)
                ? result
                : ParseOutcome.NOT_OURS;
    }

    private ParseOutcome message(byte[] buf, int start, int end) {
        ParseOutcome result = kernelForm(buf, start, end, false, false);
        if (message.isForeign(record)) {
            return ParseOutcome.NOT_OURS;
        }
        headStart = message.tagStart(record);
        return result == ParseOutcome.RECORD && !message.hasWriter(record)
                ? malformed(MalformedReason.NO_WRITER)
                : result;
    }

    private ParseOutcome malformed(MalformedReason why) {
        reason = why;
        return ParseOutcome.MALFORMED;
    }

    // The details of the last outcome.

    /** Whether the line was a journal entry with a record from journald's audit socket. */
    public boolean isSocketEntry() {
        return writer == JournalEntry.Writer.AUDIT;
    }

    /** Whether the line was a journal entry with a line that the kernel or auditd wrote. */
    public boolean isPrintedEntry() {
        return writer == JournalEntry.Writer.LINE;
    }

    /** The fields of the last record, valid until the next call. */
    public SeccompRecord record() {
        require(ParseOutcome.RECORD);
        return last;
    }

    ParseOutcome outcome() {
        return outcome;
    }

    /** Whether the last record was read by {@link RepeatedRecords}; for tests. */
    boolean lastWasRepeated() {
        return last != record;
    }

    public LossKind lossKind() {
        require(ParseOutcome.LOSS);
        return loss.kind();
    }

    /** The last loss line's number, up to 4294967295; {@link #lossKind()} says what it is. */
    public OptionalLong lossCount() {
        require(ParseOutcome.LOSS);
        return loss.kind() == LossKind.UNCOUNTED
                ? OptionalLong.empty()
                : OptionalLong.of(loss.count());
    }

    /** When the last loss was reported, in milliseconds since the epoch; empty if not known. */
    public OptionalLong lossMillis() {
        require(ParseOutcome.LOSS);
        if (writer == null) {
            return LineHead.millis(lossText, lossLine, headStart);
        }
        return lossMicros < 0 ? OptionalLong.empty() : OptionalLong.of(lossMicros / 1000);
    }

    public MalformedReason malformedReason() {
        require(ParseOutcome.MALFORMED);
        return reason;
    }

    private void require(ParseOutcome wanted) {
        if (outcome != wanted) {
            throw new IllegalStateException("the last outcome is " + outcome + ", not " + wanted);
        }
    }
}
