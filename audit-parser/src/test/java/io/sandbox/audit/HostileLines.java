// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import java.util.List;

/** Lines in which a process tries to forge fields, for the tests that damage and cut lines. */
final class HostileLines {

    private static final String HEAD =
            "type=SECCOMP msg=audit(1700000000.001:7): auid=1000 uid=1000 gid=1000 ses=3 ";
    private static final String FORGED =
            "pid=66 comm=\"evil\" exe=\"/evil\" sig=0 arch=c000003e syscall=66 compat=0 ip=0x66"
                    + " code=0x7ffc0000";
    private static final String REAL =
            "pid=7 comm=\"good\" exe=\"/good\" sig=0 arch=c000003e syscall=39 compat=0 ip=0x7f"
                    + " code=0x7ffc0000";

    /** AppArmor's label of a learning profile contains an executable's path unescaped. */
    static final String FORGED_LABEL =
            HEAD + "subj==p//null-/tmp/" + FORGED + " (complain) " + REAL;

    static final String TWO_RECORDS = HEAD + "subj=a " + FORGED + HEAD + "subj=a " + REAL;

    static final List<String> ALL =
            List.of(
                    FORGED_LABEL,
                    TWO_RECORDS,
                    HEAD + REAL,
                    HEAD + REAL + "\u001dAUID=\"a\" pid=1 comm=2",
                    HEAD
                            + "subj=s "
                            + REAL
                            + "\u001dAUID=\"a\" SYSCALL=unknown-syscall(-1) pid=1 comm=2 syscall=3"
                            + " code=0x0",
                    HEAD.replace("SECCOMP", "UNKNOWN[1326]") + REAL,
                    HEAD.replace("SECCOMP", "SYSCALL") + REAL,
                    HEAD.replace("SECCOMP", "USER_CMD")
                            + "msg='audit: type=1326 audit(1.002:3): auid=0 "
                            + REAL
                            + "'",
                    HEAD.replace("SECCOMP", "ANOM_ABEND")
                            + "pid=7 comm=\"good\" reason=\"memory violation\" sig=11",
                    HEAD.replace("SECCOMP", "ANOM_ABEND")
                            + "pid=7 comm=\"good\" reason=\"seccomp\" sig=31 syscall=39 ip=0x7f"
                            + " code=0x0",
                    "Nov 24 15:00:00 host evil[12]: audit: type=1326 audit(1.002:3): auid=0 "
                            + REAL,
                    "Nov 24 15:00:00 host evil[7]: SECCOMP auid=0 uid=0 " + REAL,
                    "Nov 24 15:00:00 host evil[8]: SECCOMP auid=0 uid=0 " + REAL,
                    "Nov 24 15:00:00 host evil[8]: audit[7]: SECCOMP auid=0 uid=0 " + REAL,
                    "Nov 24 15:00:00 host audisp-syslog[8]: " + HEAD + REAL,
                    "{\"log\":\"audit: type=1326 audit(1.002:3): auid=0 "
                            + REAL.replace("\"", "\\\"")
                            + "\\n\"}",
                    docker("audit: type=1326 audit(1.002:3): auid=0 " + REAL + "\n"),
                    docker("evil[8]: SECCOMP auid=0 " + REAL + "\n"),
                    docker("said \"audit: type=1326 audit(1.002:3): auid=0 " + REAL + "\"\n"),
                    docker("audit: type=1326 audit(1.002:3): auid=0 " + FORGED + "\u00e4\u2028\n"),
                    "2024-01-02T03:04:05.123456789Z stdout F audit: type=1326 audit(1.002:3):"
                            + " auid=0 "
                            + REAL,
                    "2024-01-02T03:04:05.123456789+01:00 stderr P " + HEAD + REAL,
                    "2024-01-02T03:04:05.123456789Z stdout F "
                            + docker("audit: type=1326 audit(1.002:3): auid=0 " + REAL),
                    journal("kernel", "0", "audit: type=1326 audit(1.002:3): auid=0 " + REAL),
                    journal("kernel", "1", "audit: type=1326 audit(1.002:3): auid=0 " + REAL),
                    journal("stdout", "0", "audit: type=1326 audit(1.002:3): auid=0 " + REAL),
                    journal("syslog", "0", HEAD + REAL + "\u001dAUID=\"a\"")
                            .replace("init", "audisp-syslog"),
                    journal("audit", "4", "SECCOMP auid=0 uid=0 " + REAL),
                    journal("audit", "4", "SECCOMP auid=0 uid=0 " + REAL)
                            .replace("_TRANS", "TRANS"),
                    "MESSAGE=audit: type=1326 audit(1.002:3): auid=0 " + REAL,
                    "SECCOMP auid=0 uid=0 " + REAL,
                    "> `SECCOMP auid=0 uid=0 " + REAL + "`",
                    "15:00:00 good: SECCOMP auid=0 uid=0 " + REAL,
                    "Nov 24 15:00:00 my good: SECCOMP auid=0 uid=0 "
                            + REAL.replace("\"good\"", "6D7920676F6F64"),
                    "15:00:00 evil: SECCOMP auid=0 uid=0 " + REAL,
                    "15:00:00 evil: good: SECCOMP auid=0 uid=0 " + REAL,
                    "15:00:00 evil[8]: good: SECCOMP auid=0 uid=0 " + REAL,
                    "Nov 24 15:00:00 host audit: SECCOMP auid=0 uid=0 " + REAL,
                    "Nov 24 15:00:00 host evil: audit: SECCOMP auid=0 uid=0 " + REAL,
                    "{\"message\":\"audit[7]: SECCOMP auid=0 uid=0 " + REAL + "\"}",
                    docker("SECCOMP auid=0 uid=0 " + REAL + "\n"),
                    "11-24 15:00:00.001  7  7 W good: type=1326 audit(0.0:11): auid=0 " + REAL,
                    "type=SECCOMP msg=audit(11/24/26 15:00:00.001:7) : auid=user uid=user gid=user"
                        + " ses=1 subj=a b pid=9 comm=my app exe=/my app/x sig=SIGSYS arch=x86_64"
                        + " syscall=getpid compat=0 ip=0x7f code=log",
                    "type=SECCOMP msg=audit(11/24/26 15:00:00.001:007) : auid=user subj==unconfined"
                            + " pid=9 comm=x exe=/x sig=SIGSYS arch=x86_64 syscall=read code=kill",
                    "type=SECCOMP msg=audit(11/24/26 15:00:00.001:7) : auid=user pid=9 comm=x"
                            + " syscall=0 arch= exe=/a exe=/b sig=SIGSYS arch=x86_64 syscall=getpid"
                            + " code=log",
                    "[ 1.0] audit: audit_backlog=65 > audit_backlog_limit=64",
                    "[ 1.0] audit: rate limit exceeded",
                    "[ 1.0] audit_log_start: 12 callbacks suppressed");

    private HostileLines() {}

    /** The form of Docker's json-file driver, whose encoder (Go's) has its own escapes. */
    private static String docker(String output) {
        return "{\"log\":\""
                + escaped(output).replace("<", "\\u003c")
                + "\",\"stream\":\"stdout\",\"attrs\":{\"tag\":\"a\"},"
                + "\"time\":\"2024-01-02T03:04:05.123456789Z\"}";
    }

    private static String journal(String transport, String facility, String message) {
        return "{\"MESSAGE\":\""
                + escaped(message)
                + "\",\"_AUDIT_TYPE\":\"1326\",\"_UID\":\"0\",\"_AUDIT_ID\":\"12\",\"_TRANSPORT\":\""
                + transport
                + "\",\"N\":[1,\"a\",[2,3],null],\"_SOURCE_REALTIME_TIMESTAMP\":\"1700000000123456\","
                + "\"_COMM\":\"init\",\"_SYSTEMD_UNIT\":\"a\\\\x2db.service\",\"SYSLOG_FACILITY\":\""
                + facility
                + "\"}";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\u001d", "\\u001d")
                .replace("\u2028", "\\u2028");
    }
}
