// SPDX-License-Identifier: Apache-2.0
/**
 * One reader and one writer for each format of policy files; {@link
 * io.sandbox.enforcer.format.PolicyFormat} has a constant for each, which is all that the rest of
 * the code knows of it. {@link io.sandbox.enforcer.format.PolicyEditor} changes a file in place.
 * The package works on text: it opens no files and needs no kernel. What a format cannot say
 * becomes a {@link io.sandbox.enforcer.document.Loss}. What a document means is decided in {@code
 * meaning}.
 */
package io.sandbox.enforcer.format;
