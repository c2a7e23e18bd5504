// SPDX-License-Identifier: Apache-2.0
/**
 * Changes text in place, so that everything else in it stays as its author wrote it: knows where
 * items begin and end, and adds and removes items. Pure. {@code enforcer.format} knows the items of
 * each format, and its {@code PolicyEditor} makes the change.
 */
package io.sandbox.enforcer.edit;
