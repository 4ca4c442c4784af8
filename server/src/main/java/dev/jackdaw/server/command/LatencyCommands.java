package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.observe.LatencyGraph;
import dev.jackdaw.server.observe.LatencyHistogram;
import dev.jackdaw.server.observe.LatencyMonitor;
import dev.jackdaw.server.observe.SlowLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Owned by the event loop: the bodies of SLOWLOG and LATENCY. Rarely asked, so they allocate. */
final class LatencyCommands {
    private static final int USUAL_ENTRIES = 10;

    private final Node node;
    private final LatencyMonitor latencies;

    LatencyCommands(Node node) {
        this.node = node;
        this.latencies = node.observer().latencies();
    }

    // --- SLOWLOG ---

    void slowlogGet(Call call) {
        if (call.count() > 3) {
            throw new Refusal(CommandError.arity(call.command().spec().name()));
        }
        long wanted = call.count() == 3 ? call.integer(2, -1, CommandError.SLOWLOG_COUNT) : USUAL_ENTRIES;
        Collection<SlowLog.Entry> entries = node.observer().slowLog().entries();
        long count = wanted < 0 ? entries.size() : Math.min(wanted, entries.size());

        call.reply().array((int) count);
        entries.stream().limit(count).forEach(entry -> reply(entry, call.reply()));
    }

    private static void reply(SlowLog.Entry entry, ReplyWriter reply) {
        reply.array(6);
        reply.integer(entry.id());
        reply.integer(entry.seconds());
        reply.integer(entry.micros());
        reply.array(entry.words().size());
        entry.words().forEach(reply::bulkText);
        reply.bulkText(entry.address());
        reply.bulkText(entry.clientName());
    }

    void slowlogReset(Call call) {
        node.observer().slowLog().clear();
        call.reply().ok();
    }

    // --- LATENCY ---

    void latest(Call call) {
        ReplyWriter reply = call.reply();
        reply.array(latencies.events().size());
        latencies.events().forEach((kind, event) -> {
            reply.array(4);
            reply.bulkText(kind);
            reply.integer(event.latest().seconds());
            reply.integer(event.latest().millis());
            reply.integer(event.longestMillis());
        });
    }

    void history(Call call) {
        LatencyMonitor.Event event = latencies.events().get(call.text(2));
        Collection<LatencyMonitor.Sample> samples = event == null ? List.of() : event.samples();
        call.reply().array(samples.size());
        for (LatencyMonitor.Sample sample : samples) {
            call.reply().array(2);
            call.reply().integer(sample.seconds());
            call.reply().integer(sample.millis());
        }
    }

    void reset(Call call) {
        int forgotten = call.count() == 2 ? latencies.reset() : 0;
        for (int i = 2; i < call.count(); i++) {
            forgotten += latencies.reset(call.text(i)) ? 1 : 0;
        }
        call.reply().integer(forgotten);
    }

    void graph(Call call) {
        String kind = call.text(2);
        LatencyMonitor.Event event = latencies.events().get(kind);
        if (event == null) {
            throw new Refusal(CommandError.noSamples(kind));
        }
        call.reply().verbatim("txt", new LatencyGraph(event, call.nowMillis() / 1000).text(kind));
    }

    void doctor(Call call) {
        call.reply().verbatim("txt", diagnosis());
    }

    private String diagnosis() {
        if (!latencies.isOn()) {
            return "Nothing is watched: set latency-monitor-threshold to the milliseconds from which on work is to be noted.\n";
        }
        if (latencies.events().isEmpty()) {
            return "Nothing has taken as long as latency-monitor-threshold since it was set.\n";
        }
        StringBuilder text = new StringBuilder();
        latencies.events().forEach((kind, event) -> {
            Collection<LatencyMonitor.Sample> samples = event.samples();
            double mean = samples.stream()
                    .mapToLong(LatencyMonitor.Sample::millis)
                    .average()
                    .orElse(0);
            text.append(String.format(
                    Locale.ROOT,
                    "%s: %d samples, %.1f ms on average, %d ms at worst.%n",
                    kind,
                    samples.size(),
                    mean,
                    event.longestMillis()));
            text.append(advice(kind)).append('\n');
        });
        return text.toString();
    }

    private static String advice(String kind) {
        return switch (kind) {
            case "command" -> "  Look at SLOWLOG GET: commands over many elements keep all clients waiting.";
            case "fast-command" ->
                "  Commands that are fast by nature were held up: by large values, or by the machine.";
            default -> "  Many keys expire at the same time, or the machine is short of processors.";
        };
    }

    /** Counts by powers of two of microseconds, as far as there are any. */
    void histogram(Call call) {
        Map<Command, LatencyHistogram> found = new LinkedHashMap<>();
        for (Command command : wanted(call)) {
            LatencyHistogram histogram = node.observer().stats().histogram(command);
            if (histogram != null) {
                found.put(command, histogram);
            }
        }
        ReplyWriter reply = call.reply();
        reply.map(found.size());
        found.forEach((command, histogram) -> {
            long calls = node.observer().stats().calls(command);
            Map<Long, Long> counts = counts(histogram, calls);
            reply.bulkText(command.spec().name());
            reply.map(2);
            reply.bulkText("calls");
            reply.integer(calls);
            reply.bulkText("histogram_usec");
            reply.map(counts.size());
            counts.forEach((micros, count) -> {
                reply.integer(micros);
                reply.integer(count);
            });
        });
    }

    /** A container stands for its subcommands. */
    private static Collection<Command> wanted(Call call) {
        CommandTable table = CommandTable.all();
        if (call.count() == 2) {
            return table.commands();
        }
        List<Command> wanted = new ArrayList<>();
        for (int i = 2; i < call.count(); i++) {
            String name = call.text(i).toLowerCase(Locale.ROOT);
            table.commands().stream()
                    .filter(row ->
                            row.spec().name().equals(name) || row.spec().name().startsWith(name + "|"))
                    .forEach(wanted::add);
        }
        return wanted;
    }

    /** How many calls took at most so many microseconds; those that were not timed count as the others do. */
    private static Map<Long, Long> counts(LatencyHistogram histogram, long calls) {
        Map<Long, Long> counts = new LinkedHashMap<>();
        long before = 0;
        for (long nanos = 1024; before < calls; nanos *= 2) {
            boolean last = nanos > 1L << 40;
            long sampled = last ? histogram.total() : histogram.atMost(nanos + nanos / 128 - 1);
            long count = Math.round((double) sampled * calls / histogram.total());
            if (count > before) {
                counts.put((nanos + nanos / 128 - 1) / 1000, count);
                before = count;
            }
        }
        return counts;
    }
}
