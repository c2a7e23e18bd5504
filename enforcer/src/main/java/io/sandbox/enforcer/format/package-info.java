/**
 * Policies as files: what a file can hold ({@link io.sandbox.enforcer.document.PolicyDocument}),
 * and a reader and a writer for each format ({@link io.sandbox.enforcer.format.PolicyFormat}).
 * Pure: opens no files, needs no kernel. Whatever a format cannot say becomes a {@link
 * io.sandbox.enforcer.document.Loss}.
 */
package io.sandbox.enforcer.format;
