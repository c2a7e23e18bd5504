// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;

/** Reads policy files of one format. */
interface FormatReader {
    /**
     * Whether a text seems to be of the format. The formats are asked in the order of {@link
     * PolicyFormat}, so all earlier ones have said no.
     */
    boolean recognises(UnknownText text);

    /**
     * @throws PolicyFormatException if the text is no policy of the format
     */
    Reading read(String text, Surroundings around);
}
