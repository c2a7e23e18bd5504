// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sandbox.cli.testing.BootedSystemd;
import io.sandbox.cli.testing.Finished;
import io.sandbox.cli.testing.LiveKernel;
import io.sandbox.cli.testing.MakesRecords;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code learn-service --harden} with a systemd as process 1; services.txt has the rest. */
@MakesRecords
final class ServiceUnitIT {
    @TempDir private static Path folder;

    private static final String HARDENED =
            """
            CapabilityBoundingSet=CAP_NET_BIND_SERVICE
            AmbientCapabilities=CAP_NET_BIND_SERVICE
            RestrictAddressFamilies=AF_UNIX AF_INET
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            LockPersonality=yes
            MemoryDenyWriteExecute=yes
            KeyringMode=private
            NoNewPrivileges=yes
            # in 2 runs: no key was asked for
            # rests on nothing: it opens nothing in /usr/lib/modules
            ProtectClock=yes
            ProtectHostname=yes
            ProtectKernelLogs=yes
            ProtectKernelModules=yes
            ProtectControlGroups=yes
            ProtectKernelTunables=yes
            ProtectProc=invisible\
            """;

    private static BootedSystemd system;

    @BeforeAll
    static void boot() throws Exception {
        system = BootedSystemd.boot(folder);
    }

    @AfterAll
    static void end() throws Exception {
        if (system != null) {
            system.close();
        }
    }

    private static Finished learn(String line, Object... values) throws Exception {
        return system.run("sandbox-learn-service " + line, values);
    }

    /**
     * A port below 1024, a capability that the unit gives and nobody uses, and a setting that the
     * unit has already.
     */
    @Test
    void harden_printsWhatTheRunsProve_andTheServiceRunsUnderIt() throws Exception {
        LiveKernel.requireCapabilities();
        system.addUnit(
                "hardened.service",
                "[Service]",
                "AmbientCapabilities=CAP_NET_BIND_SERVICE CAP_SYS_TIME",
                "User=nobody",
                "PrivateDevices=yes",
                "ExecStart=/usr/bin/python3 -c 'import socket, time\\n"
                        + "s = socket.socket()\\n"
                        + "s.bind((\"\", 83))\\n"
                        + "time.sleep(1000)'");
        Finished learned =
                learn("--harden=more --verify --verify-runs 1 hardened -- sleep 1").assertStatus(0);
        for (String line : HARDENED.split("\n")) {
            assertTrue(learned.out().contains("\n" + line + "\n"), line + ": " + learned);
        }
        assertFalse(learned.out().contains("SYS_TIME"), learned::toString);
        assertFalse(learned.out().contains("PrivateDevices"), learned::toString);
        assertTrue(learned.err().contains("; needed: net_bind_service\n"), learned::toString);
        assertTrue(
                learned.err()
                        .matches(
                                "(?s).*systemd-analyze security: [0-9.]+ [A-Z]+ before, [0-9.]+"
                                        + " [A-Z]+ under this drop-in\n.*"),
                learned::toString);
        assertEquals("", system.output("sh -c %s", "ls -d /run/systemd/system/*.d/zz* || true"));
    }
}
