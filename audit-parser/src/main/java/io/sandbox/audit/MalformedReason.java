// SPDX-License-Identifier: Apache-2.0
package io.sandbox.audit;

/** Why a seccomp record was refused. */
public enum MalformedReason {
    /** The text ends before the system call number certainly does. */
    TRUNCATED("the record is cut"),
    /** The line begins in the middle of a record, or without the type of one. */
    HEADLESS("the beginning of the record, with its type, is missing"),
    /** The text in {@code audit(...)} is neither seconds.millis:serial nor an ausearch -i stamp. */
    BAD_STAMP("the stamp is not seconds.millis:serial"),
    /** A value that the kernel writes as a number is not one, or has leading zeros. */
    BAD_NUMBER("the value is not a number"),
    OVERFLOW("the number is out of range"),
    /** The kernel never writes what follows a value. */
    BAD_DELIMITER("no blank after the value"),
    /** comm, exe or reason is neither quoted printable text nor upper-case hex. */
    BAD_STRING("the text is neither quoted nor hex"),
    OUT_OF_ORDER("the field is repeated or out of order"),
    /** The line can be read in two ways, for example two records on one line. */
    AMBIGUOUS("the line can be read in two ways"),
    /** It is inside quoted text of another message, such as an undecoded JSON string. */
    INSIDE_QUOTES("the record is inside a quoted text"),
    /**
     * A journal entry lacks the fields that tell its writer (journalctl --output-fields), or its
     * message stands under a name that is not the record's.
     */
    NO_WRITER("the journal entry does not say who wrote it"),
    /** The line has more than {@link LineBlocks#MAX_LINE} bytes, and a record begins after them. */
    LINE_TOO_LONG("the line is too long"),
    /** A line, or the whole log, is an array of objects. */
    IN_ARRAY("records are in a JSON array instead of lines (jq -c '.[]' makes lines of it)");

    private final String text;

    MalformedReason(String text) {
        this.text = text;
    }

    /** The reason in words for a message, without offset. */
    public String text() {
        return text;
    }
}
