// SPDX-License-Identifier: Apache-2.0
package io.sandbox.cli.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Tests that have the kernel write records; none runs beside what {@link NeedsQuietLog}. They come
 * after it: more of them can run at once, and at the end nothing should wait.
 */
@Inherited
@Order(Integer.MAX_VALUE - 1)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ResourceLock(value = NeedsQuietLog.RECORDS, mode = ResourceAccessMode.READ)
public @interface MakesRecords {}
