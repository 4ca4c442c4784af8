/**
 * Measures Jackdaw beside its peers. The command line and nothing else; each subcommand lives in a package of its own
 * ({@code compare}, {@code trace}, {@code pauses}, {@code fragmentation}, {@code snapshot}, {@code connections}, {@code micro})
 * and may use {@code load}, {@code process} and {@code report}.
 * Nothing outside this module depends on it.
 */
package dev.jackdaw.benchmarks;
