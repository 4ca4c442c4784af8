package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.Category.CONNECTION;
import static dev.jackdaw.protocol.command.Category.DANGEROUS;
import static dev.jackdaw.protocol.command.Category.LIST;
import static dev.jackdaw.protocol.command.Category.SET;
import static dev.jackdaw.protocol.command.Category.SORTEDSET;
import static dev.jackdaw.protocol.command.CommandSpec.container;
import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.CommandSpec.sub;
import static dev.jackdaw.protocol.command.Flag.DENYOOM;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.LOADING;
import static dev.jackdaw.protocol.command.Flag.NOSCRIPT;
import static dev.jackdaw.protocol.command.Flag.READONLY;
import static dev.jackdaw.protocol.command.Flag.STALE;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.DELETE;
import static dev.jackdaw.protocol.command.KeyFlag.INCOMPLETE;
import static dev.jackdaw.protocol.command.KeyFlag.INSERT;
import static dev.jackdaw.protocol.command.KeyFlag.OW;
import static dev.jackdaw.protocol.command.KeyFlag.RM;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;
import static dev.jackdaw.protocol.command.KeySpec.all;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.command.KeySpec.second;
import static dev.jackdaw.protocol.command.KeySpec.unknown;
import static dev.jackdaw.protocol.command.Tip.AGG_MIN;
import static dev.jackdaw.protocol.command.Tip.AGG_SUM;
import static dev.jackdaw.protocol.command.Tip.ASK_ALL_SHARDS;
import static dev.jackdaw.protocol.command.Tip.ASK_MULTI_SHARD;
import static dev.jackdaw.protocol.command.Tip.ASK_SPECIAL;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT_ORDER;
import static dev.jackdaw.protocol.route.Merge.ANY_OK;
import static dev.jackdaw.protocol.route.Merge.CONCAT;
import static dev.jackdaw.protocol.route.Merge.CURSOR;
import static dev.jackdaw.protocol.route.Merge.MIN;
import static dev.jackdaw.protocol.route.Merge.SUM;
import static dev.jackdaw.protocol.route.Route.PINNED;
import static dev.jackdaw.protocol.route.Route.everyNode;
import static dev.jackdaw.protocol.route.Route.split;

/** Immutable: the commands on keys, whatever their type, and on the key space. */
public enum KeyCommand implements Command {
    // spotless:off
    DEL(row("key [key ...]").keys(all(RM, DELETE)).flags(WRITE)
            .route(split(SUM)).tips(ASK_MULTI_SHARD, AGG_SUM)
            .since("1.0.0").summary("Deletes keys.").complexity("O(N) for N elements in all")),
    UNLINK(row("key [key ...]").keys(all(RM, DELETE)).flags(WRITE, FAST)
            .route(split(SUM)).tips(ASK_MULTI_SHARD, AGG_SUM)
            .since("4.0.0").summary("Deletes keys and frees their memory later.").complexity("O(N) for N keys")),
    EXISTS(row("key [key ...]").keys(all(RO)).flags(READONLY, FAST)
            .route(split(SUM)).tips(ASK_MULTI_SHARD, AGG_SUM)
            .since("1.0.0").summary("Counts the keys that exist.").complexity("O(N) for N keys")),
    TOUCH(row("key [key ...]").keys(all(RO)).flags(READONLY, FAST)
            .route(split(SUM)).tips(ASK_MULTI_SHARD, AGG_SUM)
            .since("3.2.1").summary("Marks keys as just used and counts those that exist.").complexity("O(N) for N keys")),
    TYPE(row("key").keys(first(RO)).flags(READONLY, FAST)
            .since("1.0.0").summary("Returns the type of a value.")),
    EXPIRE(row("key seconds [NX | XX | GT | LT]").keys(first(RW, UPDATE)).flags(WRITE, FAST)
            .since("1.0.0").summary("Sets the time to live in seconds.")),
    PEXPIRE(row("key milliseconds [NX | XX | GT | LT]").keys(first(RW, UPDATE)).flags(WRITE, FAST)
            .since("2.6.0").summary("Sets the time to live in milliseconds.")),
    EXPIREAT(row("key unix-time-seconds [NX | XX | GT | LT]").keys(first(RW, UPDATE)).flags(WRITE, FAST)
            .since("1.2.0").summary("Sets the time of expiry, a Unix time in seconds.")),
    PEXPIREAT(row("key unix-time-milliseconds [NX | XX | GT | LT]").keys(first(RW, UPDATE)).flags(WRITE, FAST)
            .since("2.6.0").summary("Sets the time of expiry, a Unix time in milliseconds.")),
    TTL(row("key").keys(first(RO, ACCESS)).flags(READONLY, FAST).tips(NONDETERMINISTIC_OUTPUT)
            .since("1.0.0").summary("Returns the time to live in seconds.")),
    PTTL(row("key").keys(first(RO, ACCESS)).flags(READONLY, FAST).tips(NONDETERMINISTIC_OUTPUT)
            .since("2.6.0").summary("Returns the time to live in milliseconds.")),
    EXPIRETIME(row("key").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("7.0.0").summary("Returns the time of expiry, a Unix time in seconds.")),
    PEXPIRETIME(row("key").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("7.0.0").summary("Returns the time of expiry, a Unix time in milliseconds.")),

    PERSIST(row("key").keys(first(RW, UPDATE)).flags(WRITE, FAST)
            .since("2.2.0").summary("Removes the time to live.")),
    RENAME(row("key newkey").keys(first(RW, ACCESS, DELETE), second(OW, UPDATE)).flags(WRITE)
            .since("1.0.0").summary("Renames a key and replaces the key that had the new name.")),
    RENAMENX(row("key newkey").keys(first(RW, ACCESS, DELETE), second(OW, INSERT)).flags(WRITE, FAST)
            .since("1.0.0").summary("Renames a key if no key has the new name.")),
    COPY(row("source destination [DB db] [REPLACE]").keys(first(RO, ACCESS), second(OW, UPDATE)).flags(WRITE, DENYOOM)
            .since("6.2.0").summary("Copies a value to another key.").complexity("O(N) for N elements")),
    MOVE(row("key db").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, FAST)
            .since("1.0.0").summary("Moves a key to another database.")),
    DUMP(row("key").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("2.6.0").summary("Returns a value in the form that RESTORE takes.").complexity("O(N) for N bytes")),
    RESTORE(row("key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]")
            .keys(first(OW, UPDATE)).flags(WRITE, DENYOOM).categories(DANGEROUS)
            .since("2.6.0").summary("Creates a key with a value that DUMP has returned.").complexity("O(N) for N bytes")),
    MIGRATE(row("host port:integer key destination-db:integer timeout:integer [COPY] [REPLACE] [AUTH password | AUTH2 username password] [KEYS key [key ...]]")
            .keys(
                    KeyFinder.MIGRATE,
                    KeySpec.at(3, RW, ACCESS, DELETE),
                    KeySpec.after("KEYS", -2, new KeySpec.Range(-1, 1, 0), RW, ACCESS, DELETE, INCOMPLETE))
            .flags(WRITE).route(PINNED).tips(NONDETERMINISTIC_OUTPUT).categories(DANGEROUS).arity(-6)
            .since("2.6.0").summary("Moves or copies keys to another server.").complexity("O(N) for N bytes")),
    KEYS(row("pattern").flags(READONLY).categories(DANGEROUS)
            .route(everyNode(CONCAT)).tips(ASK_ALL_SHARDS, NONDETERMINISTIC_OUTPUT_ORDER)
            .since("1.0.0").summary("Returns all keys that match a pattern.").complexity("O(N) for N keys in the database")),
    SCAN(row("cursor [MATCH pattern] [COUNT count] [TYPE type]").flags(READONLY)
            .route(everyNode(CURSOR)).tips(NONDETERMINISTIC_OUTPUT, ASK_SPECIAL)
            .since("2.8.0").summary("Walks over the keys, some at each call.").complexity("O(1) for a call, O(N) for the whole walk")),
    RANDOMKEY(row("").flags(READONLY)
            .route(everyNode(ANY_OK)).tips(ASK_ALL_SHARDS, NONDETERMINISTIC_OUTPUT)
            .since("1.0.0").summary("Returns some key.")),
    SORT(row("key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA] [STORE destination]")
            .keys(
                    KeyFinder.SORT,
                    first(RO, ACCESS),
                    unknown(RO, ACCESS).notes("The keys that BY and GET name follow from the elements."),
                    unknown(OW, UPDATE).notes("The key of STORE, which may stand anywhere behind the first key."))
            .flags(WRITE, DENYOOM).outsideFamily().categories(SET, SORTEDSET, LIST, DANGEROUS)
            .since("1.0.0").summary("Sorts a list, set or sorted set and returns or stores the result.").complexity("O(N+M*log(M)) for N elements, M of them returned")),
    SORT_RO(row("key [BY pattern] [LIMIT offset count] [GET pattern [GET pattern ...]] [ASC | DESC] [ALPHA]")
            .keys(
                    KeyFinder.FIRST_READ,
                    first(RO, ACCESS),
                    unknown(RO, ACCESS).notes("The keys that BY and GET name follow from the elements."))
            .flags(READONLY).outsideFamily().categories(SET, SORTEDSET, LIST, DANGEROUS)
            .since("7.0.0").summary("Returns the sorted elements of a list, set or sorted set.").complexity("O(N+M*log(M)) for N elements, M of them returned")),
    WAIT(row("numreplicas timeout:integer").outsideFamily().categories(CONNECTION).flags(NOSCRIPT).tips(ASK_ALL_SHARDS, AGG_MIN).route(everyNode(MIN))
            .since("3.0.0").summary("Waits until replicas have the connection's writes.")),
    OBJECT(container().since("2.2.3").summary("Tells how a value is stored.")),
    OBJECT_ENCODING(sub("key").keys(second(RO)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("2.2.3").summary("Returns the encoding of a value.")),
    OBJECT_FREQ(sub("key").keys(second(RO)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("4.0.0").summary("Returns how often a key is used, a logarithmic counter.")),
    OBJECT_IDLETIME(sub("key").keys(second(RO)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("2.2.3").summary("Returns the seconds since a key was last used.")),
    OBJECT_REFCOUNT(sub("key").keys(second(RO)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("2.2.3").summary("Returns how many references a value has.")),

    OBJECT_HELP(sub("").flags(LOADING, STALE).since("6.2.0").summary("Prints this help."));
    // spotless:on

    private final CommandSpec spec;

    KeyCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.KEY);
    }

    @Override
    public Family family() {
        return Family.KEY;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
