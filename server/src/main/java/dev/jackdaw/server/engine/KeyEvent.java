package dev.jackdaw.server.engine;

import dev.jackdaw.protocol.raw.Raw;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Immutable: what can happen to a key, as keyspace notifications tell it. The name is that of the constant. */
public enum KeyEvent {
    DEL(EventClass.GENERIC),
    EXPIRE(EventClass.GENERIC),
    PERSIST(EventClass.GENERIC),
    RENAME_FROM(EventClass.GENERIC),
    RENAME_TO(EventClass.GENERIC),
    MOVE_FROM(EventClass.GENERIC),
    MOVE_TO(EventClass.GENERIC),
    COPY_TO(EventClass.GENERIC),
    RESTORE(EventClass.GENERIC),
    EXPIRED(EventClass.EXPIRED),
    EVICTED(EventClass.EVICTED),
    KEYMISS(EventClass.MISS),
    NEW(EventClass.NEW),

    SET(EventClass.STRING),
    APPEND(EventClass.STRING),
    SETRANGE(EventClass.STRING),
    SETBIT(EventClass.STRING),
    INCRBY(EventClass.STRING),
    INCRBYFLOAT(EventClass.STRING),
    PFADD(EventClass.STRING),

    LPUSH(EventClass.LIST),
    RPUSH(EventClass.LIST),
    LPOP(EventClass.LIST),
    RPOP(EventClass.LIST),
    LSET(EventClass.LIST),
    LINSERT(EventClass.LIST),
    LREM(EventClass.LIST),
    LTRIM(EventClass.LIST),
    SORTSTORE(EventClass.LIST),

    SADD(EventClass.SET),
    SREM(EventClass.SET),
    SPOP(EventClass.SET),
    SINTERSTORE(EventClass.SET),
    SUNIONSTORE(EventClass.SET),
    SDIFFSTORE(EventClass.SET),

    HSET(EventClass.HASH),
    HDEL(EventClass.HASH),
    HINCRBY(EventClass.HASH),
    HINCRBYFLOAT(EventClass.HASH),
    HEXPIRE(EventClass.HASH),
    HEXPIRED(EventClass.HASH),
    HPERSIST(EventClass.HASH),

    ZADD(EventClass.SORTED_SET),
    ZINCR(EventClass.SORTED_SET),
    ZREM(EventClass.SORTED_SET),
    ZREMRANGEBYRANK(EventClass.SORTED_SET),
    ZREMRANGEBYSCORE(EventClass.SORTED_SET),
    ZREMRANGEBYLEX(EventClass.SORTED_SET),
    ZPOPMIN(EventClass.SORTED_SET),
    ZPOPMAX(EventClass.SORTED_SET),
    ZRANGESTORE(EventClass.SORTED_SET),
    ZUNIONSTORE(EventClass.SORTED_SET),
    ZINTERSTORE(EventClass.SORTED_SET),
    ZDIFFSTORE(EventClass.SORTED_SET),
    GEORADIUSSTORE(EventClass.SORTED_SET),
    GEOSEARCHSTORE(EventClass.SORTED_SET),

    XADD(EventClass.STREAM),
    XTRIM(EventClass.STREAM),
    XDEL(EventClass.STREAM),
    XSETID(EventClass.STREAM),
    XGROUP_CREATE(EventClass.STREAM),
    XGROUP_SETID(EventClass.STREAM),
    XGROUP_DESTROY(EventClass.STREAM),
    XGROUP_CREATECONSUMER(EventClass.STREAM),
    XGROUP_DELCONSUMER(EventClass.STREAM);

    private static final KeyEvent[] EVENTS = values();

    private final EventClass eventClass;
    private final byte[] wireName;

    KeyEvent(EventClass eventClass) {
        this.eventClass = eventClass;
        String name = name().toLowerCase(Locale.ROOT);
        // Redis writes the words of a stream's group with a dash, all others with an underscore.
        wireName =
                (eventClass == EventClass.STREAM ? name.replace('_', '-') : name).getBytes(StandardCharsets.US_ASCII);
    }

    public static KeyEvent of(int number) {
        return EVENTS[number];
    }

    public EventClass eventClass() {
        return eventClass;
    }

    /** The length of the name that subscribers are told. */
    public int nameLength() {
        return wireName.length;
    }

    public void writeName(long address) {
        Raw.copy(wireName, 0, address, wireName.length);
    }
}
