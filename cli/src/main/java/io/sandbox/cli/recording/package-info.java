// SPDX-License-Identifier: Apache-2.0
/**
 * What the verbs that record or read evidence share: their options, and what they print meanwhile.
 */
package io.sandbox.cli.recording;
