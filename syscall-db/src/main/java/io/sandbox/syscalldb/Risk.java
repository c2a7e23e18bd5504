// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

/**
 * What an allowed call gives an attacker who runs code in the process, the worst first. This is our
 * judgement; facts/risk.csv has the reason for each call.
 */
public enum Risk {
    /** Leads out of the confinement: memory of others, mounts, namespaces, the kernel. */
    ESCAPE("escape", Level.HIGH),
    /** Changes credentials, owners, priorities or settings of the machine. */
    PRIVILEGE("privilege", Level.HIGH),
    /** Reaches kernel code that is large, old, or a repeated source of holes. */
    KERNEL_SURFACE("kernel-surface", Level.HIGH),
    /** Runs another program. */
    EXECUTION("execution", Level.MEDIUM),
    /** Connects to others, or lets others connect. */
    NETWORK("network", Level.MEDIUM),
    /** Changes files, their names, permissions or times. */
    FILES("files", Level.MEDIUM),
    /** Leaves something behind that outlives the process. */
    PERSISTENCE("persistence", Level.MEDIUM),
    /** Works on what the process already has. */
    NONE("none", Level.LOW);

    /** Three levels for the classes. A policy should have a reason for each call of level high. */
    public enum Level {
        HIGH("high"),
        MEDIUM("medium"),
        LOW("low");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        /** The level's name for users, such as {@code high}. */
        public String word() {
            return word;
        }
    }

    private final String word;
    private final Level level;

    Risk(String word, Level level) {
        this.word = word;
        this.level = level;
    }

    /** The name in the file and for users, such as {@code kernel-surface}. */
    public String word() {
        return word;
    }

    public Level level() {
        return level;
    }
}
