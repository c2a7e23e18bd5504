// SPDX-License-Identifier: Apache-2.0
/**
 * Turns evidence into a policy: which entries a list needs, with which conditions on arguments, and
 * what to add so that it also works on other machines. Nothing here runs a program.
 */
package io.sandbox.evidence.learned;
