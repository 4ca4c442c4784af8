package dev.jackdaw.benchmarks.compare;

import dev.jackdaw.benchmarks.load.Template;

/**
 * Immutable: what a server has to hold before a workload is measured on it.
 *
 * @param fill the command that puts it there, or null
 * @param emptied the key that is deleted and filled again before every round, or null: filled once and then kept
 * @param count how often {@code fill} is sent with numbers in turn
 */
record Stock(Template fill, String emptied, long count) {
    private static final long ALL_KEYS = -1;
    private static final long EACH_OPERATION = -2;

    /** Every key (or field) of the run, once; it stays. */
    static Stock ofKeys(String fill) {
        return new Stock(Template.of(fill), null, ALL_KEYS);
    }

    /** Nothing: each round begins with the key absent. */
    static Stock emptied(String key) {
        return new Stock(null, key, 0);
    }

    /** As many elements as the round takes out. */
    static Stock forEachOperation(String key, String fill) {
        return new Stock(Template.of(fill), key, EACH_OPERATION);
    }

    static Stock of(String key, String fill, long count) {
        return new Stock(Template.of(fill), key, count);
    }

    boolean isKept() {
        return emptied == null;
    }

    long count(long keys, long operations) {
        return count == ALL_KEYS ? keys : count == EACH_OPERATION ? operations : count;
    }
}
