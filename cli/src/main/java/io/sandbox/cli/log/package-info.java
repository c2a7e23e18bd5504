// SPDX-License-Identifier: Apache-2.0
/** {@code sandbox log}: shows, filters, counts and follows the seccomp records of logs. */
package io.sandbox.cli.log;
