package dev.jackdaw.server.engine;

/** Immutable: the kinds of events that notify-keyspace-events chooses among, by the letter that it has for each. */
public enum EventClass {
    GENERIC('g'),
    STRING('$'),
    LIST('l'),
    SET('s'),
    HASH('h'),
    SORTED_SET('z'),
    STREAM('t'),
    EXPIRED('x'),
    EVICTED('e'),
    /** A key that was not there is read. */
    MISS('m'),
    /** A key comes to be. */
    NEW('n');

    private final char letter;

    EventClass(char letter) {
        this.letter = letter;
    }

    public char letter() {
        return letter;
    }

    /** Whether the letter A means it too. */
    public boolean isUsual() {
        return this != MISS && this != NEW;
    }
}
