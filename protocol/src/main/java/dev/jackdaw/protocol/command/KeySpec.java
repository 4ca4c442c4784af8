package dev.jackdaw.protocol.command;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Immutable: one rule that finds key arguments: where the search begins, which arguments from there on are keys, and what the
 * command does with them. Counts arguments as Redis does: 0 is the command's name.
 */
public record KeySpec(Begin begin, Find find, Set<KeyFlag> flags, String notes) {
    private static final Find ONE = new Range(0, 1, 0);

    /** Where the search begins. */
    public sealed interface Begin {}

    /** At a fixed argument. */
    public record Index(int index) implements Begin {}

    /** After a keyword, sought from an argument on; a negative one counts from the end and seeks backwards. */
    public record Keyword(String keyword, int startFrom) implements Begin {}

    /** Which arguments are keys. */
    public sealed interface Find {}

    /**
     * From the beginning to {@code lastKey}, every {@code step}th. A negative {@code lastKey} counts from the end of the
     * arguments; with a {@code limit} of n, from the end of the first n-th part of what is left.
     */
    public record Range(int lastKey, int step, int limit) implements Find {}

    /** As many as the argument at {@code countIndex} says, from {@code firstKey} on (both relative to the beginning). */
    public record KeyCount(int countIndex, int firstKey, int step) implements Find {}

    /** Only code can tell. */
    public record Unknown() implements Begin, Find {}

    public static KeySpec first(KeyFlag... flags) {
        return at(1, flags);
    }

    public static KeySpec second(KeyFlag... flags) {
        return at(2, flags);
    }

    public static KeySpec at(int index, KeyFlag... flags) {
        return of(new Index(index), ONE, flags);
    }

    public static KeySpec firstTwo(KeyFlag... flags) {
        return of(new Index(1), new Range(1, 1, 0), flags);
    }

    public static KeySpec all(KeyFlag... flags) {
        return allFrom(1, flags);
    }

    public static KeySpec allFrom(int index, KeyFlag... flags) {
        return of(new Index(index), new Range(-1, 1, 0), flags);
    }

    public static KeySpec allButLast(KeyFlag... flags) {
        return of(new Index(1), new Range(-2, 1, 0), flags);
    }

    /** Keys and values in turn. */
    public static KeySpec pairs(KeyFlag... flags) {
        return of(new Index(1), new Range(-1, 2, 0), flags);
    }

    /** A number of keys at {@code index}, and the keys after it. */
    public static KeySpec counted(int index, KeyFlag... flags) {
        return of(new Index(index), new KeyCount(0, 1, 1), flags);
    }

    /** A number at {@code index}, and so many keys after it, each with its value. */
    public static KeySpec countedPairs(int index, KeyFlag... flags) {
        return of(new Index(index), new KeyCount(0, 1, 2), flags);
    }

    public static KeySpec after(String keyword, int startFrom, Range range, KeyFlag... flags) {
        return of(new Keyword(keyword, startFrom), range, flags);
    }

    /** The one argument behind a keyword. */
    public static KeySpec afterOne(String keyword, int startFrom, KeyFlag... flags) {
        return of(new Keyword(keyword, startFrom), ONE, flags);
    }

    public static KeySpec unknown(KeyFlag... flags) {
        return of(new Unknown(), new Unknown(), flags);
    }

    public KeySpec notes(String text) {
        return new KeySpec(begin, find, flags, text);
    }

    boolean isKey() {
        return !flags.contains(KeyFlag.NOT_KEY);
    }

    /** Whether its effect on a key, or the keys themselves, cannot be told without code. */
    boolean isPartial() {
        return flags.contains(KeyFlag.INCOMPLETE)
                || flags.contains(KeyFlag.VARIABLE_FLAGS)
                || begin instanceof Unknown
                || find instanceof Unknown;
    }

    private static KeySpec of(Begin begin, Find find, KeyFlag... flags) {
        Set<KeyFlag> set = EnumSet.noneOf(KeyFlag.class);
        set.addAll(Set.of(flags));
        return new KeySpec(begin, find, Collections.unmodifiableSet(set), "");
    }
}
