package io.sandbox.recorder;

import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The evidence of one run: which calls were made, on which architecture, by how many programs. */
public final class Recording {
    /**
     * A target can make calls of any number. More distinct ones than this are no program's needs
     * but a flood, and are only counted.
     */
    static final int MAX_DISTINCT = 100_000;

    /**
     * A distinct call, named where our tables know it.
     *
     * @param auditArch the AUDIT_ARCH value of the record
     * @param number as the kernel recorded it, negative or out of range included
     */
    public record ObservedCall(int auditArch, int number, Optional<Syscall> syscall) {
        static ObservedCall of(int auditArch, int number) {
            SyscallDb db = SyscallDb.get();
            Optional<Syscall> syscall =
                    db.archByAuditValue(auditArch).flatMap(arch -> db.table(arch).byNumber(number));
            return new ObservedCall(auditArch, number, syscall);
        }

        /** The architecture's name; an x32 call counts as x32, an unknown value is shown in hex. */
        public String archName() {
            return syscall.map(Syscall::arch)
                    .or(() -> SyscallDb.get().archByAuditValue(auditArch))
                    .map(Arch::name)
                    .orElse(Integer.toHexString(auditArch));
        }

        /** The kernel's name, or the number where there is none. */
        public String displayName() {
            return syscall.map(Syscall::name).orElse(Integer.toString(number));
        }
    }

    /** AUDIT_ARCH value above, number below. */
    private final Set<Long> calls = new HashSet<>();

    private final Set<String> executables = new HashSet<>();
    private byte[] lastExecutable = {};
    private long records;
    private long beyondLimit;

    void add(SeccompRecord record) {
        records++;
        noteExecutable(record);
        long call = (long) record.arch() << 32 | record.syscall() & 0xffffffffL;
        if (calls.size() < MAX_DISTINCT) {
            calls.add(call);
        } else if (!calls.contains(call)) {
            beyondLimit++;
        }
    }

    /** Most records come in runs of one program: their text is decoded once. */
    private void noteExecutable(SeccompRecord record) {
        if (record.has(RecordField.EXE) && !record.rawEquals(RecordField.EXE, lastExecutable)) {
            lastExecutable = record.copyRaw(RecordField.EXE);
            record.exe().ifPresent(executables::add);
        }
    }

    public long records() {
        return records;
    }

    /** Records of calls that are not listed because {@link #MAX_DISTINCT} was reached. */
    public long beyondLimit() {
        return beyondLimit;
    }

    public int executableCount() {
        return executables.size();
    }

    public int callCount() {
        return calls.size();
    }

    /** Every distinct call, by architecture and number. */
    public List<ObservedCall> calls() {
        return calls.stream()
                .sorted()
                .map(call -> ObservedCall.of((int) (call >> 32), (int) (long) call))
                .toList();
    }
}
