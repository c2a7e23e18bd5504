// SPDX-License-Identifier: Apache-2.0
/**
 * The command {@code sandbox rollout}: brings a policy into production step by step. What it
 * changes is one file ({@code RolloutTarget}); what was there before is kept until the undo ({@code
 * RolloutState}).
 */
package io.sandbox.cli.rollout;
