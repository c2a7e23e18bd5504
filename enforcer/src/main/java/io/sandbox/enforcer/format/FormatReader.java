package io.sandbox.enforcer.format;

import io.sandbox.enforcer.document.PolicyFormatException;

/** Reads policy files of one format. */
interface FormatReader {
    /**
     * @throws PolicyFormatException for anything but a policy of the format
     */
    Reading read(String text);
}
