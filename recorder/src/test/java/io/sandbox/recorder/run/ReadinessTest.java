// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.syscalldb.testing.Table;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

final class ReadinessTest {
    @Table
    void failedStartBesideOldConnections_isTheirFaultUnlessAnotherStartBoreThem(boolean bore)
            throws Exception {
        int port = portWithOldConnection();
        Readiness readiness = Readiness.parse("tcp:" + port);
        readiness.begin("");
        if (bore) {
            // Java sets SO_REUSEADDR.
            try (ServerSocket server = new ServerSocket(port)) {
                assertTrue(server.isBound() && readiness.isReady());
            }
            readiness.begin("");
        }
        assertEquals(!bore, readiness.wasHeld());
    }

    private static int portWithOldConnection() throws IOException {
        try (ServerSocket server = new ServerSocket(0);
                Socket client =
                        new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            // The side that closes first keeps the connection.
            server.accept().close();
            assertEquals(-1, client.getInputStream().read());
            return server.getLocalPort();
        }
    }
}
