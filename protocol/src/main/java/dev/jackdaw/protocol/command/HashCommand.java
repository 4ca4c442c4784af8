package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.Flag.DENYOOM;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.READONLY;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.DELETE;
import static dev.jackdaw.protocol.command.KeyFlag.INSERT;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT_ORDER;

/** Immutable: the commands on hashes. */
public enum HashCommand implements Command {
    // spotless:off
    HSET(row("key field value [field value ...]").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("2.0.0").summary("Sets fields.").complexity("O(N) for N fields")),
    HGET(row("key field").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("2.0.0").summary("Returns the value of a field.")),
    HMGET(row("key field [field ...]").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("2.0.0").summary("Returns the values of several fields.").complexity("O(N) for N fields")),
    HDEL(row("key field [field ...]").keys(first(RW, DELETE)).flags(WRITE, FAST)
            .since("2.0.0").summary("Deletes fields.").complexity("O(N) for N fields")),
    HGETALL(row("key").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("2.0.0").summary("Returns all fields with their values.").complexity("O(N) for N fields")),
    HLEN(row("key").keys(first(RO)).flags(READONLY, FAST)
            .since("2.0.0").summary("Returns the number of fields.")),
    HEXISTS(row("key field").keys(first(RO)).flags(READONLY, FAST)
            .since("2.0.0").summary("Tells whether a field exists.")),
    HINCRBY(row("key field increment").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("2.0.0").summary("Adds to the integer of a field.")),
    HINCRBYFLOAT(row("key field increment:double").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("2.6.0").summary("Adds to the number of a field.")),
    HSETNX(row("key field value").keys(first(RW, INSERT)).flags(WRITE, DENYOOM, FAST)
            .since("2.0.0").summary("Sets a field unless it exists.")),
    HMSET(row("key field value [field value ...]").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("2.0.0").deprecated("4.0.0", "HSET").summary("Sets fields.").complexity("O(N) for N fields")),
    HKEYS(row("key").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("2.0.0").summary("Returns all fields.").complexity("O(N) for N fields")),
    HVALS(row("key").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("2.0.0").summary("Returns all values.").complexity("O(N) for N fields")),
    HSTRLEN(row("key field").keys(first(RO)).flags(READONLY, FAST)
            .since("3.2.0").summary("Returns the length of a field's value.")),
    HRANDFIELD(row("key [count [WITHVALUES]]").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("6.2.0").summary("Returns random fields.").complexity("O(N) for N fields")),
    HSCAN(row("key cursor [MATCH pattern] [COUNT count] [NOVALUES]").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("2.8.0").summary("Returns some fields with their values, and where to go on.").complexity("O(1) for a call, O(N) for all N fields")),
    HEXPIRE(row("key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("7.4.0").summary("Sets the time to live of fields in seconds.").complexity("O(log(N)) for each field, of N that expire")),
    HPEXPIRE(row("key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("7.4.0").summary("Sets the time to live of fields in milliseconds.").complexity("O(log(N)) for each field, of N that expire")),
    HEXPIREAT(row("key unix-time-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("7.4.0").summary("Sets when fields expire, a Unix time in seconds.").complexity("O(log(N)) for each field, of N that expire")),
    HPEXPIREAT(row("key unix-time-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("7.4.0").summary("Sets when fields expire, a Unix time in milliseconds.").complexity("O(log(N)) for each field, of N that expire")),
    HTTL(row("key FIELDS numfields field [field ...]").keys(first(RO, ACCESS)).flags(READONLY, FAST).tips(NONDETERMINISTIC_OUTPUT)
            .since("7.4.0").summary("Returns the time to live of fields in seconds.").complexity("O(N) for N fields")),
    HPTTL(row("key FIELDS numfields field [field ...]").keys(first(RO, ACCESS)).flags(READONLY, FAST).tips(NONDETERMINISTIC_OUTPUT)
            .since("7.4.0").summary("Returns the time to live of fields in milliseconds.").complexity("O(N) for N fields")),
    HEXPIRETIME(row("key FIELDS numfields field [field ...]").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("7.4.0").summary("Returns when fields expire, Unix times in seconds.").complexity("O(N) for N fields")),
    HPEXPIRETIME(row("key FIELDS numfields field [field ...]").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("7.4.0").summary("Returns when fields expire, Unix times in milliseconds.").complexity("O(N) for N fields")),
    HPERSIST(row("key FIELDS numfields field [field ...]").keys(first(RW, UPDATE)).flags(WRITE, FAST)
            .since("7.4.0").summary("Lets fields stay for good.").complexity("O(N) for N fields")),
    HGETDEL(row("key FIELDS numfields field [field ...]").keys(first(RW, ACCESS, DELETE)).flags(WRITE, FAST)
            .since("8.0.0").summary("Returns the values of fields and deletes them.").complexity("O(N) for N fields")),
    HGETEX(row("key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST] FIELDS numfields field [field ...]")
            .keys(first(RW, ACCESS, UPDATE)).flags(WRITE, FAST)
            .since("8.0.0").summary("Returns the values of fields and sets their time to live.").complexity("O(N) for N fields")),
    HSETEX(row("key [FNX | FXX] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL] FIELDS numfields field value [field value ...]")
            .keys(first(RW, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("8.0.0").summary("Sets fields and their time to live.").complexity("O(N) for N fields"));
    // spotless:on

    private final CommandSpec spec;

    HashCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.HASH);
    }

    @Override
    public Family family() {
        return Family.HASH;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
