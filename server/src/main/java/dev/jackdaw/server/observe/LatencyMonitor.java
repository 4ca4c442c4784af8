package dev.jackdaw.server.observe;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Owned by the event loop: what took longer than {@code latency-monitor-threshold}, by the kind of work. */
public final class LatencyMonitor {
    private static final int SAMPLES = 160;

    /** When it was, in seconds since 1970, and how long it took. */
    public record Sample(long seconds, long millis) {}

    /** Owned by the event loop: the last samples of one kind of work. */
    public static final class Event {
        private final ArrayDeque<Sample> samples = new ArrayDeque<>();
        private long longestMillis;

        /** The oldest first. */
        public Collection<Sample> samples() {
            return Collections.unmodifiableCollection(samples);
        }

        public Sample latest() {
            return samples.getLast();
        }

        /** The longest ever, even if its sample is gone. */
        public long longestMillis() {
            return longestMillis;
        }

        private void add(Sample sample) {
            longestMillis = Math.max(longestMillis, sample.millis());
            Sample last = samples.peekLast();
            if (last != null && last.seconds() == sample.seconds()) {
                // Of a second only the longest is kept.
                if (last.millis() >= sample.millis()) {
                    return;
                }
                samples.removeLast();
            }
            if (samples.size() == SAMPLES) {
                samples.removeFirst();
            }
            samples.addLast(sample);
        }
    }

    private final Map<String, Event> events = new TreeMap<>();
    private long thresholdMillis;

    /** From how long on work is noted; 0 for never. */
    public void thresholdMillis(long millis) {
        thresholdMillis = millis;
    }

    public boolean isOn() {
        return thresholdMillis > 0;
    }

    /** Notes work of a kind that is now done, if it took long. */
    public void add(String kind, long nanos, long nowMillis) {
        long millis = nanos / 1_000_000;
        if (isOn() && millis >= thresholdMillis) {
            events.computeIfAbsent(kind, unused -> new Event()).add(new Sample(nowMillis / 1000, millis));
        }
    }

    /** By name. */
    public Map<String, Event> events() {
        return Collections.unmodifiableMap(events);
    }

    /** Forgets a kind; false if there is nothing to forget. */
    public boolean reset(String kind) {
        return events.remove(kind) != null;
    }

    /** Forgets all; returns how many kinds there were. */
    public int reset() {
        int count = events.size();
        events.clear();
        return count;
    }
}
