package dev.jackdaw.benchmarks.trace;

/**
 * Immutable: what became of a trace's requests.
 *
 * @param refusals values that the server did not store for want of memory
 */
record ReplayResult(long hits, long misses, long refusals, long elapsedNanos) {
    long requests() {
        return hits + misses;
    }

    double missRatio() {
        return misses / (double) requests();
    }

    double requestsPerSecond() {
        return requests() * 1e9 / elapsedNanos;
    }
}
