// SPDX-License-Identifier: Apache-2.0
/**
 * Changes text in place, so that everything else in it stays as its author wrote it: finds where
 * items begin and end, and puts one in or takes one out. Pure. {@code enforcer.format} says what
 * the items of a format are, and its {@code PolicyEditor} makes the change.
 */
package io.sandbox.policy.edit;
