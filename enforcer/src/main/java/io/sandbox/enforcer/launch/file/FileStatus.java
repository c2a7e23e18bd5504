// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.launch.file;

/** The status of a file (stat(2)). The mode is the kind of file, and its permissions. */
record FileStatus(long device, long inode, int mode, int owner, int group) {
    private static final int KIND = 0170000;
    private static final int LINK = 0120000;
    private static final int REGULAR = 0100000;
    private static final int FOLDER = 0040000;

    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 0777;
    private static final int WRITABLE_FOR_OTHERS = 0022;
    private static final int WRITABLE_FOR_ALL = 0002;

    static FileStatus of(long[] status) {
        return new FileStatus(
                status[0], status[1], (int) status[2], (int) status[3], (int) status[4]);
    }

    boolean isLink() {
        return (mode & KIND) == LINK;
    }

    boolean isRegular() {
        return (mode & KIND) == REGULAR;
    }

    boolean isFolder() {
        return (mode & KIND) == FOLDER;
    }

    /** Without bits such as setuid, which must not survive a change of the content. */
    int permissions() {
        return mode & PERMISSIONS;
    }

    boolean isSameFile(FileStatus other) {
        return device == other.device && inode == other.inode;
    }

    /** Whether it is like /tmp, where others can make files that only they can change. */
    boolean isSharedFolder() {
        return (mode & STICKY) != 0 && (mode & WRITABLE_FOR_OTHERS) != 0;
    }

    /** Whether this is a folder in which anybody can replace any file. */
    boolean isFolderOfAnybody() {
        return (mode & STICKY) == 0 && (mode & WRITABLE_FOR_ALL) != 0;
    }
}
