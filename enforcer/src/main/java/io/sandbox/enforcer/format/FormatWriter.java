// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.Circumstances;
import io.sandbox.enforcer.document.PolicyDocument;
import io.sandbox.enforcer.document.PolicyFormatException;

/** Writes policy files of one format. */
interface FormatWriter {
    /**
     * @param here decides about rules that the format cannot make depend on it
     * @throws PolicyFormatException if the format cannot say anything like it
     */
    Writing write(PolicyDocument document, Circumstances here);

    /** Whether rules can depend on circumstances. Where they cannot, that is reported as lost. */
    default boolean keepsCircumstances() {
        return false;
    }

    /** Whether it can be said, or the writer reports, what foreign calls get. */
    default boolean saysForeign() {
        return false;
    }
}
