// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sandbox.syscalldb.testing.Table;
import java.util.HexFormat;

/** As a little-endian machine writes them. */
class SocketAddressTest {
    @Table
    void text_saysFamilyAddressAndPort(String hex, String text) {
        assertEquals(text, SocketAddress.text(HexFormat.of().parseHex(hex)));
    }
}
