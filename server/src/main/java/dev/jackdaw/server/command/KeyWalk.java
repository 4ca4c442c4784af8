package dev.jackdaw.server.command;

import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.memory.EntryStore;
import java.util.Locale;

/** Owned by the event loop: the walk of one KEYS or SCAN at a time over the keys of a database. */
final class KeyWalk {
    /** A SCAN that asks for more gets it by and by. */
    private static final int MAX_COUNT = 10_000;
    /** Where the table is sparse, a SCAN gives up after this many times as many places as it should find keys. */
    private static final int PLACES_PER_KEY = 10;
    /** Above this there is no place in the table: the walk is over. */
    private static final long CURSOR_END = 1L << 48;

    private final EntryStore.Visitor visitor = this::visit;
    private final ScanPage page = new ScanPage();
    private Call call;
    private boolean anyType;
    /** Null for a name that no type has. */
    private Kind.Type type;

    private int visited;
    private int matched;

    void keys(Call newCall) {
        begin(newCall);
        page.match(call, 1);
        long mark = call.reply().mark();
        long cursor = 0;
        do {
            cursor = call.keyspace().scan(cursor, visitor);
        } while (cursor != 0);
        call.reply().arrayAt(mark, matched);
    }

    void scan(Call newCall) {
        begin(newCall);
        long cursor = ScanPage.cursor(call, 1);
        for (int i = 2; i < call.count(); i += 2) {
            if (call.is(i, "TYPE") && i + 1 < call.count()) {
                anyType = false;
                type = typeNamed(call, i + 1);
            } else if (!page.readOption(call, i)) {
                throw Refusal.SYNTAX;
            }
        }
        long mark = call.reply().mark();
        if (Long.compareUnsigned(cursor, CURSOR_END) >= 0) {
            call.reply().scanAt(mark, 0, 0);
            return;
        }
        int wanted = (int) Math.min(MAX_COUNT, page.count());
        Keyspace keyspace = call.keyspace();
        int placesLeft = wanted * PLACES_PER_KEY;
        do {
            cursor = keyspace.scan(cursor, visitor);
        } while (cursor != 0 && visited < wanted && --placesLeft > 0);
        call.reply().scanAt(mark, cursor, matched);
    }

    private void begin(Call newCall) {
        call = newCall;
        page.begin();
        anyType = true;
        visited = 0;
        matched = 0;
    }

    private void visit(long entry) {
        visited++;
        long key = Entry.keyAddress(entry);
        int length = Entry.keyLength(entry);
        if (page.matches(key, length) && (anyType || KeyHandlers.typeOf(entry) == type)) {
            matched++;
            call.reply().bulk(key, length);
        }
    }

    private static Kind.Type typeNamed(Call call, int argument) {
        for (Kind.Type type : Kind.Type.values()) {
            if (call.is(argument, type.wireName().toUpperCase(Locale.ROOT))) {
                return type;
            }
        }
        return null;
    }
}
