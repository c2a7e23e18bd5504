// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The objects of arrays become lines, and what is no array stays as it is. */
final class JsonArrayLinesTest {

    private static final String ONE =
            "{\"ID\":\"1.002:%d\",\"NODE\":\"web\",\"SECCOMP\":[{\"auid\":1,\"syscall\":%<d}]}";
    private static final String PRETTY =
            "  {\n"
                    + "    \"ID\": \"1.002:%d\",\r\n"
                    + "    \"NODE\": \"web\",\n"
                    + "    \"SECCOMP\": [\n"
                    + "      {\n"
                    + "\t\t\"comm\": \"a \\\"{[\\\\\",\n"
                    + "        \"auid\": 1,\n"
                    + "\"syscall\": %<d\n"
                    + "      }\n"
                    + "    ]\n"
                    + "  }";
    private static final String RECORD =
            "type=SECCOMP msg=audit(1.002:3): auid=1 pid=7 comm=\"a\" exe=\"/a\" sig=0"
                    + " arch=c000003e syscall=39 compat=0 ip=0x7f code=0x7ffc0000\n";

    private long damage;

    private byte[] lines(byte[] stream, Random random) throws IOException {
        InputStream in = new ByteArrayInputStream(stream);
        JsonArrayLines array =
                new JsonArrayLines((b, o, l) -> in.read(b, o, Math.min(l, 1 + random.nextInt(9))));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] buf = new byte[64];
        for (int n = array.read(buf, 0, 7);
                n >= 0;
                n = array.read(buf, 0, 1 + random.nextInt(64))) {
            out.write(buf, 0, n);
        }
        damage = array.damage();
        return out.toByteArray();
    }

    private List<String> scan(String stream) throws IOException {
        byte[] bytes = stream.getBytes(UTF_8);
        byte[] lines = lines(bytes, new Random(stream.length()));
        assertEquals(bytes.length, lines.length, "each byte stays at its place");
        LogScanner scanner = new LogScanner();
        scanner.reset(lines, 0, lines.length);
        List<String> found = new ArrayList<>();
        while (scanner.next()) {
            boolean record = scanner.outcome() == ParseOutcome.RECORD;
            found.add(
                    record
                            ? scanner.parser().record().syscall()
                                    + scanner.parser().record().host().orElse("")
                            : scanner.outcome().toString());
        }
        return found;
    }

    private static String join(String form, String separator) {
        return String.format(form, 1)
                + separator
                + String.format(form, 2)
                + separator
                + String.format(form, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ",\n", " ,\r\n\t", "\n,"})
    void anArray_hasALineForEachObject(String separator) throws IOException {
        for (String form : List.of(ONE, PRETTY)) {
            for (String end : List.of("]", "\n]\n", " ] \n", ",\n]\n")) {
                for (String start : List.of("[", "[\n", " [ ")) {
                    String array = start + join(form, separator) + end;
                    assertEquals(List.of("1web", "2web", "3web"), scan(array), array);
                    assertEquals(-1, damage, array);
                }
            }
        }
    }

    @Test
    void severalArrays_areAllRead_andThenLines() throws IOException {
        String array = "[" + join(ONE, ",") + "]\n";
        assertEquals(
                List.of("1web", "2web", "3web", "1web", "2web", "3web", "39"),
                scan(array + array + RECORD));
        assertEquals(-1, damage);
    }

    /** Each of these first lines would hide the records after it, if one believed it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[",
                "[{",
                "[{\"a\":",
                "[{\"a\":\"",
                "[{\"a\":\"\\",
                "[{\"a\":1}",
                "[{\"a\":1},",
                "[{\"a\":1},[",
                "[{\"a\":[",
                "[[",
                "[1,",
                "[   ",
                "[{}]",
                "[{},{\"x\":evil[1]:",
            })
    void aForgedFirstLine_hidesNoRecord(String first) throws IOException {
        String shipped = String.format(ONE, 5) + "\n";
        assertEquals(List.of("39", "39", "39"), scan(first + "\n" + RECORD.repeat(3) + "}]\n"));
        assertEquals(List.of("5web", "5web"), scan(first + "\n" + shipped.repeat(2) + "}]\n"));
        assertEquals(
                List.of("39", "5web"),
                scan(first + "\n" + RECORD + shipped + "\"}]\n").subList(0, 2));
    }

    /** The line would be a value of the forged object, and all be JSON. */
    @Test
    void aLineBetweenForgedOnes_isRead() throws IOException {
        String line = String.format(ONE, 5);
        assertEquals(List.of("5web"), scan("[{\"a\":\n" + line + "\n}]\n"));
        assertEquals(0, scan("[{\"a\":\n " + line + "\n}]\n").size(), "no line of a shipper");
    }

    @Test
    void aDamagedArray_saysWhere() throws IOException {
        String whole = "[" + String.format(ONE, 1) + ",";
        assertEquals(List.of("1web", "2web"), scan(whole + String.format(ONE, 2)));
        assertEquals(whole.length(), damage);
        assertEquals(List.of("1web"), scan(whole + "\n " + String.format(ONE, 2).substring(0, 20)));
        assertEquals(whole.length() + 2, damage);
        assertEquals(List.of("1web", "39"), scan(whole + "x\n" + RECORD));
        assertEquals(whole.length(), damage);
    }

    /** Cut anywhere, the whole objects are read, and that something is missing is known. */
    @Test
    void cutAnywhere_isDamaged() throws IOException {
        String array = "[" + join(PRETTY, ",\n") + "]";
        int first = array.indexOf('{');
        for (int cut = first + 1; cut < array.length(); cut++) {
            List<String> found = scan(array.substring(0, cut));
            assertTrue(damage >= 0, "cut at " + cut);
            assertTrue(found.size() <= 3, found::toString);
        }
    }

    @Test
    void anyStreamThatIsNoArray_isPassedOn() throws IOException {
        Random random = new Random(20261126);
        String letters = "[]{}\",:\n\\ a1";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(i % 2 == 0 ? "" : "[{");
            for (int n = random.nextInt(20); n > 0; n--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            byte[] bytes = (text + "\n" + RECORD).getBytes(UTF_8);
            byte[] out = lines(bytes, random);
            assertEquals(bytes.length, out.length);
            String told = new String(out, UTF_8);
            assertTrue(told.endsWith("\n" + RECORD), told);
            if (!JsonArrayLines.isAt(bytes, 0, bytes.length)) {
                assertEquals(new String(bytes, UTF_8), told);
            }
        }
    }

    @Test
    void anObjectThatIsTooLong_isPassedOn() throws IOException {
        String value = "x".repeat(LineBlocks.MAX_LINE);
        assertEquals(
                List.of("1web", "39"),
                scan("[" + String.format(ONE, 1) + ",{\"a\":\"" + value + "\"}]\n" + RECORD));
        assertTrue(damage > 0);
    }

    @Test
    void anError_comesAfterWhatWasRead() throws IOException {
        byte[] bytes = ("[" + String.format(ONE, 1) + "," + String.format(ONE, 2)).getBytes(UTF_8);
        InputStream in = new ByteArrayInputStream(bytes);
        JsonArrayLines array =
                new JsonArrayLines(
                        (b, o, l) -> {
                            int n = in.read(b, o, l);
                            if (n < 0) {
                                throw new IOException("broken");
                            }
                            return n;
                        });
        byte[] buf = new byte[4096];
        int length = 0;
        while (length < bytes.length) {
            length += array.read(buf, length, buf.length - length);
        }
        assertThrows(IOException.class, () -> array.read(buf, 0, 10));
    }

    @Test
    void isAt_knowsWhatCannotBeAnArray() {
        for (String start : List.of("[{", "[\n", " [ \n {", "[   ")) {
            assertTrue(JsonArrayLines.isAt(start.getBytes(UTF_8), 0, start.length()), start);
        }
        for (String start : List.of("[    0.0] Linux", "{", "", "[1", "[[", "a[{")) {
            assertFalse(JsonArrayLines.isAt(start.getBytes(UTF_8), 0, start.length()), start);
        }
    }
}
