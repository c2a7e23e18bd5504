package io.sandbox.recorder;

import io.sandbox.audit.SeccompRecord;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.Syscall;
import io.sandbox.syscalldb.SyscallDb;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The evidence of one run: which executable made which call, on which architecture, how often. */
public final class Recording {
    /**
     * A target can make calls of any number. More distinct ones than this are no program's needs
     * but a flood, and are only counted.
     */
    static final int MAX_DISTINCT = 100_000;

    /** AUDIT_ARCH value and number as the kernel recorded them. */
    private record Call(int auditArch, int number) {}

    /**
     * A distinct call, named where our tables know it.
     *
     * @param auditArch the AUDIT_ARCH value of the record
     * @param number as the kernel recorded it, negative or out of range included
     */
    public record ObservedCall(int auditArch, int number, Optional<Syscall> syscall) {
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

    private final Map<String, Map<Call, long[]>> countsByExecutable = new HashMap<>();
    private long records;
    private int distinct;
    private long beyondLimit;

    void add(SeccompRecord record) {
        records++;
        Map<Call, long[]> counts =
                countsByExecutable.computeIfAbsent(
                        record.exe().orElse("(unknown)"), exe -> new HashMap<>());
        Call call = new Call(record.arch(), record.syscall());
        long[] count = counts.get(call);
        if (count != null) {
            count[0]++;
        } else if (distinct < MAX_DISTINCT) {
            distinct++;
            counts.put(call, new long[] {1});
        } else {
            beyondLimit++;
        }
    }

    public long records() {
        return records;
    }

    /** Records of calls that are not listed because {@link #MAX_DISTINCT} was reached. */
    public long beyondLimit() {
        return beyondLimit;
    }

    public Set<String> executables() {
        return new TreeSet<>(countsByExecutable.keySet());
    }

    /** Every distinct call, by architecture and number. */
    public List<ObservedCall> calls() {
        return countsByExecutable.values().stream()
                .flatMap(counts -> counts.keySet().stream())
                .distinct()
                .sorted(Comparator.comparing(Call::auditArch).thenComparing(Call::number))
                .map(Recording::name)
                .collect(Collectors.toUnmodifiableList());
    }

    private static ObservedCall name(Call call) {
        SyscallDb db = SyscallDb.get();
        Optional<Syscall> syscall =
                db.archByAuditValue(call.auditArch())
                        .flatMap(arch -> db.table(arch).byNumber(call.number()));
        return new ObservedCall(call.auditArch(), call.number(), syscall);
    }
}
