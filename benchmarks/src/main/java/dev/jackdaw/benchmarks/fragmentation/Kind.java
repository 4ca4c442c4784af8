package dev.jackdaw.benchmarks.fragmentation;

import dev.jackdaw.benchmarks.load.Pipeline;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Immutable: the types of items that a store is filled with, one row each. */
enum Kind {
    STRINGS("strings", (out, values, count) -> strings(out, values)),
    EXPIRING("strings that live 1 s to a month", (out, values, count) -> expiring(out, values)),
    SHORT_LIVED("strings that live 1 to 10 s", (out, values, count) -> shortLived(out, values)),
    SMALL_HASHES("fields of hashes of 10", (out, values, count) -> smallHashes(out, values)),
    ONE_FIELD_HASHES("hashes of one field of 70 to 119", (out, values, count) -> oneFieldHashes(out, values)),
    MEDIUM_HASHES("fields of 70 to 119 of hashes of 40", (out, values, count) -> mediumHashes(out, values)),
    LARGE_HASHES("fields of 4 hashes", (out, values, count) -> largeHashes(out, values)),
    LARGE_SETS("members of 4 sets", Kind::largeSets),
    LARGE_SORTED_SETS("members of 4 sorted sets", Kind::largeSortedSets),
    LISTS("elements of lists of 1,000", Kind::lists),
    MIX("all at once", Kind::mix);

    private static final int LARGE_COLLECTIONS = 4;
    private static final int LIST_ELEMENTS = 1000;
    private static final int SMALL_HASH_FIELDS = 10;

    private static final int MEDIUM_HASH_FIELDS = 40;

    /** In Redis, a hash with a longer value is a hash table. */
    private static final int SMALL_HASH_VALUE_BYTES = 60;

    private static final int LONG_LEAST_BYTES = 70;
    private static final int LONG_MOST_BYTES = 119;

    private final String title;
    private final Source source;

    Kind(String title, Source source) {
        this.title = title;
        this.source = source;
    }

    /** How items are made whose commands go to a pipeline. */
    private interface Source {
        Items items(Pipeline out, Values values, int count);
    }

    /** A command with a member of a collection. */
    private interface MemberCommand {
        void add(int item, String member);
    }

    String title() {
        return title;
    }

    /**
     * Items that nobody has put yet.
     *
     * @param maxBytes of a value, or of what a member has beside its number; a few kinds have bounds of their own
     */
    Items items(Pipeline out, int count, int maxBytes) {
        return source.items(out, new Values(maxBytes), count);
    }

    private static Items strings(Pipeline out, Values values) {
        return new Items(i -> out.add("SET", "string:" + i, values.value()), i -> out.add("DEL", "string:" + i));
    }

    private static Items expiring(Pipeline out, Values values) {
        return new Items(
                i -> {
                    long millis = values.ofAnyMagnitude(TimeUnit.SECONDS.toMillis(1), TimeUnit.DAYS.toMillis(30));
                    out.add("SET", "expiring:" + i, values.value(), "PX", Long.toString(millis));
                },
                i -> out.add("DEL", "expiring:" + i));
    }

    private static Items shortLived(Pipeline out, Values values) {
        return new Items(
                i -> {
                    int millis = values.between(1_000, 10_000);
                    out.add("SET", "short:" + i, values.value(), "PX", Integer.toString(millis));
                },
                i -> out.add("DEL", "short:" + i));
    }

    private static Items smallHashes(Pipeline out, Values values) {
        return new Items(
                i -> {
                    String value = values.value(SMALL_HASH_VALUE_BYTES);
                    out.add("HSET", "small:" + i / SMALL_HASH_FIELDS, "f" + i % SMALL_HASH_FIELDS, value);
                },
                i -> out.add("HDEL", "small:" + i / SMALL_HASH_FIELDS, "f" + i % SMALL_HASH_FIELDS));
    }

    private static Items oneFieldHashes(Pipeline out, Values values) {
        return new Items(
                i -> {
                    String value = values.text(LONG_LEAST_BYTES, LONG_MOST_BYTES);
                    out.add("HSET", "one:" + i, "f", value);
                },
                i -> out.add("DEL", "one:" + i));
    }

    private static Items mediumHashes(Pipeline out, Values values) {
        return new Items(
                i -> {
                    String value = values.text(LONG_LEAST_BYTES, LONG_MOST_BYTES);
                    out.add("HSET", "medium:" + i / MEDIUM_HASH_FIELDS, "f" + i % MEDIUM_HASH_FIELDS, value);
                },
                i -> out.add("HDEL", "medium:" + i / MEDIUM_HASH_FIELDS, "f" + i % MEDIUM_HASH_FIELDS));
    }

    private static Items largeHashes(Pipeline out, Values values) {
        return new Items(
                i -> out.add("HSET", "hash:" + i % LARGE_COLLECTIONS, "f" + i, values.value()),
                i -> out.add("HDEL", "hash:" + i % LARGE_COLLECTIONS, "f" + i));
    }

    private static Items largeSets(Pipeline out, Values values, int count) {
        return members(
                values,
                count,
                (i, member) -> out.add("SADD", "set:" + i % LARGE_COLLECTIONS, member),
                (i, member) -> out.add("SREM", "set:" + i % LARGE_COLLECTIONS, member));
    }

    private static Items largeSortedSets(Pipeline out, Values values, int count) {
        return members(
                values,
                count,
                (i, member) -> {
                    String score = Integer.toString(values.between(0, count));
                    out.add("ZADD", "sorted:" + i % LARGE_COLLECTIONS, score, member);
                },
                (i, member) -> out.add("ZREM", "sorted:" + i % LARGE_COLLECTIONS, member));
    }

    /** Members have no value: one of another size takes the place of an item that is put again. */
    private static Items members(Values values, int count, MemberCommand add, MemberCommand remove) {
        String[] present = new String[count];
        return new Items(
                i -> {
                    if (present[i] != null) {
                        remove.add(i, present[i]);
                    }
                    present[i] = i + ":" + values.value();
                    add.add(i, present[i]);
                },
                i -> {
                    remove.add(i, String.valueOf(present[i]));
                    present[i] = null;
                });
    }

    /** An item is a place in a list. The first element goes, whichever is removed, and what is put beyond the end comes last. */
    private static Items lists(Pipeline out, Values values, int count) {
        int[] lengths = new int[count / LIST_ELEMENTS + 1];
        return new Items(
                i -> {
                    int list = i / LIST_ELEMENTS;
                    int place = i % LIST_ELEMENTS;
                    if (place < lengths[list]) {
                        out.add("LSET", "list:" + list, Integer.toString(place), values.value());
                    } else {
                        out.add("RPUSH", "list:" + list, values.value());
                        lengths[list]++;
                    }
                },
                i -> {
                    int list = i / LIST_ELEMENTS;
                    out.add("LTRIM", "list:" + list, "1", "-1");
                    lengths[list] = Math.max(0, lengths[list] - 1);
                });
    }

    private static Items mix(Pipeline out, Values values, int count) {
        List<Items> parts = Stream.of(values())
                .filter(kind -> kind != MIX)
                .map(kind -> kind.source.items(out, values, count))
                .toList();
        return new Items(
                i -> parts.get(i % parts.size()).put().accept(i / parts.size()),
                i -> parts.get(i % parts.size()).remove().accept(i / parts.size()));
    }
}
