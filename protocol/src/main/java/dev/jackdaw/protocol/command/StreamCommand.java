package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.container;
import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.CommandSpec.sub;
import static dev.jackdaw.protocol.command.Flag.BLOCKING;
import static dev.jackdaw.protocol.command.Flag.DENYOOM;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.LOADING;
import static dev.jackdaw.protocol.command.Flag.READONLY;
import static dev.jackdaw.protocol.command.Flag.STALE;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.DELETE;
import static dev.jackdaw.protocol.command.KeyFlag.INSERT;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;
import static dev.jackdaw.protocol.command.KeySpec.after;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.command.KeySpec.second;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT;

/** Immutable: the commands on streams. */
public enum StreamCommand implements Command {
    // spotless:off
    XADD(row("key [NOMKSTREAM] [KEEPREF | DELREF | ACKED] [<MAXLEN | MINID> [= | ~] threshold [LIMIT count]] <* | id> field value [field value ...]")
            .keys(first(RW, UPDATE).notes("UPDATE instead of INSERT because of the optional trimming feature"))
            .flags(WRITE, DENYOOM, FAST).tips(NONDETERMINISTIC_OUTPUT)
            .since("5.0.0").summary("Appends an entry to a stream.").complexity("O(1), and O(N) for N entries trimmed")),
    XLEN(row("key").keys(first(RO)).flags(READONLY, FAST)
            .since("5.0.0").summary("Returns the number of entries.")),
    XRANGE(row("key start:string end:string [COUNT count]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("5.0.0").summary("Returns the entries between two IDs.").complexity("O(log(M)+N) for N entries returned of M")),
    XREVRANGE(row("key end:string start:string [COUNT count]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("5.0.0").summary("Returns the entries between two IDs, the last first.").complexity("O(log(M)+N) for N entries returned of M")),
    XREAD(row("[COUNT count] [BLOCK milliseconds] (STREAMS key [key ...] id [id ...])")
            .keys(after("STREAMS", 1, new KeySpec.Range(-1, 1, 2), RO, ACCESS)).flags(READONLY, BLOCKING)
            .since("5.0.0").summary("Returns the entries of streams above IDs, and may wait for some.").complexity("O(N) for N entries returned")),
    XDEL(row("key id [id ...]").keys(first(RW, DELETE)).flags(WRITE, FAST)
            .since("5.0.0").summary("Removes entries.").complexity("O(N) for N IDs")),
    XDELEX(row("key [KEEPREF | DELREF | ACKED] (IDS numids id [id ...])").keys(first(RW, DELETE)).flags(WRITE, FAST)
            .since("8.2.0").summary("Removes entries, with regard to the groups that know of them.").complexity("O(N*M) for N IDs and M groups")),
    XTRIM(row("key (<MAXLEN | MINID> [= | ~] threshold [LIMIT count]) [KEEPREF | DELREF | ACKED]").keys(first(RW, DELETE)).flags(WRITE).tips(NONDETERMINISTIC_OUTPUT)
            .since("5.0.0").summary("Removes the first entries.").complexity("O(N) for N entries removed")),
    XSETID(row("key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("5.0.0").summary("Sets what a stream knows of its past.")),

    XGROUP(container().since("5.0.0").summary("Makes and removes consumer groups.")),
    XGROUP_CREATE(sub("key group <id | $> [MKSTREAM] [ENTRIESREAD entries-read]").keys(second(RW, INSERT)).flags(WRITE, DENYOOM)
            .since("5.0.0").summary("Makes a consumer group.")),
    XGROUP_SETID(sub("key group <id | $> [ENTRIESREAD entries-read]").keys(second(RW, UPDATE)).flags(WRITE)
            .since("5.0.0").summary("Sets the ID from which on a group reads.")),
    XGROUP_DESTROY(sub("key group").keys(second(RW, DELETE)).flags(WRITE)
            .since("5.0.0").summary("Removes a consumer group.").complexity("O(N) for N pending entries")),
    XGROUP_CREATECONSUMER(sub("key group consumer").keys(second(RW, INSERT)).flags(WRITE, DENYOOM)
            .since("6.2.0").summary("Makes a consumer.")),
    XGROUP_DELCONSUMER(sub("key group consumer").keys(second(RW, DELETE)).flags(WRITE)
            .since("5.0.0").summary("Removes a consumer and what is pending for it.").complexity("O(N) for N pending entries")),
    XGROUP_HELP(sub("").flags(LOADING, STALE).since("5.0.0").summary("Prints this help.")),

    XREADGROUP(row("(GROUP group consumer) [COUNT count] [BLOCK milliseconds] [NOACK] (STREAMS key [key ...] id [id ...])")
            .keys(after("STREAMS", 4, new KeySpec.Range(-1, 1, 2), RO, ACCESS)).flags(WRITE, BLOCKING)
            .since("5.0.0").summary("Returns new entries to a consumer, or those that are pending for it.").complexity("O(N) for N entries returned")),
    XACK(row("key group id [id ...]").keys(first(RW, UPDATE)).flags(WRITE, FAST)
            .since("5.0.0").summary("Acknowledges entries, which are not pending any more.").complexity("O(N) for N IDs")),
    XACKDEL(row("key group [KEEPREF | DELREF | ACKED] (IDS numids id [id ...])").keys(first(RW, UPDATE, DELETE)).flags(WRITE, FAST)
            .since("8.2.0").summary("Acknowledges entries and removes them, with regard to the other groups.").complexity("O(N*M) for N IDs and M groups")),
    XPENDING(row("key group [[IDLE min-idle-time:integer] start:string end:string count [consumer]]").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("5.0.0").summary("Returns what is pending in a group.").complexity("O(N) for N entries returned")),
    XCLAIM(row("key group consumer min-idle-time id [id ...] [IDLE milliseconds] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID last-id]")
            .keys(first(RW, UPDATE)).flags(WRITE, FAST).tips(NONDETERMINISTIC_OUTPUT)
            .since("5.0.0").summary("Gives pending entries to another consumer.").complexity("O(log(N)) for each ID")),
    XAUTOCLAIM(row("key group consumer min-idle-time start:string [COUNT count] [JUSTID]")
            .keys(first(RW, DELETE)).flags(WRITE, FAST).tips(NONDETERMINISTIC_OUTPUT)
            .since("6.2.0").summary("Gives the pending entries that have waited for long to another consumer.").complexity("O(1) if COUNT is small")),

    XINFO(container().since("5.0.0").summary("Tells about a stream and its groups.")),
    XINFO_STREAM(sub("key [FULL [COUNT count]]").keys(second(RO, ACCESS)).flags(READONLY)
            .since("5.0.0").summary("Tells about a stream.")),
    XINFO_GROUPS(sub("key").keys(second(RO, ACCESS)).flags(READONLY)
            .since("5.0.0").summary("Tells about the groups of a stream.")),
    XINFO_CONSUMERS(sub("key group").keys(second(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("5.0.0").summary("Tells about the consumers of a group.")),
    XINFO_HELP(sub("").flags(LOADING, STALE).since("5.0.0").summary("Prints this help."));
    // spotless:on

    private final CommandSpec spec;

    StreamCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.STREAM);
    }

    @Override
    public Family family() {
        return Family.STREAM;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
