package dev.jackdaw.benchmarks.compare;

import dev.jackdaw.benchmarks.load.Template;

/**
 * Immutable: the commands that are compared, one row each: what is sent, and what has to be there first.
 *
 * <p>As redis-benchmark does it, keys are {@code key:} and twelve digits, and collections are one key with random elements.
 */
enum Workload {
    GET("GET key:{n}", Stock.ofKeys("SET key:{n} {value}")),
    SET("SET key:{n} {value}", Stock.ofKeys("SET key:{n} {value}")),
    INCR("INCR cnt:{n}", Stock.ofKeys("SET cnt:{n} 0")),
    LPUSH("LPUSH mylist {value}", Stock.emptied("mylist")),
    LPOP("LPOP mylist", Stock.forEachOperation("mylist", "LPUSH mylist {value}")),
    SADD("SADD myset element:{n}", Stock.emptied("myset")),
    SPOP("SPOP myset", Stock.forEachOperation("myset", "SADD myset element:{n}")),
    HSET("HSET myhash element:{n} {value}", Stock.emptied("myhash")),
    HGET("HGET kepthash element:{n}", Stock.ofKeys("HSET kepthash element:{n} {value}")),
    ZADD("ZADD myzset {100000-999999} element:{n}", Stock.emptied("myzset")),
    ZPOPMIN("ZPOPMIN myzset", Stock.forEachOperation("myzset", "ZADD myzset {100000-999999} element:{n}")),
    MGET("MGET" + " key:{n}".repeat(10), Stock.ofKeys("SET key:{n} {value}")),
    MSET("MSET" + " key:{n} {value}".repeat(10), Stock.ofKeys("SET key:{n} {value}")),
    EXPIRE("EXPIRE exp:{n} {100000-199999}", Stock.ofKeys("SET exp:{n} {value}")),
    LRANGE_100("LRANGE shortlist 0 99", Stock.of("shortlist", "RPUSH shortlist {value}", 600)),
    LRANGE_300("LRANGE shortlist 0 299", Stock.of("shortlist", "RPUSH shortlist {value}", 600)),
    LRANGE_600("LRANGE shortlist 0 599", Stock.of("shortlist", "RPUSH shortlist {value}", 600)),

    PING("PING", Stock.emptied("nothing")),
    EXISTS("EXISTS key:{n}", Stock.ofKeys("SET key:{n} {value}")),
    GETRANGE("GETRANGE key:{n} 0 15", Stock.ofKeys("SET key:{n} {value}")),
    SCAN("SCAN 0", Stock.ofKeys("SET key:{n} {value}")),
    LMOVE("LMOVE shortlist shortlist LEFT RIGHT", Stock.of("shortlist", "RPUSH shortlist {value}", 600)),
    SISMEMBER("SISMEMBER keptset element:{n}", Stock.ofKeys("SADD keptset element:{n}")),
    SMEMBERS("SMEMBERS shortset", Stock.of("shortset", "SADD shortset element:{n}", 100)),
    HINCRBY("HINCRBY counts:{n} hits 1", Stock.ofKeys("HSET counts:{n} hits 1 name {value}")),
    HGETALL("HGETALL counts:{n}", Stock.ofKeys("HSET counts:{n} hits 1 name {value}")),
    ZSCORE("ZSCORE keptzset element:{n}", Stock.ofKeys("ZADD keptzset {100000-999999} element:{n}")),
    ZINCRBY("ZINCRBY keptzset 1 element:{n}", Stock.ofKeys("ZADD keptzset {100000-999999} element:{n}")),
    ZRANK("ZRANK keptzset element:{n}", Stock.ofKeys("ZADD keptzset {100000-999999} element:{n}")),
    ZRANGE(
            "ZRANGE keptzset {100000-900000} +inf BYSCORE LIMIT 0 10",
            Stock.ofKeys("ZADD keptzset {100000-999999} element:{n}")),
    SETBIT("SETBIT bits {1000000-8999999} 1", Stock.emptied("bits")),
    BITCOUNT("BITCOUNT key:{n}", Stock.ofKeys("SET key:{n} {value}")),
    BITFIELD("BITFIELD fields INCRBY u16 #{10000-99999} 1", Stock.emptied("fields")),
    PFADD("PFADD visitors element:{n}", Stock.emptied("visitors")),
    PFCOUNT("PFCOUNT keptvisitors", Stock.of("keptvisitors", "PFADD keptvisitors element:{n}", 100_000)),
    GEOADD("GEOADD places {10-19}.{100000-999999} {40-49}.{100000-999999} element:{n}", Stock.emptied("places")),
    GEOSEARCH(
            "GEOSEARCH keptplaces FROMLONLAT {10-19}.{100000-999999} {40-49}.{100000-999999} BYRADIUS 1 km",
            Stock.ofKeys("GEOADD keptplaces {10-19}.{100000-999999} {40-49}.{100000-999999} element:{n}")),
    XADD("XADD stream * field {value}", Stock.emptied("stream")),
    XRANGE("XRANGE keptstream - + COUNT 10", Stock.of("keptstream", "XADD keptstream * field {value}", 100_000)),
    PUBLISH("PUBLISH channel {value}", Stock.emptied("nothing")),
    GET_100K("GET large:{100-199}", Stock.of("large:100", "SET large:{100-199} {value:102400}", 2_000)),
    SET_100K("SET large:{100-199} {value:102400}", Stock.of("large:100", "SET large:{100-199} {value:102400}", 2_000));

    private final Template command;
    private final Stock stock;

    Workload(String command, Stock stock) {
        this.command = Template.of(command);
        this.stock = stock;
    }

    Template command() {
        return command;
    }

    Stock stock() {
        return stock;
    }

    String title() {
        return switch (this) {
            case MGET, MSET -> name() + " 10";
            default -> name().replace('_', ' ');
        };
    }
}
