// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.evidence.Sighting;
import java.util.Optional;
import java.util.OptionalLong;

/** An audit record as a sighting. One object is used for all records, one after the other. */
final class RecordSighting implements Sighting {
    private final AskedArguments asked;
    private SeccompRecord record;

    RecordSighting(AskedArguments asked) {
        this.asked = asked;
    }

    RecordSighting of(SeccompRecord newRecord) {
        record = newRecord;
        return this;
    }

    @Override
    public int arch() {
        return record.arch();
    }

    @Override
    public int number() {
        return record.syscall();
    }

    @Override
    public OptionalLong argument(int index) {
        return asked.arePlain(record) ? OptionalLong.of(0) : OptionalLong.empty();
    }

    @Override
    public int pid() {
        return record.pid();
    }

    @Override
    public long timeMillis() {
        return record.timeMillis();
    }

    @Override
    public long instructionPointer() {
        return record.ip();
    }

    @Override
    public boolean isOfExecutable(byte[] key) {
        return record.has(RecordField.EXE)
                ? record.rawEquals(RecordField.EXE, key)
                : key.length == 0;
    }

    @Override
    public byte[] executableKey() {
        return record.has(RecordField.EXE) ? record.copyRaw(RecordField.EXE) : new byte[0];
    }

    @Override
    public Optional<String> executable() {
        return record.exe();
    }
}
