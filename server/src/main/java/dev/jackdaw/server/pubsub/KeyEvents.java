package dev.jackdaw.server.pubsub;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.EventClass;
import dev.jackdaw.server.engine.KeyEvent;
import java.nio.charset.StandardCharsets;

/**
 * Owned by the event loop: keyspace notifications: publishes what happens to keys on channels that are named after the key
 * ({@code __keyspace@0__:key} gets the event) and after the event ({@code __keyevent@0__:del} gets the key).
 *
 * <p>While a command runs, events are only noted; they are published when its reply has been written, so that none stands
 * inside a reply. While nobody wants any, none is noted.
 *
 * <pre>
 *   | event (1) | database (4) | length (4) | key | event (1) | ...
 * </pre>
 */
public final class KeyEvents implements Engine.EventListener {
    private static final byte[] KEY_CHANNEL = "__keyspace@".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EVENT_CHANNEL = "__keyevent@".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIVIDER = "__:".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 9;

    private final Engine engine;
    private final Channels channels;
    private final Scratch noted;
    private final Scratch channel;
    private final Scratch name;
    private boolean byKey;
    private boolean byEvent;

    public KeyEvents(Engine engine, Channels channels) {
        this.engine = engine;
        this.channels = channels;
        this.noted = new Scratch(engine.heap());
        this.channel = new Scratch(engine.heap());
        this.name = new Scratch(engine.heap());
        engine.listen(this);
    }

    /** Says what is wanted, by the letters of notify-keyspace-events. */
    public void want(String letters) {
        byKey = letters.indexOf('K') >= 0;
        byEvent = letters.indexOf('E') >= 0;
        int wanted = 0;
        for (EventClass each : EventClass.values()) {
            boolean chosen = letters.indexOf(each.letter()) >= 0 || each.isUsual() && letters.indexOf('A') >= 0;
            wanted |= chosen && (byKey || byEvent) ? 1 << each.ordinal() : 0;
        }
        engine.wantEvents(wanted);
    }

    @Override
    public void happened(KeyEvent event, int database, long key, int length) {
        long at = noted.room(HEADER + length);
        Raw.putByte(at, (byte) event.ordinal());
        Raw.putInt(at + 1, database);
        Raw.putInt(at + 5, length);
        Raw.copy(key, at + HEADER, length);
    }

    /** Whether {@link #tell} has something to do. */
    public boolean isPending() {
        return noted.length() > 0;
    }

    /** Publishes what has happened since. */
    public void tell() {
        for (long at = noted.address(), end = at + noted.length(); at < end; ) {
            int length = Raw.getInt(at + 5);
            tell(KeyEvent.of(Raw.getUnsignedByte(at)), Raw.getInt(at + 1), at + HEADER, length);
            at += HEADER + length;
        }
        noted.clear();
        channel.clear();
        name.clear();
    }

    private void tell(KeyEvent event, int database, long key, int length) {
        name.clear();
        event.writeName(name.room(event.nameLength()));
        if (byKey) {
            name(KEY_CHANNEL, database, key, length);
            channels.publish(channel.address(), channel.length(), name.address(), name.length());
        }
        if (byEvent) {
            name(EVENT_CHANNEL, database, name.address(), name.length());
            channels.publish(channel.address(), channel.length(), key, length);
        }
    }

    private void name(byte[] kind, int database, long rest, int length) {
        channel.clear();
        channel.add(kind);
        long at = channel.room(Integers.length(database));
        Integers.write(database, at);
        channel.add(DIVIDER);
        Raw.copy(rest, channel.room(length), length);
    }
}
