package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.Flag.DENYOOM;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.READONLY;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.DELETE;
import static dev.jackdaw.protocol.command.KeyFlag.INSERT;
import static dev.jackdaw.protocol.command.KeyFlag.OW;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;
import static dev.jackdaw.protocol.command.KeyFlag.VARIABLE_FLAGS;
import static dev.jackdaw.protocol.command.KeySpec.all;
import static dev.jackdaw.protocol.command.KeySpec.countedPairs;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.command.KeySpec.firstTwo;
import static dev.jackdaw.protocol.command.KeySpec.pairs;
import static dev.jackdaw.protocol.command.Tip.AGG_MIN;
import static dev.jackdaw.protocol.command.Tip.ALL_SUCCEEDED;
import static dev.jackdaw.protocol.command.Tip.ASK_MULTI_SHARD;
import static dev.jackdaw.protocol.route.Merge.ALL_OK;
import static dev.jackdaw.protocol.route.Merge.KEY_ORDER;
import static dev.jackdaw.protocol.route.Route.split;

/** Immutable: the commands on strings. */
public enum StringCommand implements Command {
    // spotless:off
    GET(row("key").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("1.0.0").summary("Returns the value of a key.")),
    SET(row("key value [NX | XX | IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]")
            .keys(KeyFinder.SET, first(RW, ACCESS, UPDATE, VARIABLE_FLAGS).notes("Reads the old value when GET or a comparison is given."))
            .flags(WRITE, DENYOOM)
            .since("1.0.0").summary("Sets the value of a key, whatever it held.")),
    GETEX(row("key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]")
            .keys(first(RW, ACCESS, UPDATE).notes("Counts as an update because it may change the time to live."))
            .flags(WRITE, FAST)
            .since("6.2.0").summary("Returns the value of a key and sets its time to live.")),
    GETDEL(row("key").keys(first(RW, ACCESS, DELETE)).flags(WRITE, FAST)
            .since("6.2.0").summary("Returns the value of a key and deletes it.")),
    GETSET(row("key value").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("1.0.0").deprecated("6.2.0", "`SET` with `GET`").summary("Returns the old value of a key and sets a new one.")),
    MGET(row("key [key ...]").keys(all(RO, ACCESS)).flags(READONLY, FAST)
            .route(split(KEY_ORDER)).tips(ASK_MULTI_SHARD)
            .since("1.0.0").summary("Returns the values of several keys.").complexity("O(N) for N keys")),
    MSET(row("key value [key value ...]").keys(pairs(OW, UPDATE)).flags(WRITE, DENYOOM)
            .route(split(ALL_OK)).tips(ASK_MULTI_SHARD, ALL_SUCCEEDED)
            .since("1.0.1").summary("Sets several keys.").complexity("O(N) for N keys")),
    MSETNX(row("key value [key value ...]").keys(pairs(OW, INSERT)).flags(WRITE, DENYOOM)
            .tips(ASK_MULTI_SHARD, AGG_MIN)
            .since("1.0.1").summary("Sets several keys if none of them exists.").complexity("O(N) for N keys")),
    MSETEX(row("numkeys key value [key value ...] [NX | XX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]")
            .keys(countedPairs(1, OW, UPDATE)).flags(WRITE, DENYOOM)
            .since("8.4.0").summary("Sets several keys and one time to live for all of them.").complexity("O(N) for N keys")),
    SETNX(row("key value").keys(first(OW, INSERT)).flags(WRITE, DENYOOM, FAST)
            .since("1.0.0").summary("Sets a key that does not exist.")),
    SETEX(row("key seconds value").keys(first(OW, UPDATE)).flags(WRITE, DENYOOM)
            .since("2.0.0").summary("Sets a key and its time to live in seconds.")),
    PSETEX(row("key milliseconds value").keys(first(OW, UPDATE)).flags(WRITE, DENYOOM)
            .since("2.6.0").summary("Sets a key and its time to live in milliseconds.")),
    DELEX(row("key [IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]")
            .keys(KeyFinder.DELEX, first(RW, ACCESS, DELETE, VARIABLE_FLAGS).notes("Reads the value when a comparison is given."))
            .flags(WRITE, FAST)
            .since("8.4.0").summary("Deletes a key, if need be only if its value compares as wanted.").complexity("O(N) for N bytes")),
    DELIFEQ(row("key value").keys(first(RW, ACCESS, DELETE)).flags(WRITE, FAST)
            .since("9.0.0").summary("Deletes a key if it has this value.")),
    DIGEST(row("key").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("8.4.0").summary("Returns the XXH3 hash of a value in hexadecimal digits.").complexity("O(N) for N bytes")),
    APPEND(row("key value").keys(first(RW, INSERT)).flags(WRITE, DENYOOM, FAST)
            .since("2.0.0").summary("Appends to the value of a key.").complexity("O(N) for N bytes appended")),
    STRLEN(row("key").keys(first(RO)).flags(READONLY, FAST)
            .since("2.2.0").summary("Returns the length of a value in bytes.")),
    INCR(row("key").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("1.0.0").summary("Adds one to an integer.")),
    DECR(row("key").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("1.0.0").summary("Subtracts one from an integer.")),
    INCRBY(row("key increment").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("1.0.0").summary("Adds to an integer.")),
    DECRBY(row("key decrement").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("1.0.0").summary("Subtracts from an integer.")),
    INCRBYFLOAT(row("key increment:double").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("2.6.0").summary("Adds to a floating point number.")),
    SETRANGE(row("key offset value").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM)
            .since("2.2.0").summary("Overwrites a part of a value.").complexity("O(N) for N bytes written")),
    GETRANGE(row("key start end").keys(first(RO, ACCESS)).flags(READONLY)
            .since("2.4.0").summary("Returns a part of a value.").complexity("O(N) for N bytes returned")),
    SUBSTR(row("key start end").keys(first(RO, ACCESS)).flags(READONLY)
            .since("1.0.0").deprecated("2.0.0", "`GETRANGE`").summary("Returns a part of a value.").complexity("O(N) for N bytes returned")),
    LCS(row("key1 key2 [LEN] [IDX] [MINMATCHLEN length] [WITHMATCHLEN]").keys(firstTwo(RO, ACCESS)).flags(READONLY)
            .since("7.0.0").summary("Finds the longest common subsequence of two values.").complexity("O(N*M) for values of N and M bytes"));
    // spotless:on

    private final CommandSpec spec;

    StringCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.STRING);
    }

    @Override
    public Family family() {
        return Family.STRING;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
