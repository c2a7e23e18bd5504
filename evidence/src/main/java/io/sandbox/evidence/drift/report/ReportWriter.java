// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.drift.report;

import io.sandbox.evidence.drift.CheckResult;

/** Writes the result of a check in one format. */
public interface ReportWriter {
    /** The whole report, with a newline at its end unless it is empty. */
    String write(CheckResult result);
}
