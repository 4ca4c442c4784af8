package dev.jackdaw.server.engine;

/** Shared: where time comes from; the only place that asks the system for it. Tests have one that they turn by hand. */
public interface Clock {
    /** Milliseconds since 1970. */
    long millis();

    /** Nanoseconds since some moment, for measuring durations. */
    long nanos();

    /** Microseconds since 1970. */
    default long micros() {
        return millis() * 1000;
    }

    /** Lets so much time go by. */
    default void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    Clock SYSTEM = new Clock() {
        @Override
        public long millis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long micros() {
            java.time.Instant now = java.time.Instant.now();
            return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        }
    };
}
