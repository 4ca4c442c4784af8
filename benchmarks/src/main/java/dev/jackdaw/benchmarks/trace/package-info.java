/**
 * Miss ratios: recorded request traces replayed against a server as an application with a look-aside cache would. May use
 * {@code load}, {@code process} and {@code report}.
 */
package dev.jackdaw.benchmarks.trace;
