// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** An enriched auditd log in which every second line is a seccomp record. */
final class MixedLog {

    private static final String STAMP = " msg=audit(1700000000.%03d:%d): ";
    private static final String SECCOMP =
            "type=SECCOMP"
                    + STAMP
                    + "auid=1000 uid=1000 gid=1000 ses=3"
                    + " subj=unconfined_u:unconfined_r:unconfined_t:s0 pid=%d comm=\"prog%d\""
                    + " exe=\"/usr/bin/prog%4$d\" sig=0 arch=c000003e syscall=%d compat=0"
                    + " ip=0x7f%010x code=0x7ffc0000\u001dAUID=\"user\" UID=\"user\" GID=\"user\""
                    + " ARCH=x86_64 SYSCALL=unknown\n";
    private static final String OTHER =
            "type=SYSCALL"
                    + STAMP
                    + "arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=%x a2=0 a3=0"
                    + " items=1 ppid=1 pid=77 auid=1000 uid=1000 gid=1000 euid=1000 suid=1000"
                    + " fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=3 comm=\"ls\""
                    + " exe=\"/usr/bin/ls\" subj=unconfined key=\"watch\"\u001dARCH=x86_64"
                    + " SYSCALL=openat AUID=\"user\"\n";

    private MixedLog() {}

    /** The call's number in this record. */
    static int syscall(int record) {
        return record * 7 % 330;
    }

    static byte[] of(int lines) {
        Random random = new Random(20261124);
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        for (int i = 0; i < lines; i++) {
            String line =
                    i % 2 == 0
                            ? String.format(
                                    SECCOMP,
                                    i % 1000,
                                    i,
                                    300 + random.nextInt(60_000),
                                    random.nextInt(40),
                                    syscall(i / 2),
                                    random.nextInt())
                            : String.format(OTHER, i % 1000, i, random.nextLong());
            log.writeBytes(line.getBytes(StandardCharsets.UTF_8));
        }
        return log.toByteArray();
    }
}
