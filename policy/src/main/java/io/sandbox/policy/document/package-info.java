// SPDX-License-Identifier: Apache-2.0
/**
 * Everything that a policy file of any format can hold: rules in their order, the architectures
 * that they cover, comments, and what a format could not express ({@link
 * io.sandbox.policy.document.Loss}). Pure. Package {@code format} reads and writes files, and
 * {@code meaning} decides what a document means.
 */
package io.sandbox.policy.document;
