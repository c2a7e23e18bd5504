/**
 * One reader and one writer for each format of policy files; {@link
 * io.sandbox.enforcer.format.PolicyFormat} has a constant for each. The package works on text: it
 * opens no files and needs no kernel. What a format cannot say becomes a {@link
 * io.sandbox.enforcer.document.Loss}. What a document means is decided in {@code meaning}.
 */
package io.sandbox.enforcer.format;
