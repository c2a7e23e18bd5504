// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import java.util.regex.Pattern;

/** The text of records as the kernel writes them, to test reading. */
final class RecordTexts {
    private RecordTexts() {}

    static String payload(int syscall) {
        return "audit(1586171042.680:138): auid=0 uid=0 gid=0 ses=1 pid=5 comm=\"x\" exe=\"/x\""
                + " sig=0 arch=c000003e syscall="
                + syscall
                + " compat=0 ip=0x7f21a2d42af3 code=0x7ffc0000";
    }

    /** Puts the payload of a record of call N for {@code {N}}. */
    static String withPayloads(String text) {
        return Pattern.compile("\\{([0-9]+)\\}")
                .matcher(text)
                .replaceAll(number -> payload(Integer.parseInt(number.group(1))));
    }
}
