// SPDX-License-Identifier: Apache-2.0
/**
 * Changes text in place, so that everything else in it stays as its author wrote it: where items
 * begin and end, and how one is put in or taken out. Pure. What the items of a format are says
 * {@code enforcer.format}, whose {@code PolicyEditor} makes the change.
 */
package io.sandbox.enforcer.edit;
