// SPDX-License-Identifier: Apache-2.0
/**
 * One reader and one writer for each format of policy files; {@link
 * io.sandbox.policy.format.PolicyFormat} has a constant for each, all that other code knows. {@link
 * io.sandbox.policy.format.PolicyEditor} changes a file in place. The package works on text: it
 * opens no files and needs no kernel. What a format cannot express becomes a {@link
 * io.sandbox.policy.document.Loss}. Package {@code meaning} decides what a document means.
 */
package io.sandbox.policy.format;
