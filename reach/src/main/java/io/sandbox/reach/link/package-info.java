// SPDX-License-Identifier: Apache-2.0
/**
 * The files of which a program consists: its libraries as the dynamic linker would find them, and
 * the graph of each, from the cache if it is there.
 */
package io.sandbox.reach.link;
