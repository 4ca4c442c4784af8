package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.config.Config;
import dev.jackdaw.server.config.Directive;
import dev.jackdaw.server.engine.Clock;
import dev.jackdaw.server.observe.CommandStats;
import dev.jackdaw.server.observe.HotKeys;
import dev.jackdaw.server.observe.LatencyMonitor;
import dev.jackdaw.server.observe.SlowLog;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Owned by the event loop: notes what commands have run and how long they took: counts, the slow log, the latency monitor, and
 * the clients that watch all commands.
 *
 * <p>Of the commands that are fast by nature only every sixteenth is timed, unless it has many words or the thresholds are so
 * low that even those could pass them.
 */
final class Observer {
    private static final int MANY_WORDS = 64;
    private static final long LOW_NANOS = 1_000_000;
    private static final int SAMPLED_EVERY = 64;
    private static final int SHOWN_WORDS = 32;
    private static final int SHOWN_BYTES = 128;
    /** No more of a command than this is told to those who monitor. */
    private static final int LINE_BYTES = 64 << 10;

    private final Clock clock;
    private final CommandStats stats;
    private final SlowLog slowLog = new SlowLog();
    private final LatencyMonitor latencies = new LatencyMonitor();
    private final SplittableRandom random = new SplittableRandom();
    private final HotKeys hotKeys = new HotKeys(random.nextLong());
    /** How many commands more run before one is sampled for its key. */
    private int beforeSample = 1;

    private final List<Session> monitors = new ArrayList<>();
    private long slowNanos = Long.MAX_VALUE;
    private long latencyNanos = Long.MAX_VALUE;
    /** What takes as long as the lower of both is looked at more closely. */
    private long noteworthyNanos;

    Observer(Clock clock, Config config) {
        this.clock = clock;
        this.stats = new CommandStats(clock);
        config.follow(Directive.SLOWLOG_LOG_SLOWER_THAN, this::slowMicros);
        config.follow(Directive.SLOWLOG_MAX_LEN, slowLog::maxLength);
        config.follow(Directive.LATENCY_MONITOR_THRESHOLD, this::latencyMillis);
        config.follow(Directive.LATENCY_TRACKING, is -> stats.trackLatency(is != 0));
    }

    private void slowMicros(long micros) {
        slowNanos = micros < 0 || micros > Long.MAX_VALUE / 1000 ? Long.MAX_VALUE : micros * 1000;
        noteworthyNanos = Math.min(slowNanos, latencyNanos);
    }

    private void latencyMillis(long millis) {
        latencies.thresholdMillis(millis);
        latencyNanos = millis == 0 || millis > Long.MAX_VALUE / 1_000_000 ? Long.MAX_VALUE : millis * 1_000_000;
        noteworthyNanos = Math.min(slowNanos, latencyNanos);
    }

    CommandStats stats() {
        return stats;
    }

    SlowLog slowLog() {
        return slowLog;
    }

    HotKeys hotKeys() {
        return hotKeys;
    }

    LatencyMonitor latencies() {
        return latencies;
    }

    /** To be called before a body runs; {@link #ended} wants to have what it returns. */
    long began(Command command, Request request) {
        return stats.began(command, request.count() > MANY_WORDS || noteworthyNanos < LOW_NANOS);
    }

    /** To be called when a body has run and the request is still there. */
    void ended(Command command, Session session, Request request, long began) {
        long nanos = stats.ended(command, began);
        if (nanos >= noteworthyNanos) {
            note(command, session, request, nanos);
        }
        if (--beforeSample == 0) {
            sample(command, session, request);
        }
    }

    /** Takes a command at random distances, for clients often repeat themselves at regular ones. */
    private void sample(Command command, Session session, Request request) {
        beforeSample = 1 + random.nextInt(2 * SAMPLED_EVERY);
        int key = command.spec().keys().first();
        if (key > 0 && key < request.count()) {
            hotKeys.add(session.keyspace().number(), request.address(key), request.length(key));
        }
    }

    private void note(Command command, Session session, Request request, long nanos) {
        String kind = command.spec().has(Flag.FAST) ? "fast-command" : "command";
        latencies.add(kind, nanos, clock.millis());
        if (nanos >= slowNanos && !command.spec().has(Flag.SKIP_SLOWLOG)) {
            slowLog.add(
                    clock.millis() / 1000,
                    nanos / 1000,
                    shownWords(command, request),
                    session.connection().remoteAddress(),
                    session.name());
        }
    }

    private static List<String> shownWords(Command command, Request request) {
        List<String> words = new ArrayList<>();
        int count = Math.min(request.count(), SHOWN_WORDS);
        for (int i = 0; i < count; i++) {
            if (i == SHOWN_WORDS - 1 && request.count() > SHOWN_WORDS) {
                words.add("... (" + (request.count() - SHOWN_WORDS + 1) + " more arguments)");
            } else {
                words.add(Secrets.shown(command, request, i, SHOWN_BYTES));
            }
        }
        return words;
    }

    // --- MONITOR ---

    /** The client is told of all commands from now on. */
    void monitor(Session session) {
        if (!monitors.contains(session)) {
            monitors.add(session);
        }
    }

    boolean isMonitor(Session session) {
        return monitors.contains(session);
    }

    void forget(Session session) {
        monitors.remove(session);
    }

    /**
     * Tells those who monitor of a command that has run. A client is not told of its own: the line would stand inside the reply
     * to a transaction.
     */
    void tellMonitors(Command command, Session session, Request request) {
        if (monitors.isEmpty()
                || command.spec().has(Flag.ADMIN)
                || command.spec().has(Flag.SKIP_MONITOR)) {
            return;
        }
        String line = line(command, session, request);
        for (Session monitor : monitors) {
            if (monitor != session) {
                monitor.connection().push().simple(line);
                monitor.connection().pushed();
            }
        }
    }

    private String line(Command command, Session session, Request request) {
        long micros = clock.micros();
        StringBuilder line = new StringBuilder();
        line.append(micros / 1_000_000).append('.');
        String fraction = Long.toString(1_000_000 + micros % 1_000_000);
        line.append(fraction, 1, fraction.length());
        line.append(" [").append(session.keyspace().number()).append(' ');
        line.append(session.connection().remoteAddress()).append(']');
        for (int i = 0; i < request.count(); i++) {
            if (line.length() > LINE_BYTES) {
                return line.append(" ... (")
                        .append(request.count() - i)
                        .append(" more arguments)")
                        .toString();
            }
            line.append(' ');
            quote(Secrets.shown(command, request, i, LINE_BYTES), line);
        }
        return line.toString();
    }

    /** Writes a word between quotes, with what cannot be seen as escapes. */
    static void quote(String word, StringBuilder line) {
        line.append('"');
        for (int i = 0; i < word.length(); i++) {
            char letter = word.charAt(i);
            switch (letter) {
                case '\\', '"' -> line.append('\\').append(letter);
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case '\u0007' -> line.append("\\a");
                case '\b' -> line.append("\\b");
                default -> {
                    if (letter >= ' ' && letter <= '~') {
                        line.append(letter);
                    } else {
                        line.append("\\x").append(HexFormat.of().toHexDigits((byte) letter));
                    }
                }
            }
        }
        line.append('"');
    }
}
