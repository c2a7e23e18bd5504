// SPDX-License-Identifier: Apache-2.0
package io.sandbox.evidence.report;

/** A value under a name: an attribute, a choice, or a column. */
record Labelled(Object key, Object value) {}
