package io.sandbox.enforcer.format;

import java.util.Optional;

/** The groups of each format that has some. */
final class Groups {
    static final SyscallGroups SYSTEMD = name -> Optional.empty();
    static final SyscallGroups FIREJAIL = new FirejailGroups();

    private Groups() {}
}
