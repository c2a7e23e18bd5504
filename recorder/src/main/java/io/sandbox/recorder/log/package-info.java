// SPDX-License-Identifier: Apache-2.0
/**
 * Reads logs that already exist or still grow: files (also compressed and rotated), the journal and
 * streams, with several threads if a file allows that. The package counts records and turns them
 * into evidence. Module audit-parser parses single records, and the command prints the tables.
 */
package io.sandbox.recorder.log;
