/**
 * The house rules as tests, over all modules: which package may use which, and how sources look. They stand here because
 * the proxy's tests are the place that sees every module but the benchmarks; rules on sources cover those too.
 */
package dev.jackdaw.house;
