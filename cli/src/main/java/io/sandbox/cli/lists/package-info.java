// SPDX-License-Identifier: Apache-2.0
/** A list of calls in each format that a user may want. */
package io.sandbox.cli.lists;
