// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CriLineTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2016-10-06T00:17:09.669794202Z stdout F text|text",
                "2016-10-06T00:17:09.669794202Z stderr P text|text",
                "2016-10-06T00:17:09.669794202+02:00 stdout F text|text",
                "2016-10-06T00:17:09.669794202Z stdout F:tag text|tag text",
                "2016-10-06T00:17:09.669794202Z stdout X text|none",
                "2016-10-06T00:17:09.669794202Z stdout Ftext|none",
                "2016-10-06T00:17:09.669794202Z stdoux F text|none",
                "2016-10-06 00:17:09.669794202Z stdout F text|none",
                "x016-10-06T00:17:09.669794202Z stdout F text|none",
                "2016-10-06T00:17:09.669794202669794202+02:00 stdout F text|none",
                "2016-10-06T00:17:09.669794202+02:00 stdout F|none"
            })
    void textAt_isBehindTheHead(String line, String text) {
        byte[] bytes = (">>" + line).getBytes(US_ASCII);
        int at = CriLine.textAt(bytes, 2, bytes.length);
        assertEquals(text, at < 0 ? "none" : line.substring(at - 2));
    }
}
