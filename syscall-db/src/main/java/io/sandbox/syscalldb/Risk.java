// SPDX-License-Identifier: Apache-2.0
package io.sandbox.syscalldb;

import java.util.Locale;

/**
 * What an allowed call gives an attacker who runs code in the process, the worst first. This is our
 * judgement; facts/risk.csv has the reason for each call.
 */
public enum Risk {
    /** Leads out of the confinement: memory of others, mounts, namespaces, the kernel. */
    ESCAPE(Level.HIGH),
    /** Changes credentials, owners, priorities or settings of the machine. */
    PRIVILEGE(Level.HIGH),
    /** Reaches kernel code that is large, old, or a repeated source of holes. */
    KERNEL_SURFACE(Level.HIGH),
    /** Runs another program. */
    EXECUTION(Level.MEDIUM),
    /** Connects to others, or lets others connect. */
    NETWORK(Level.MEDIUM),
    /** Changes files, their names, permissions or times. */
    FILES(Level.MEDIUM),
    /** Leaves something behind that outlives the process. */
    PERSISTENCE(Level.MEDIUM),
    /** Works on what the process already has. */
    NONE(Level.LOW);

    /** Three levels for the classes. A policy should have a reason for each call of level high. */
    public enum Level {
        HIGH,
        MEDIUM,
        LOW;

        /** The level's name for users, such as {@code high}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Level level;

    Risk(Level level) {
        this.level = level;
    }

    /** The name in the file and for users, such as {@code kernel-surface}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public Level level() {
        return level;
    }
}
