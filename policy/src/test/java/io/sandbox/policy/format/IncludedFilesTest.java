// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.policy.document.PolicyFormatException;
import io.sandbox.policy.testing.Policies;
import io.sandbox.syscalldb.testing.Table;
import io.sandbox.syscalldb.testing.Vectors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a text takes from elsewhere: files, and values of constants. */
final class IncludedFilesTest {
    /** These files, wherever they are looked for. */
    private record Files(Map<String, String> texts) implements IncludedFiles {
        @Override
        public Included read(String path, String from, List<String> folders) {
            if (!isThere(path, from, folders)) {
                throw PolicyFormatException.ofWhole(path + ": no such file");
            }
            String name = path.replaceFirst(".*/", "");
            return new Included(name, texts.get(name).getBytes(UTF_8), !path.startsWith("/"));
        }

        @Override
        public boolean isThere(String path, String from, List<String> folders) {
            return texts.containsKey(path.replaceFirst(".*/", ""));
        }
    }

    private static Reading read(String format, String text, Map<String, String> files) {
        return PolicyFormat.byName(format)
                .orElseThrow()
                .read(text.getBytes(UTF_8), Surroundings.on("x86_64").withFiles(new Files(files)));
    }

    static List<Vectors.Row> rows() {
        return Vectors.beside(IncludedFilesTest.class, "included.tsv", 4);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void read_severalFiles_areReadInTheirPlaces(Vectors.Row row) {
        Map<String, String> files = new HashMap<>();
        for (String file : row.get(2).split(" @@ ")) {
            files.put(file.replaceFirst("(?s): .*", ""), file.replaceFirst("(?s)^\\S*: ", ""));
        }
        String result;
        try {
            Reading reading = read(row.get(0), row.get(1), files);
            result = Policies.rules(reading.document());
            result += reading.losses().isEmpty() ? "" : "; " + Policies.text(reading.losses());
        } catch (PolicyFormatException e) {
            result = "refused: " + e.getMessage();
        }
        assertEquals(row.get(3), result);
    }

    /** So that files that include others several times end. */
    @Test
    void read_manyFiles_areBounded() {
        assertBounded("kafel", "#include \"%s\" \"%1$s\"\n", 14);
        assertBounded("minijail", "@include ./%1$s\n".repeat(9), 4);
    }

    private static void assertBounded(String format, String line, int depth) {
        Map<String, String> files = new HashMap<>(Map.of("f" + depth, ""));
        for (int i = 0; i < depth; i++) {
            files.put("f" + i, line.formatted("f" + (i + 1)));
        }
        String message = Policies.refusal(() -> read(format, line.formatted("f0"), files));
        assertTrue(message.endsWith("more than 1000 files"), message);
    }

    /** From asm/fcntl.h of the architectures, and linux/fs.h. */
    @Table
    void valueOf_name_isThatOfTheArchitecture(
            String name, String x86, String arm64, String arm, String i386) {
        assertEquals(Long.decode(x86), ConstantNames.lookUp("x86_64", name).orElseThrow());
        assertEquals(Long.decode(arm64), ConstantNames.lookUp("aarch64", name).orElseThrow());
        assertEquals(Long.decode(arm), ConstantNames.lookUp("arm", name).orElseThrow());
        assertEquals(Long.decode(i386), ConstantNames.lookUp("i386", name).orElseThrow());
    }

    @Table
    void of_values_areNamedWholeOrNotAtAll(
            String arch, String prefixes, long choiceMask, String value, String name) {
        List<String> words = prefixes.isEmpty() ? List.of() : List.of(prefixes.split(" "));
        long number =
                value.startsWith("0x")
                        ? Long.parseUnsignedLong(value.substring(2), 16)
                        : Long.parseLong(value);
        assertEquals(name, ConstantNames.of(arch, words, choiceMask, number).orElse(""));
    }
}
