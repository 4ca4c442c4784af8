package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.memory.Entry;
import dev.jackdaw.server.migration.Target;
import dev.jackdaw.server.rdb.DumpPayload;
import java.util.ArrayDeque;
import java.util.BitSet;

/**
 * Owned by the event loop: keys on their way to another server.
 *
 * <pre>
 *   AUTH, SELECT ──▶ RESTORE of each key ── OK ──▶ deleted here
 *                      ▲                    └────▶ changed here meanwhile: once more, which replaces it there;
 *                      └───────────────────────┘   gone here, or changed too often: deleted there
 * </pre>
 *
 * So a key is always somewhere in its last state, and nothing that was done to it here is undone there. Few keys are on their way at a time, so
 * that what waits to be sent is bounded, and others are served in between.
 */
final class Migration implements Memo {
    private static final int FIRST_BYTES = 256;
    private static final int MOST_SENT_BYTES = 256 << 10;
    private static final int MOST_SENT_KEYS = 256;
    private static final int MOST_ATTEMPTS = 10;

    private enum Request {
        GREETING,
        RESTORE,
        REMOVAL
    }

    /** A request that is not answered yet. */
    private record Sent(Request request, int key, int attempt, int bytes) {}

    private final Node node;
    private final Engine engine;
    private final MigrateOptions options;
    private final int lastKey;
    private final long database;
    private final DumpPayload payload;
    private final ReplyWriter writer = new ReplyWriter();
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
    /** Keys on their way, by argument, and those of them that have changed since they were sent. */
    private final BitSet away = new BitSet();

    private final BitSet changed = new BitSet();
    private Target target;
    private boolean news;
    private boolean greeted;
    /** The next key to be sent for the first time. */
    private int next;

    private long sentBytes;
    private String error;

    Migration(Node node, MigrateOptions options, int lastKey, long database, DumpPayload payload) {
        this.node = node;
        this.engine = node.engine();
        this.options = options;
        this.lastKey = lastKey;
        this.database = database;
        this.payload = payload;
        this.next = options.keys();
    }

    void begin(Target newTarget) {
        target = newTarget;
    }

    /** Why not all keys were moved, or null. */
    String error() {
        return error;
    }

    void hasNews() {
        news = true;
    }

    /** Whether the other server has said something. */
    boolean takeNews() {
        boolean had = news;
        news = false;
        return had;
    }

    /** The body may run because one of the keys has changed here. */
    void noteChanges(Call call) {
        for (int i = away.nextSetBit(0); i >= 0; i = away.nextSetBit(i + 1)) {
            if (call.offers(i)) {
                changed.set(i);
            }
        }
    }

    /** Takes replies, and sends more; returns whether that was all. */
    boolean proceed(Call call) {
        writer.attach(call.session().connection().buffer(FIRST_BYTES));
        for (String reply = target.nextReply(); reply != null && !sent.isEmpty(); reply = target.nextReply()) {
            take(call, reply, sent.remove());
        }
        if (target.failure() != null) {
            writer.detach().release();
            fail(brokenBy(target.failure()));
            return true;
        }
        sendMore(call);
        target.send(writer.detach());
        return sent.isEmpty();
    }

    /** It waits for what the other server says. */
    @Override
    public boolean isForKeys() {
        return false;
    }

    @Override
    public void release() {
        if (target != null) {
            target.close();
        }
        engine.buffersGrew(-sentBytes);
        sentBytes = 0;
    }

    private static String brokenBy(Target.Failure failure) {
        return switch (failure) {
            case FINDING -> CommandError.TARGET_NOT_FOUND;
            case WRITING -> CommandError.TARGET_NOT_WRITTEN;
            case READING -> CommandError.TARGET_NOT_READ;
        };
    }

    private void fail(String why) {
        if (error == null) {
            error = why;
        }
    }

    // --- Replies ---

    private void take(Call call, String reply, Sent request) {
        grow(-request.bytes);
        if (request.request == Request.RESTORE) {
            away.clear(request.key);
            call.waitNoMoreFor(request.key);
        }
        if (reply.charAt(0) == '-') {
            fail(CommandError.targetReplied(reply.substring(1)));
            stopsAt(request);
        } else if (request.request == Request.GREETING && node.isClient(target.localAddress())) {
            // A key would be deleted that has just been replaced by itself.
            fail(CommandError.MIGRATE_TO_ITSELF);
            stopsAt(request);
        } else if (request.request == Request.RESTORE && !options.copies()) {
            restored(call, request);
        }
    }

    /** Who is not let in has nothing to send. */
    private void stopsAt(Sent request) {
        if (request.request == Request.GREETING) {
            next = lastKey + 1;
        }
    }

    private void restored(Call call, Sent request) {
        int key = request.key;
        if (!changed.get(key)) {
            delete(call, key);
            return;
        }
        long entry = call.peek(key);
        if (entry != 0 && request.attempt < MOST_ATTEMPTS) {
            restore(call, key, entry, request.attempt + 1);
            return;
        }
        if (entry != 0) {
            fail(CommandError.MIGRATE_CHANGED);
        }
        remove(call, key);
    }

    private static void delete(Call call, int key) {
        call.keyspace().beforeChange(call.address(key), call.length(key));
        long entry = call.write(key);
        if (entry != 0) {
            call.keyspace().remove(entry);
            call.effect("DEL").argument(key);
        }
    }

    // --- Requests ---

    private void sendMore(Call call) {
        if (!greeted) {
            greet(call);
            return;
        }
        boolean isLetIn = sent.isEmpty() || sent.peek().request != Request.GREETING;
        while (isLetIn && next <= lastKey && sentBytes < MOST_SENT_BYTES && sent.size() < MOST_SENT_KEYS) {
            int key = next++;
            long entry = isAway(call, key) ? 0 : call.peek(key);
            if (entry != 0) {
                restore(call, key, entry, 1);
            }
        }
    }

    /** Whether a key that is given twice is on its way already. */
    private boolean isAway(Call call, int key) {
        int i = away.nextSetBit(0);
        while (i >= 0 && !call.equal(i, key)) {
            i = away.nextSetBit(i + 1);
        }
        return i >= 0;
    }

    private void greet(Call call) {
        greeted = true;
        if (options.password() != 0) {
            long mark = writer.mark();
            writer.array(options.username() == 0 ? 2 : 3);
            writer.bulkText("AUTH");
            if (options.username() != 0) {
                word(call, options.username());
            }
            word(call, options.password());
            add(Request.GREETING, 0, 0, mark);
        }
        long mark = writer.mark();
        writer.array(2);
        writer.bulkText("SELECT");
        writer.bulkInteger(database);
        add(Request.GREETING, 0, 0, mark);
    }

    private void restore(Call call, int key, long entry, int attempt) {
        long mark = writer.mark();
        long expireAtMillis = Entry.expireAtMillis(entry);
        boolean replaces = options.replaces() || attempt > 1;
        writer.array(replaces ? 5 : 4);
        writer.bulkText("RESTORE");
        word(call, key);
        writer.bulkInteger(expireAtMillis == Entry.NEVER ? 0 : Math.max(1, expireAtMillis - call.nowMillis()));
        payload.dump(entry, writer::bulk);
        if (replaces) {
            writer.bulkText("REPLACE");
        }
        changed.clear(key);
        away.set(key);
        call.waitFor(key);
        add(Request.RESTORE, key, attempt, mark);
    }

    private void remove(Call call, int key) {
        long mark = writer.mark();
        writer.array(2);
        writer.bulkText("DEL");
        word(call, key);
        add(Request.REMOVAL, key, 0, mark);
    }

    private void word(Call call, int argument) {
        writer.bulk(call.address(argument), call.length(argument));
    }

    private void add(Request request, int key, int attempt, long mark) {
        int bytes = (int) (writer.mark() - mark);
        sent.add(new Sent(request, key, attempt, bytes));
        grow(bytes);
    }

    private void grow(int bytes) {
        sentBytes += bytes;
        engine.buffersGrew(bytes);
    }
}
