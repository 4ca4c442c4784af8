package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.StreamCommand;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Owned by one test: arguments of commands on streams. IDs rise slowly, so that most of them can be appended and those of
 * other commands meet entries; nothing depends on the time that passes.
 */
final class RandomStreams {
    private static final List<String> GROUPS = List.of("g1", "g2");
    private static final List<String> CONSUMERS = List.of("alice", "bob", "carol", "");
    private static final List<String> BOUNDS = List.of("-", "+", "(-", "0", "18446744073709551615", "(0-0", "007-01");
    private static final List<String> ODD_IDS = List.of(
            "",
            "0-0",
            "1-",
            "-1-1",
            "1-x",
            "1-2-3",
            "18446744073709551616",
            "*-1",
            "1-18446744073709551615",
            "$",
            ">",
            "000000000000000000000000000001");
    /** Nothing waits for an hour here, but what is said to have waited for two. */
    private static final List<String> IDLE = List.of("0", "0", "3600000", "-1");

    private static final List<String> WAITED = List.of("0", "7200000", "7200000");
    private static final Set<Command> WITH_OPEN_RANGES =
            Set.of(StreamCommand.XRANGE, StreamCommand.XREVRANGE, StreamCommand.XPENDING, StreamCommand.XAUTOCLAIM);
    private static final int RECENT = 60;

    private final SplittableRandom random;
    private int last = 1;

    RandomStreams(SplittableRandom random) {
        this.random = random;
    }

    /** The value of an argument, or nothing where it is an argument like any other. */
    String value(String name, Command row) {
        return switch (name) {
            case "group" -> pick(GROUPS);
            case "consumer" -> pick(CONSUMERS);
            case "min-idle-time" -> pick(IDLE);
            case "milliseconds" -> pick(WAITED);
            case "start", "end" -> WITH_OPEN_RANGES.contains(row) && random.nextInt(3) == 0 ? pick(BOUNDS) : bound();
            case "id" -> id(row);
            case "last-id", "max-deleted-id" -> recent();
            case "threshold" -> random.nextBoolean() ? Integer.toString(random.nextInt(40)) : recent();
            case "entries-added", "entries-read" -> Integer.toString(random.nextInt(60) - 2);
            case "field" -> "f" + (random.nextInt(12) == 0 ? random.nextInt(4) : 0);
            default -> "";
        };
    }

    /** What a command must not be asked in this form: to wait, or to take the time of day. */
    void tame(Command row, List<String> words) {
        for (int i = 1; i < words.size(); i++) {
            if (words.get(i).equalsIgnoreCase("BLOCK")) {
                words.set(i, "COUNT");
            } else if (row == StreamCommand.XADD && words.get(i).equals("*")) {
                words.set(i, next());
            } else if (List.of(" 1", "+1").contains(words.get(i))) {
                // As an ID, Redis takes it.
                words.set(i, "1.5");
            } else if (row == StreamCommand.XAUTOCLAIM && words.get(i).equals("999999999999999")) {
                // Redis has too little memory for such a count.
                words.set(i, "7");
            }
        }
    }

    private String id(Command row) {
        int kind = random.nextInt(100);
        if (kind == 0) {
            return pick(ODD_IDS);
        }
        if (row == StreamCommand.XADD && kind < 90) {
            return next();
        }
        if (row == StreamCommand.XREADGROUP) {
            return kind < 60 ? ">" : kind < 80 ? "0" : recent();
        }
        return row == StreamCommand.XREAD && kind < 5 ? "$" : recent();
    }

    private String next() {
        last += random.nextInt(3) == 0 ? 0 : random.nextInt(3);
        int form = random.nextInt(8);
        return form < 2 ? last + "-*" : form == 2 ? Integer.toString(last) : last + "-" + random.nextInt(5);
    }

    private String bound() {
        return random.nextInt(6) == 0 ? "(" + recent() : recent();
    }

    private String recent() {
        int back = random.nextInt(RECENT);
        long id = Math.max(0, last - back);
        return random.nextInt(4) == 0 ? Long.toString(id) : id + "-" + random.nextInt(5);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
