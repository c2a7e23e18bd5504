// SPDX-License-Identifier: Apache-2.0
package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.PolicyFormatException;

/** Reads policy files of one format. */
interface FormatReader {
    /**
     * Whether a text is meant to be of the format. The formats are asked in their order, so one
     * that was asked before has said no.
     */
    boolean recognises(UnknownText text);

    /**
     * @throws PolicyFormatException for anything but a policy of the format
     */
    Reading read(String text);
}
