// SPDX-License-Identifier: Apache-2.0
/**
 * What a report of a recording takes from this machine: files, whose symbols name the places of
 * calls, and the code that {@code sandbox reach} reads too. The page itself is made by {@code
 * evidence.report}.
 */
package io.sandbox.cli.report;
