// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.SeccompRecord;
import io.sandbox.audit.SeccompRecordParser;
import java.nio.charset.StandardCharsets;

/** Records as the kernel writes them, to test their use. */
public final class Records {
    public static final long TIME_MILLIS = 1586171042680L;
    public static final int X86_64 = 0xc000003e;
    public static final int I386 = 0x40000003;

    // linux/seccomp.h
    public static final int USER_NOTIF = 0x7fc00000;
    private static final int LOG = 0x7ffc0000;

    public static SeccompRecord record(
            long timeMillis, long session, int pid, String exe, int arch, int syscall) {
        return record(timeMillis, session, pid, exe, arch, syscall, LOG);
    }

    /** {@code code}: what the filter returned. */
    public static SeccompRecord record(
            long timeMillis, long session, int pid, String exe, int arch, int syscall, int code) {
        String stamp = timeMillis / 1000 + "." + timeMillis % 1000;
        String form =
                "audit(%s:138): auid=0 uid=0 gid=0 ses=%d pid=%d comm=\"x\" exe=\"%s\" sig=0"
                        + " arch=%x syscall=%d compat=0 ip=0x7f21a2d42af3 code=0x%x";
        byte[] payload =
                form.formatted(stamp, session, pid, exe, arch, syscall, code)
                        .getBytes(StandardCharsets.US_ASCII);
        SeccompRecordParser parser = new SeccompRecordParser();
        ParseOutcome outcome =
                parser.parsePayload(SeccompRecordParser.AUDIT_SECCOMP, payload, 0, payload.length);
        assertEquals(ParseOutcome.RECORD, outcome);
        return parser.record();
    }
}
