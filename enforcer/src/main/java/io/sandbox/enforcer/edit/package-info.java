/**
 * Changes policy text in place, so that everything else in the file stays as its author wrote it.
 * {@link io.sandbox.enforcer.edit.PolicyEditor} makes the change, reads the result again, and
 * compares what it means with what it was to mean. Pure. Files are read and written by the
 * commands.
 */
package io.sandbox.enforcer.edit;
