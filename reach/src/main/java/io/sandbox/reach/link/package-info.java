// SPDX-License-Identifier: Apache-2.0
/** A program's files: its libraries, as the dynamic linker finds them, and their graphs. */
package io.sandbox.reach.link;
