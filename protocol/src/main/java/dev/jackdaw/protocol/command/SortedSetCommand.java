package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.Flag.DENYOOM;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.READONLY;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.DELETE;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;
import static dev.jackdaw.protocol.command.KeySpec.first;

/** Immutable: the commands on sorted sets. */
public enum SortedSetCommand implements Command {
    // spotless:off
    ZADD(row("key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("1.2.0").summary("Adds members with their scores, or changes scores.").complexity("O(log(N)) for each of the members, N in the set")),
    ZRANGE(row("key start stop [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("1.2.0").summary("Returns the members of a range of ranks, scores or names.").complexity("O(log(N)+M) for M of N members")),
    ZREM(row("key member [member ...]").keys(first(RW, DELETE)).flags(WRITE, FAST)
            .since("1.2.0").summary("Removes members.").complexity("O(log(N)) for each of the members, N in the set")),
    ZSCORE(row("key member").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("1.2.0").summary("Returns the score of a member.")),
    ZCARD(row("key").keys(first(RO)).flags(READONLY, FAST)
            .since("1.2.0").summary("Returns the number of members."));
    // spotless:on

    private final CommandSpec spec;

    SortedSetCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.SORTED_SET);
    }

    @Override
    public Family family() {
        return Family.SORTED_SET;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
