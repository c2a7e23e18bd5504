// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sandbox.enforcer.launch.SourceException;
import io.sandbox.syscalldb.testing.Table;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class KmsgHeaderTest {
    private static KmsgHeader parse(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        return KmsgHeader.parse(bytes, bytes.length);
    }

    @Test
    void parse_kernelMessage_hasFacilityZero() {
        assertEquals(new KmsgHeader(0, 339, 16), parse("5,339,5140900,-;audit: type=1326"));
    }

    @Test
    void parse_moreFieldsBeforeText_areSkipped() {
        assertEquals(new KmsgHeader(0, 160, 26), parse("4,160,424069,-,caller=T55;x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"12,1,2,-;x", "13,1,2,-;x", "2053,1,2,-;x"})
    void parse_writtenByAProcess_hasAnotherFacility(String message) {
        assertEquals(true, parse(message).facility() != 0);
    }

    @Table
    @EmptySource
    void parse_otherForm_isRefused(String message) {
        assertThrows(SourceException.class, () -> parse(message));
    }
}
