// SPDX-License-Identifier: Apache-2.0
/**
 * Reads a fleet on a cluster by Apache Spark, from whatever file system Hadoop knows. Only this
 * package uses Spark and the libraries that come with it. Others use only {@link
 * io.sandbox.fleet.spark.SparkFleetReader}. Where Spark is not installed, nothing may load a class
 * of this package.
 */
package io.sandbox.fleet.spark;
