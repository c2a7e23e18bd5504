// SPDX-License-Identifier: Apache-2.0
/**
 * What a policy document decides about each call, and what follows from that: differences, unions,
 * reductions to what a format can say, and translations to other architectures. {@link
 * io.sandbox.enforcer.meaning.PolicyMeaning} is the place to start. Pure. The package neither reads
 * nor writes files.
 */
package io.sandbox.enforcer.meaning;
