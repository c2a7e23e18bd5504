package io.sandbox.enforcer.edit;

/**
 * Something in a text that can be taken out, or that something can be put beside.
 *
 * @param subject as {@code Rule.subject()} has it, or a group; empty for what must stay
 * @param start of its text, in chars
 * @param end behind its text
 */
record EditableItem(String subject, int start, int end) {}
