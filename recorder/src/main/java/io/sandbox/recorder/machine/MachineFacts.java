// SPDX-License-Identifier: Apache-2.0
package io.sandbox.recorder.machine;

import io.sandbox.recorder.evidence.Machine;
import io.sandbox.syscalldb.SyscallDb;

/** What a recording says about the machine that it was made on. */
public final class MachineFacts {
    private MachineFacts() {}

    public static Machine query() {
        // As uname(2) has it; a mount of /proc with subset=pid has no /proc/sys.
        String kernel = System.getProperty("os.version");
        return new Machine(kernel, SyscallDb.get().nativeArch().name(), toolVersion());
    }

    /** The version that the build wrote into the jar. */
    public static String toolVersion() {
        String version = MachineFacts.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }
}
