// SPDX-License-Identifier: Apache-2.0
/**
 * Reads logs that already exist or that grow: files, compressed and rotated ones, the journal and
 * streams, with several threads where a file allows that. The package counts records and makes
 * evidence of them. Single records are parsed in audit-parser, and tables are printed by the
 * command.
 */
package io.sandbox.recorder.log;
