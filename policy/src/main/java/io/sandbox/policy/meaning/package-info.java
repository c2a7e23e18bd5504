// SPDX-License-Identifier: Apache-2.0
/**
 * What a policy document decides about each call, and what follows from that: differences, unions,
 * reductions to what a format can express, and translations to other architectures. Start with
 * {@link io.sandbox.policy.meaning.PolicyMeaning}. Pure: it neither reads nor writes files.
 */
package io.sandbox.policy.meaning;
