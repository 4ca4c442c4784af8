package dev.jackdaw.server.observe;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.server.engine.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Owned by the event loop: what is known of the runs of each command and of the errors that were replied.
 *
 * <p>Calls are counted exactly. Time is taken of every call of a slow command, but of a fast one only every sixteenth, which
 * then stands for all sixteen: reading the clock twice would cost a tenth of a GET. Where one timed call follows another, the
 * clock is read once for both. Calls may be timed for other reasons; those times are not counted, as they would not be a
 * fair sample.
 */
public final class CommandStats {
    private static final int FAST_SAMPLE = 16;
    private static final int MOST_ERROR_CODES = 128;

    /** What is known of one command. */
    public record Line(long calls, long micros, long rejected, long failed) {}

    private final CommandTable table = CommandTable.all();
    private final Clock clock;
    private final int[] sampleMasks = new int[table.size()];
    private final long[] calls = new long[table.size()];
    private final long[] samples = new long[table.size()];
    private final long[] nanos = new long[table.size()];
    private final LatencyHistogram[] histograms = new LatencyHistogram[table.size()];
    private final long[] rejected = new long[table.size()];
    private final long[] failed = new long[table.size()];
    private final Map<String, long[]> errors = new TreeMap<>();
    /** The command that ran last, and its index: often the next one is the same. */
    private Command last;

    private int lastIndex;
    private boolean tracksLatency;
    /** When the call before ended, and so the next one begins; 0 if the clock has to be read again. */
    private long lastEnded;

    public CommandStats(Clock clock) {
        this.clock = clock;
        for (Command command : table.commands()) {
            sampleMasks[table.indexOf(command)] = command.spec().has(Flag.FAST) ? FAST_SAMPLE - 1 : 0;
        }
    }

    /** Whether histograms are kept: latency-tracking. */
    public void trackLatency(boolean does) {
        tracksLatency = does;
    }

    /** For a call that goes on after a wait, and was counted when it began; returns what {@link #ended} wants to have. */
    public long resumed(Command command) {
        return sampleMasks[table.indexOf(command)] == 0 ? clock.nanos() : 0;
    }

    /** Counts a call that begins, and times it if it is to be timed anyway; returns what {@link #ended} wants to have. */
    public long began(Command command, boolean timed) {
        int index = index(command);
        long before = lastEnded;
        lastEnded = 0;
        if ((calls[index]++ & sampleMasks[index]) != 0 && !timed) {
            return 0;
        }
        return before == 0 ? clock.nanos() : before;
    }

    /** Says that the next call does not begin as soon as the last one has ended. */
    public void interrupted() {
        lastEnded = 0;
    }

    /** Returns how many nanoseconds the call took; 0 if it was not timed. */
    public long ended(Command command, long began) {
        if (began == 0) {
            return 0;
        }
        int index = index(command);
        lastEnded = clock.nanos();
        long took = lastEnded - began;
        if ((calls[index] - 1 & sampleMasks[index]) == 0) {
            sample(index, took);
        }
        return took;
    }

    private int index(Command command) {
        if (command != last) {
            last = command;
            lastIndex = table.indexOf(command);
        }
        return lastIndex;
    }

    private void sample(int index, long took) {
        samples[index]++;
        nanos[index] += took;
        if (tracksLatency) {
            if (histograms[index] == null) {
                histograms[index] = new LatencyHistogram();
            }
            histograms[index].add(took);
        }
    }

    /** How long calls of the command took, or null if none is known. */
    public LatencyHistogram histogram(Command command) {
        return histograms[table.indexOf(command)];
    }

    /** How often the command was called. */
    public long calls(Command command) {
        return calls[table.indexOf(command)];
    }

    /** Counts a call that was refused by its own body. */
    public void failed(Command command, String error) {
        failed[table.indexOf(command)]++;
        error(error);
    }

    /** Counts a call that was refused before it began; the command may be null. */
    public void rejected(Command command, String error) {
        if (command != null) {
            rejected[table.indexOf(command)]++;
        }
        error(error);
    }

    private void error(String text) {
        int end = text.indexOf(' ');
        String code = end < 0 ? text : text.substring(0, end);
        long[] count = errors.get(code);
        if (count == null && errors.size() < MOST_ERROR_CODES) {
            count = new long[1];
            errors.put(code, count);
        }
        if (count != null) {
            count[0]++;
        }
    }

    /** The commands that were called or rejected, by name. */
    public Map<String, Line> commands() {
        Map<String, Line> lines = new TreeMap<>();
        for (Command command : table.commands()) {
            int i = table.indexOf(command);
            if (calls[i] + rejected[i] > 0) {
                lines.put(command.spec().name(), new Line(calls[i], micros(i), rejected[i], failed[i]));
            }
        }
        return lines;
    }

    private long micros(int index) {
        return (long) ((double) nanos[index] * calls[index] / Math.max(1, samples[index]) / 1000);
    }

    /** How often each error code was replied. */
    public Map<String, Long> errors() {
        Map<String, Long> counts = new TreeMap<>();
        errors.forEach((code, count) -> counts.put(code, count[0]));
        return counts;
    }

    /** CONFIG RESETSTAT; the call of this very command is the first of what is counted from now on. */
    public void reset(Command running) {
        Arrays.fill(calls, 0);
        calls[table.indexOf(running)] = 1;
        Arrays.fill(samples, 0);
        Arrays.fill(nanos, 0);
        Arrays.fill(histograms, null);
        Arrays.fill(rejected, 0);
        Arrays.fill(failed, 0);
        errors.clear();
    }
}
