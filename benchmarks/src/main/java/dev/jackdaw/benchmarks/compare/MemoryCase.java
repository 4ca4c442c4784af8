package dev.jackdaw.benchmarks.compare;

import dev.jackdaw.benchmarks.load.Template;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Immutable: the stores whose size is compared, one row each. */
enum MemoryCase {
    STRINGS("keys 16+32", "SET key:{n} {value}", 48, 1),
    STRINGS_TTL("keys 16+32 with TTL", "SET key:{n} {value} EX {100000-199999}", 48, 1),
    OVERWRITTEN("keys 16+32, then overwritten 5 times with 16 to 64", "SET key:{n} {value}", 56, 1) {
        @Override
        Template overwrite() {
            return Template.of("SET key:{n} {value:16-64}");
        }
    },
    INTEGERS("keys 16, integer values", "SET key:{n} {1000000-9999999}", 24, 1),
    HASHES("hashes of 10 fields 6+10", "HSET key:{n}" + many(10, "field%d {value:10}"), 176, 10),
    LONG_VALUE_HASHES(
            "hashes of 10 fields 6+10, one 6+100",
            "HSET key:{n}" + many(9, "field%d {value:10}") + " field9 {value:100}",
            266,
            10),
    LONG_MEMBER_SORTED_SETS(
            "sorted sets of 3 members of 80", "ZADD key:{n}" + many(3, "{1000-9999} %d{value:79}"), 262, 3),
    INTEGER_SETS("sets of 100 16-bit integers", "SADD key:{n}" + many(100, "{10000-32767}"), 216, 100),
    SORTED_SETS("sorted sets of 100 members of 9", "ZADD key:{n}" + many(100, "{1000-9999} member%03d"), 1116, 100),
    LARGE_SORTED_SET("members of 9 of one sorted set", "ZADD myzset {100000-999999} m{n:8}", 17, 1),
    LARGE_HASH("fields 6+8 of one hash", "HSET myhash {n:6} {value:8}", 14, 1);

    static final int OVERWRITES = 5;

    private final String title;
    private final Template fill;
    private final int payloadBytes;
    private final int share;

    /**
     * @param payloadBytes of each item, its mean: keys, fields, members and values, scores and small integers as 2 bytes, others as 8
     * @param share one item is made for so many of the asked number
     */
    MemoryCase(String title, String fill, int payloadBytes, int share) {
        this.title = title;
        this.fill = Template.of(fill);
        this.payloadBytes = payloadBytes;
        this.share = share;
    }

    String title() {
        return title;
    }

    Template fill() {
        return fill;
    }

    /** Sent {@value #OVERWRITES} times as often as {@link #fill}, at random, or null. */
    Template overwrite() {
        return null;
    }

    int payloadBytes() {
        return payloadBytes;
    }

    long items(long asked) {
        return Math.max(1, asked / share);
    }

    private static String many(int count, String argument) {
        return IntStream.range(0, count)
                .mapToObj(i -> " " + argument.formatted(i))
                .collect(Collectors.joining());
    }
}
