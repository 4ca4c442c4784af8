/**
 * JMH benchmarks of single classes, with their allocation per operation, and the command that runs them. May use every
 * module under measurement.
 */
package dev.jackdaw.benchmarks.micro;
