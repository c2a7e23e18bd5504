// SPDX-License-Identifier: Apache-2.0
package io.sandbox.policy.format;

import io.sandbox.policy.document.PolicyFormatException;

interface FormatReader {
    /**
     * How much of a text is of the format. It is wholly of the format only if each line is a
     * directive of the format or a comment; mistakes within such lines are found when it is read.
     */
    Fit fit(UnknownText text);

    /**
     * @throws PolicyFormatException if the text is no policy of the format, or if anything in it
     *     would have to be skipped
     */
    Reading read(String text, Surroundings around);
}
