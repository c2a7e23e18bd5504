// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.review;

import io.sandbox.enforcer.launch.ControlException;
import io.sandbox.enforcer.launch.ControlSocket;
import io.sandbox.outcome.ExitCodes;
import io.sandbox.outcome.WaitStatus;

/** Ends this process by Ctrl-C, also when signals only reach {@code sandbox-exec}. */
final class InterruptKey extends Thread {
    private static final String SIGNAL = "signal ";

    InterruptKey() {
        super("interrupt");
        setDaemon(true);
    }

    @Override
    public void run() {
        ControlSocket control = new ControlSocket();
        try {
            String message = control.receive();
            while (!message.startsWith(SIGNAL)) {
                message = control.receive();
            }
            int signal = Integer.parseInt(message.substring(SIGNAL.length()));
            int status = ExitCodes.ofWaitStatus(WaitStatus.ofSignal(signal));
            control.announceStatus(status);
            System.exit(status);
        } catch (ControlException e) {
            // sandbox-exec is gone: nobody tells us of signals, and the terminal is the shell's.
            System.exit(ExitCodes.OWN_FAILURE);
        }
    }
}
