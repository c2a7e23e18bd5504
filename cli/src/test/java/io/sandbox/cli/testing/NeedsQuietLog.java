// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Tests beside which nothing else may make seccomp records: they read the kernel's log, which holds
 * a few hundred; or change what the kernel logs; or let known calls pass unseen, so that a record
 * of a process that has ended could be of the program.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ResourceLock(value = NeedsQuietLog.RECORDS, mode = ResourceAccessMode.READ_WRITE)
public @interface NeedsQuietLog {
    String RECORDS = "seccomp records of the kernel";
}
