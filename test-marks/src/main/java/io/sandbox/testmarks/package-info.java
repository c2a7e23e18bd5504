// SPDX-License-Identifier: Apache-2.0
/**
 * Tells {@code sandbox learn --tests} where each test begins and ends. This runs inside other
 * people's tests, so it needs nothing but the JDK and JUnit, and uses nothing of the other modules.
 */
package io.sandbox.testmarks;
