// SPDX-License-Identifier: Apache-2.0
/** What the verbs share that record or read evidence: their options, and what they print. */
package io.sandbox.cli.recording;
