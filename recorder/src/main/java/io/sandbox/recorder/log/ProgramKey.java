// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import io.sandbox.audit.Carrier;
import io.sandbox.audit.RecordField;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.syscalldb.Arch;
import io.sandbox.syscalldb.SyscallDb;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Optional;

/**
 * The key by which records are counted.
 *
 * @param executable the program's path; empty if the record has none
 * @param auditArch the AUDIT_ARCH value; empty if the record has none
 * @param archWord the name of the architecture, if the line has a name and no number
 * @param fromContainer whether the records were found in a container's output
 * @param host the host that the records name; empty if they name none, or hosts are not told apart
 */
public record ProgramKey(
        Optional<String> executable,
        Optional<Integer> auditArch,
        Optional<String> archWord,
        boolean fromContainer,
        Optional<String> host)
        implements Serializable {
    /** Optional cannot be sent to another machine. Null stands for what is empty. */
    private record Sent(
            String executable, Integer auditArch, String archWord, boolean container, String host)
            implements Serializable {
        private Object readResolve() {
            return new ProgramKey(
                    Optional.ofNullable(executable),
                    Optional.ofNullable(auditArch),
                    Optional.ofNullable(archWord),
                    container,
                    Optional.ofNullable(host));
        }
    }

    private Object writeReplace() {
        return new Sent(
                executable.orElse(null),
                auditArch.orElse(null),
                archWord.orElse(null),
                fromContainer,
                host.orElse(null));
    }

    public static final Comparator<ProgramKey> ORDER =
            Comparator.comparing((ProgramKey key) -> key.executable().orElse(""))
                    .thenComparing(ProgramKey::archName)
                    .thenComparing(ProgramKey::fromContainer)
                    .thenComparing(key -> key.host().orElse(""));

    public static ProgramKey of(SeccompRecord record) {
        return of(record, Optional.empty());
    }

    static ProgramKey of(SeccompRecord record, Optional<String> host) {
        Optional<Integer> number = record.hasArch() ? Optional.of(record.arch()) : Optional.empty();
        Optional<String> word = record.hasArch() ? Optional.empty() : record.text(RecordField.ARCH);
        return new ProgramKey(
                record.exe(), number, word, record.carrier() == Carrier.CONTAINER, host);
    }

    /** The architecture, if our tables have it. */
    public Optional<Arch> arch() {
        SyscallDb db = SyscallDb.get();
        return auditArch.isPresent()
                ? db.archByAuditValue(auditArch.get())
                : archWord.flatMap(db::archByName);
    }

    /** The architecture to show: a name, the number in hex, or a question mark. */
    public String archName() {
        return arch().map(Arch::name)
                .or(() -> auditArch.map(Integer::toHexString))
                .or(() -> archWord)
                .orElse("?");
    }
}
