// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox review}: steps through the calls that a policy does not allow, asks
 * about each, and writes the answers into the policy file. {@code ReviewSession} is the
 * conversation, without files and clock; what is found is what {@code sandbox check} finds.
 */
package io.sandbox.cli.review;
