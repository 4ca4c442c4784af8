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
    LRANGE_600("LRANGE shortlist 0 599", Stock.of("shortlist", "RPUSH shortlist {value}", 600));

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
