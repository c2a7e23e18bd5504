// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.sandbox.syscalldb.testing.Vectors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lines from bug reports (corpus-records.tsv names the sources), and from a kernel. */
final class Corpus {
    /** Without line feeds. */
    static List<byte[]> records() {
        return Vectors.beside(Corpus.class, "corpus-records.tsv", 4, ISO_8859_1).stream()
                .map(row -> row.get(2).getBytes(ISO_8859_1))
                .toList();
    }

    static List<String> lines(String resource) {
        return new String(bytes(resource), StandardCharsets.UTF_8).lines().toList();
    }

    /** The names of captured logs of which each line is text. */
    static List<String> logs() {
        return lines("CapturedLinesTest.tsv").stream()
                .filter(name -> name.endsWith(".log"))
                .toList();
    }

    static byte[] bytes(String resource) {
        try (InputStream in = Corpus.class.getResourceAsStream(resource)) {
            assertNotNull(in, () -> "there is no test resource " + resource);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
