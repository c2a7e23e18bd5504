// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.outcome.OutputException;
import io.sandbox.syscalldb.Syscall;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Writes records as lines of JSON into memory. Fields that a record lacks have no key. {@code
 * ausearch -i} prints words in place of numbers; these get keys of their own ({@code time_text},
 * {@code arch_name}, {@code code_text}).
 */
public final class RecordJson {
    private static final int NAMES = 1024;

    private byte[] out = new byte[1 << 16];
    private int length;
    private boolean first;
    private final long[] nameKeys = new long[NAMES];
    private final byte[][] names = new byte[NAMES][];

    /**
     * Writes the lines that were added since the last call.
     *
     * @throws OutputException when that fails
     */
    public void writeTo(OutputStream stream) {
        if (length == 0) {
            return;
        }
        try {
            stream.write(out, 0, length);
        } catch (IOException e) {
            throw new OutputException(e);
        }
        length = 0;
    }

    public void append(SeccompRecord record) {
        first = true;
        put('{');
        if (record.hasTime()) {
            key("time");
            put('"');
            time(record.timeMillis());
            put('"');
        } else {
            text("time_text", record.timeText());
        }
        if (record.hasSerial()) {
            number("serial", record.serial());
        }
        numberOrWord(record, RecordField.AUID, "auid", "auid_text");
        numberOrWord(record, RecordField.UID, "uid", "uid_text");
        if (record.has(RecordField.PID)) {
            number("pid", record.pid());
        }
        quoted(record, RecordField.COMM, "comm");
        quoted(record, RecordField.EXE, "exe");
        signal(record);
        call(record);
        if (record.has(RecordField.IP)) {
            hex("ip", true, record.ip());
        }
        if (record.hasCode()) {
            hex("code", true, record.code() & 0xffffffffL);
        } else {
            text("code_text", record.text(RecordField.CODE));
        }
        put('}');
        put('\n');
    }

    /** Names the signals of seccomp: they have the same number everywhere. */
    private void signal(SeccompRecord record) {
        if (record.has(RecordField.SIG)) {
            number("sig", record.signal());
            return;
        }
        Optional<String> word = record.text(RecordField.SIG);
        switch (word.orElse("")) {
            case "SIG0" -> number("sig", 0);
            case "SIGKILL" -> number("sig", 9);
            case "SIGSYS" -> number("sig", 31);
            default -> {}
        }
        text("sig_text", word);
    }

    private void call(SeccompRecord record) {
        if (record.hasArch()) {
            hex("arch", false, record.arch() & 0xffffffffL);
        } else {
            text("arch_name", record.text(RecordField.ARCH));
        }
        if (!record.has(RecordField.SYSCALL)) {
            OptionalInt number = RecordNames.numberOfWord(record);
            if (number.isPresent()) {
                number("syscall", number.getAsInt());
            }
            text("syscall_name", record.text(RecordField.SYSCALL));
            return;
        }
        number("syscall", record.syscall());
        if (record.hasArch()) {
            byte[] name = name(record.arch(), record.syscall());
            if (name.length > 0) {
                key("syscall_name");
                put('"');
                put(name);
                put('"');
            }
        }
    }

    /** Empty if the call has no name. */
    private byte[] name(int arch, int number) {
        long key = (long) arch << 32 | number & 0xffffffffL;
        int slot = (number ^ arch >>> 24) & NAMES - 1;
        if (names[slot] == null || nameKeys[slot] != key) {
            Optional<Syscall> call = RecordNames.syscallOf(arch, number);
            nameKeys[slot] = key;
            names[slot] =
                    call.map(RecordNames::auditName).orElse("").getBytes(StandardCharsets.US_ASCII);
        }
        return names[slot];
    }

    private void numberOrWord(SeccompRecord record, RecordField field, String name, String word) {
        if (record.has(field)) {
            number(name, field == RecordField.AUID ? record.auid() : record.uid());
        } else {
            text(word, record.text(field));
        }
    }

    /** Text between the kernel's quotes is printable ASCII, so only a backslash needs care. */
    private void quoted(SeccompRecord record, RecordField field, String name) {
        if (!record.has(field)) {
            return;
        }
        byte[] raw = record.copyRaw(field);
        boolean simple = raw.length >= 2 && raw[0] == '"' && !record.isInterpreted();
        for (int i = 0; simple && i < raw.length; i++) {
            simple = raw[i] != '\\';
        }
        if (simple) {
            key(name);
            put(raw);
        } else {
            text(name, field == RecordField.COMM ? record.comm() : record.exe());
        }
    }

    private void text(String name, Optional<String> value) {
        if (value.isEmpty()) {
            return;
        }
        key(name);
        put('"');
        value.get().codePoints().forEach(this::character);
        put('"');
    }

    /** Also escapes what JSON allows but a terminal could obey or a reader would not see. */
    private void character(int c) {
        int type = Character.getType(c);
        boolean hidden =
                type == Character.CONTROL
                        || type == Character.FORMAT
                        || type == Character.LINE_SEPARATOR
                        || type == Character.PARAGRAPH_SEPARATOR
                        || type == Character.SURROGATE;
        if (c == '"' || c == '\\') {
            put('\\');
            put(c);
        } else if (hidden) {
            for (char half : Character.toChars(c)) {
                put(String.format("\\u%04x", (int) half).getBytes(StandardCharsets.US_ASCII));
            }
        } else if (c < 0x80) {
            put(c);
        } else {
            put(new String(Character.toChars(c)).getBytes(StandardCharsets.UTF_8));
        }
    }

    private void number(String name, long value) {
        key(name);
        decimal(value);
    }

    private void hex(String name, boolean prefixed, long value) {
        key(name);
        put('"');
        if (prefixed) {
            put('0');
            put('x');
        }
        int digits = Math.max(1, 16 - Long.numberOfLeadingZeros(value) / 4);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            put(Character.forDigit((int) (value >>> shift) & 15, 16));
        }
        put('"');
    }

    private void time(long millis) {
        decimal(millis / 1000);
        int rest = (int) (millis % 1000);
        put('.');
        put('0' + rest / 100);
        put('0' + rest / 10 % 10);
        put('0' + rest % 10);
    }

    private void decimal(long value) {
        long rest = value;
        if (rest < 0) {
            put('-');
            rest = -rest;
        }
        long unit = 1;
        while (rest / unit >= 10) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            put((int) ('0' + rest / unit % 10));
        }
    }

    private void key(String name) {
        if (!first) {
            put(',');
        }
        first = false;
        put('"');
        for (int i = 0; i < name.length(); i++) {
            put(name.charAt(i));
        }
        put('"');
        put(':');
    }

    private void put(byte[] bytes) {
        for (byte b : bytes) {
            put(b);
        }
    }

    private void put(int b) {
        if (length == out.length) {
            out = Arrays.copyOf(out, 2 * out.length);
        }
        out[length++] = (byte) b;
    }
}
