package io.sandbox.enforcer.format;

/** Reads policy files of one format. */
interface FormatReader {
    /**
     * @throws PolicyFormatException for anything but a policy of the format
     */
    Reading read(String text);
}
