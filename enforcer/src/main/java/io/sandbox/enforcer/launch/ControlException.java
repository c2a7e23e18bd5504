// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch;

/** {@code sandbox-exec} is not, or no longer, at the {@link ControlSocket}'s other end. */
public final class ControlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ControlException() {
        super("sandbox-exec is gone, or this command was not started by its launcher");
    }
}
