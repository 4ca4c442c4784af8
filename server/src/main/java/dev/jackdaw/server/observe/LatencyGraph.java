package dev.jackdaw.server.observe;

import dev.jackdaw.server.observe.LatencyMonitor.Sample;
import java.util.List;

/**
 * Owned by one call: the picture that LATENCY GRAPH draws: a column for each sample, and below each how long ago it was.
 *
 * <pre>
 *    #_
 *   _||
 *  _|||
 *
 *  1153
 *  m0ss
 *   s
 * </pre>
 */
public final class LatencyGraph {
    private static final int ROWS = 4;
    /** The tops that a column may have within a row. */
    private static final String TOPS = "_o#";

    private static final int LEVELS = ROWS * TOPS.length();
    private static final String LINE = "-".repeat(80);

    private final LatencyMonitor.Event event;
    private final List<Sample> samples;
    private final long nowSeconds;
    private final long least;
    private final long most;
    private final StringBuilder text = new StringBuilder();

    public LatencyGraph(LatencyMonitor.Event event, long nowSeconds) {
        this.event = event;
        this.samples = List.copyOf(event.samples());
        this.nowSeconds = nowSeconds;
        this.least = samples.stream().mapToLong(Sample::millis).min().orElse(0);
        this.most = samples.stream().mapToLong(Sample::millis).max().orElse(0);
    }

    public String text(String kind) {
        text.append(kind).append(" - high ").append(most).append(" ms, low ").append(least);
        text.append(" ms (all time high ").append(event.longestMillis()).append(" ms)\n");
        text.append(LINE).append('\n');
        for (int row = ROWS - 1; row >= 0; row--) {
            drawRow(row);
        }
        text.append('\n');
        drawAges();
        return text.toString();
    }

    private void drawRow(int row) {
        for (Sample sample : samples) {
            long spread = Math.max(1, most - least);
            int level = (int) ((sample.millis() - least) * (LEVELS - 1) / spread);
            int above = level - row * TOPS.length();
            text.append(above < 0 ? ' ' : above < TOPS.length() ? TOPS.charAt(above) : '|');
        }
        text.append('\n');
    }

    private void drawAges() {
        List<String> ages = samples.stream()
                .map(sample -> age(nowSeconds - sample.seconds()))
                .toList();
        int longest = ages.stream().mapToInt(String::length).max().orElse(0);
        for (int row = 0; row < longest; row++) {
            for (String age : ages) {
                text.append(row < age.length() ? age.charAt(row) : ' ');
            }
            text.append('\n');
        }
    }

    private static String age(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 60 * 60) {
            return seconds / 60 + "m";
        }
        return seconds < 24 * 60 * 60 ? seconds / 60 / 60 + "h" : seconds / 24 / 60 / 60 + "d";
    }
}
