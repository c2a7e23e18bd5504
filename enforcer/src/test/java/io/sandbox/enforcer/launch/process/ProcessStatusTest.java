// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ProcessStatusTest {
    /** The kernel still shows its handlers, but no file any more. */
    @Test
    void handled_killedButNotWaitedFor_isNothing() throws Exception {
        String child = "sh -c 'trap : USR1; echo $$; read line; kill -KILL $$' <&3 &";
        Process sleep =
                new ProcessBuilder("sh", "-c", "exec 3<&0; " + child + "exec sleep 100").start();
        int killed = Integer.parseInt(sleep.inputReader().readLine());
        // Only a shell would wait for it.
        while (!ProcessStatus.query((int) sleep.pid()).command().equals("sleep")) {
            Thread.sleep(1);
        }
        assertEquals(1 << 9, ProcessStatus.query(killed).handled() & 1 << 9);
        sleep.getOutputStream().close();
        while (ProcessStatus.queryExecutable(killed).isPresent()) {
            Thread.sleep(1);
        }
        ProcessStatus status = ProcessStatus.query(killed);
        sleep.destroy();
        assertEquals("sh", status.command());
        assertEquals(0, status.handled());
    }
}
