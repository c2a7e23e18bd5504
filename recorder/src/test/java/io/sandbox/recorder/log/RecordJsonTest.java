// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import io.sandbox.audit.ParseOutcome;
import io.sandbox.audit.SeccompRecordParser;
import io.sandbox.syscalldb.testing.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lines from bug reports as JSON have the fields of the lines and no others. */
class RecordJsonTest {
    private final SeccompRecordParser parser = new SeccompRecordParser();

    private Map<String, Object> json(byte[] line) throws IOException {
        assertEquals(ParseOutcome.RECORD, parser.parseLine(line, 0, line.length));
        RecordJson json = new RecordJson();
        json.append(parser.record());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        json.writeTo(out);
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.endsWith("}\n") && text.indexOf('\n') == text.length() - 1, text);
        return JSON.std.mapFrom(text);
    }

    @Table
    void append_lineOfABugReport_hasItsKeysAndValues(String line, String json) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        assertEquals(JSON.std.mapFrom(json), json(bytes));
    }

    @Test
    void append_textThatJsonCannotHoldAsItIs_isEscaped() throws IOException {
        String comm = "a\"\\\u0001\u007f\u00e4\n";
        StringBuilder hex = new StringBuilder();
        for (byte b : comm.getBytes(StandardCharsets.UTF_8)) {
            hex.append(String.format("%02X", b));
        }
        String line =
                "type=SECCOMP msg=audit(1.002:3): pid=7 comm="
                        + hex
                        + " exe=\"/a\\b\" sig=0 arch=c000003e syscall=39 compat=0 ip=0x0"
                        + " code=0x0\n";
        Map<String, Object> json = json(line.getBytes(StandardCharsets.UTF_8));
        assertEquals(comm, json.get("comm"));
        assertEquals("/a\\b", json.get("exe"));
        assertEquals("1.002", json.get("time"));
    }

    @Test
    void append_extremeNumbers_areWritten() throws IOException {
        String line =
                "type=SECCOMP msg=audit(0.000:4294967295): auid=4294967295 pid=-2147483648 sig=0"
                        + " arch=ffffffff syscall=-2147483648 compat=0 ip=0xffffffffffffffff"
                        + " code=0xffffffff\n";
        Map<String, Object> json = json(line.getBytes(StandardCharsets.UTF_8));
        assertEquals(-2147483648, json.get("syscall"));
        assertEquals("0xffffffffffffffff", json.get("ip"));
        assertEquals("0.000", json.get("time"));
        assertEquals(4294967295L, json.get("serial"));
    }
}
