package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Family;
import dev.jackdaw.protocol.command.KeyCommand;
import dev.jackdaw.protocol.command.ServerCommand;
import dev.jackdaw.protocol.command.Tip;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Immutable: when two replies to the same command are the same: equal in most cases; where the order is nobody's
 * business, equal when sorted; where time or chance has a hand in it, alike. Errors are always equal.
 */
enum ReplyComparison {
    EQUAL {
        @Override
        boolean same(Reply ours, Reply theirs) {
            return ours.equals(theirs);
        }
    },
    SORTED {
        @Override
        boolean same(Reply ours, Reply theirs) {
            return sorted(ours, 1).equals(sorted(theirs, 1));
        }
    },
    /** Of an array in RESP2 that is a map in RESP3. */
    SORTED_PAIRS {
        @Override
        boolean same(Reply ours, Reply theirs) {
            return sorted(ours, 2).equals(sorted(theirs, 2));
        }
    },
    /** Numbers of seconds or milliseconds, read at about the same time. */
    CLOSE {
        @Override
        boolean same(Reply ours, Reply theirs) {
            return ours.equals(theirs)
                    || ours instanceof Reply.Int a
                            && theirs instanceof Reply.Int b
                            && a.value() >= 0
                            && b.value() >= 0
                            && Math.abs(a.value() - b.value()) <= TOLERANCE_MILLIS;
        }
    },
    /** The same type and, if they are arrays, the same size. */
    ALIKE {
        @Override
        boolean same(Reply ours, Reply theirs) {
            return ours.getClass() == theirs.getClass()
                    && elements(ours).size() == elements(theirs).size();
        }
    },
    /** Of streams: what is about time is close, and nobody knows how Redis builds its trees. */
    STREAM {
        @Override
        boolean same(Reply ours, Reply theirs) {
            return switch (ours) {
                case Reply.Int a when theirs instanceof Reply.Int b -> a.equals(b) || isTime(a) && isTime(b);
                case Reply.Array a when theirs instanceof Reply.Array b -> sameElements(a.elements(), b.elements());
                case Reply.Map a when theirs instanceof Reply.Map b -> sameElements(flat(a.pairs()), flat(b.pairs()));
                default -> ours.equals(theirs);
            };
        }

        private boolean sameElements(List<Reply> a, List<Reply> b) {
            return a.size() == b.size()
                    && IntStream.range(0, a.size())
                            .allMatch(i -> same(a.get(i), b.get(i)) || isBesides(a, i) || isIdleTime(a, b, i));
        }

        private List<Reply> flat(List<Reply.Pair> pairs) {
            return pairs.stream()
                    .flatMap(pair -> Stream.of(pair.key(), pair.value()))
                    .toList();
        }

        private boolean isTime(Reply.Int value) {
            return value.value() > 1_000_000_000_000L;
        }

        private boolean isBesides(List<Reply> elements, int i) {
            return i > 0
                    && elements.get(i - 1) instanceof Reply.Bulk name
                    && List.of("idle", "radix-tree-keys", "radix-tree-nodes").contains(name.text());
        }

        /** The third element of a pending entry, behind an ID and a consumer. */
        private boolean isIdleTime(List<Reply> a, List<Reply> b, int i) {
            return i == 2 && a.size() == 4 && a.get(1) instanceof Reply.Bulk && CLOSE.same(a.get(i), b.get(i));
        }
    },
    /** A cursor, and elements that must be the same if the walk was over at once. */
    PAGE {
        @Override
        boolean same(Reply ours, Reply theirs) {
            List<Reply> a = elements(ours);
            List<Reply> b = elements(theirs);
            boolean whole = a.size() == 2 && b.size() == 2 && a.getFirst().equals(b.getFirst());
            return whole
                    ? SORTED.same(a.get(1), b.get(1))
                    : a.size() == b.size() && ours.getClass() == theirs.getClass();
        }
    };

    private static final long TOLERANCE_MILLIS = 3_000;

    private static final Map<Command, ReplyComparison> EXCEPTIONS = Map.of(
            KeyCommand.TTL, CLOSE,
            KeyCommand.PTTL, CLOSE,
            KeyCommand.EXPIRETIME, CLOSE,
            KeyCommand.PEXPIRETIME, CLOSE,
            KeyCommand.OBJECT_IDLETIME, CLOSE,
            KeyCommand.OBJECT_ENCODING, EQUAL,
            ServerCommand.MEMORY_USAGE, ALIKE,
            KeyCommand.OBJECT_REFCOUNT, ALIKE);

    abstract boolean same(Reply ours, Reply theirs);

    static ReplyComparison of(Command command) {
        ReplyComparison exception = EXCEPTIONS.get(command);
        if (exception != null) {
            return exception;
        }
        if (command.family() == Family.STREAM) {
            return STREAM;
        }
        if (command.spec().syntax().text().contains("cursor")) {
            return PAGE;
        }
        if (command.name().equals("HGETALL")) {
            return SORTED_PAIRS;
        }
        if (command.spec().tips().contains(Tip.NONDETERMINISTIC_OUTPUT_ORDER)) {
            return SORTED;
        }
        return command.spec().tips().contains(Tip.NONDETERMINISTIC_OUTPUT) ? ALIKE : EQUAL;
    }

    static boolean same(Command command, Reply ours, Reply theirs) {
        boolean refused = ours instanceof Reply.Error || theirs instanceof Reply.Error;
        return refused ? ours.equals(theirs) : of(command).same(ours, theirs);
    }

    private static List<Reply> elements(Reply reply) {
        return switch (reply) {
            case Reply.Array array -> array.elements();
            case Reply.Set set -> set.elements();
            default -> List.of();
        };
    }

    /** The elements in an order of their own, {@code group} by {@code group}. */
    private static Reply sorted(Reply reply, int group) {
        return switch (reply) {
            case Reply.Array array -> new Reply.Array(sorted(array.elements(), group));
            case Reply.Set set -> new Reply.Set(sorted(set.elements(), group));
            case Reply.Map map ->
                new Reply.Map(map.pairs().stream()
                        .sorted(Comparator.comparing(Reply.Pair::toString))
                        .toList());
            default -> reply;
        };
    }

    private static List<Reply> sorted(List<Reply> elements, int group) {
        List<List<Reply>> groups = new ArrayList<>();
        for (int i = 0; i < elements.size(); i += group) {
            groups.add(elements.subList(i, Math.min(elements.size(), i + group)));
        }
        groups.sort(Comparator.comparing(List::toString));
        return groups.stream().flatMap(List::stream).toList();
    }
}
