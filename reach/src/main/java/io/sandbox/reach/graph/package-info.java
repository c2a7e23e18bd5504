// SPDX-License-Identifier: Apache-2.0
/**
 * What the code of one file refers to: functions, tables of pointers, names of other files, and
 * system calls. {@link io.sandbox.reach.graph.GraphBuilder} makes a {@link
 * io.sandbox.reach.graph.CodeGraph} of a file, which {@link io.sandbox.reach.graph.GraphFile}
 * keeps.
 */
package io.sandbox.reach.graph;
