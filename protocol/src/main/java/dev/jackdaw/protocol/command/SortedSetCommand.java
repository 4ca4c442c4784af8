package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.Flag.BLOCKING;
import static dev.jackdaw.protocol.command.Flag.DENYOOM;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.NOSCRIPT;
import static dev.jackdaw.protocol.command.Flag.READONLY;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.DELETE;
import static dev.jackdaw.protocol.command.KeyFlag.OW;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;
import static dev.jackdaw.protocol.command.KeySpec.allButLast;
import static dev.jackdaw.protocol.command.KeySpec.counted;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.command.KeySpec.second;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT;

import dev.jackdaw.protocol.route.Route;

/** Immutable: the commands on sorted sets. */
public enum SortedSetCommand implements Command {
    // spotless:off
    ZADD(row("key [NX | XX] [GT | LT] [CH] [INCR] score member [score member ...]").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("1.2.0").summary("Adds members with their scores, or changes scores.").complexity("O(log(N)) for each of the members, N in the set")),
    ZRANGE(row("key start:string stop:string [BYSCORE | BYLEX] [REV] [LIMIT offset count] [WITHSCORES]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("1.2.0").summary("Returns the members of a range of ranks, scores or names.").complexity("O(log(N)+M) for M of N members")),
    ZREM(row("key member [member ...]").keys(first(RW, DELETE)).flags(WRITE, FAST)
            .since("1.2.0").summary("Removes members.").complexity("O(log(N)) for each of the members, N in the set")),
    ZSCORE(row("key member").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("1.2.0").summary("Returns the score of a member.")),
    ZCARD(row("key").keys(first(RO)).flags(READONLY, FAST)
            .since("1.2.0").summary("Returns the number of members.")),
    ZINCRBY(row("key increment member").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, DENYOOM, FAST)
            .since("1.2.0").summary("Adds to the score of a member.").complexity("O(log(N)) for N members")),
    ZMSCORE(row("key member [member ...]").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("6.2.0").summary("Returns the scores of members.").complexity("O(N) for N members asked for")),
    ZRANK(row("key member [WITHSCORE]").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("2.0.0").summary("Returns how many members are before one.").complexity("O(log(N)) for N members")),
    ZREVRANK(row("key member [WITHSCORE]").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("2.0.0").summary("Returns how many members are behind one.").complexity("O(log(N)) for N members")),
    ZCOUNT(row("key min max").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("2.0.0").summary("Counts the members in a range of scores.").complexity("O(log(N)) for N members")),
    ZLEXCOUNT(row("key min:string max:string").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("2.8.9").summary("Counts the members in a range of names.").complexity("O(log(N)) for N members")),
    ZRANGESTORE(row("dst src min:string max:string [BYSCORE | BYLEX] [REV] [LIMIT offset count]").keys(first(OW, UPDATE), second(RO, ACCESS)).flags(WRITE, DENYOOM)
            .since("6.2.0").summary("Stores a range of a sorted set as another.").complexity("O(log(N)+M*log(M)) for M of N members")),
    ZRANGEBYSCORE(row("key min max [WITHSCORES] [LIMIT offset count]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("1.0.5").deprecated("6.2.0", "ZRANGE with BYSCORE")
            .summary("Returns the members in a range of scores.").complexity("O(log(N)+M) for M of N members")),
    ZREVRANGE(row("key start stop [WITHSCORES]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("1.2.0").deprecated("6.2.0", "ZRANGE with REV")
            .summary("Returns the members in a range of ranks, the highest first.").complexity("O(log(N)+M) for M of N members")),
    ZREVRANGEBYSCORE(row("key max min [WITHSCORES] [LIMIT offset count]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("2.2.0").deprecated("6.2.0", "ZRANGE with REV and BYSCORE")
            .summary("Returns the members in a range of scores, the highest first.").complexity("O(log(N)+M) for M of N members")),
    ZRANGEBYLEX(row("key min:string max:string [LIMIT offset count]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("2.8.9").deprecated("6.2.0", "ZRANGE with BYLEX")
            .summary("Returns the members in a range of names.").complexity("O(log(N)+M) for M of N members")),
    ZREVRANGEBYLEX(row("key max:string min:string [LIMIT offset count]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("2.8.9").deprecated("6.2.0", "ZRANGE with REV and BYLEX")
            .summary("Returns the members in a range of names, the last first.").complexity("O(log(N)+M) for M of N members")),
    ZREMRANGEBYRANK(row("key start stop").keys(first(RW, DELETE)).flags(WRITE)
            .since("2.0.0").summary("Removes the members in a range of ranks.").complexity("O(log(N)*M) for M of N members")),
    ZREMRANGEBYSCORE(row("key min max").keys(first(RW, DELETE)).flags(WRITE)
            .since("1.2.0").summary("Removes the members in a range of scores.").complexity("O(log(N)*M) for M of N members")),
    ZREMRANGEBYLEX(row("key min:string max:string").keys(first(RW, DELETE)).flags(WRITE)
            .since("2.8.9").summary("Removes the members in a range of names.").complexity("O(log(N)*M) for M of N members")),
    ZPOPMIN(row("key [count]").keys(first(RW, ACCESS, DELETE)).flags(WRITE, FAST)
            .since("5.0.0").summary("Removes the members with the lowest scores and returns them.").complexity("O(log(N)*M) for M of N members")),
    ZPOPMAX(row("key [count]").keys(first(RW, ACCESS, DELETE)).flags(WRITE, FAST)
            .since("5.0.0").summary("Removes the members with the highest scores and returns them.").complexity("O(log(N)*M) for M of N members")),
    ZMPOP(row("numkeys key [key ...] <MIN | MAX> [COUNT count]").keys(counted(1, RW, ACCESS, DELETE)).flags(WRITE)
            .since("7.0.0").summary("Removes members of the first sorted set that is not empty and returns them.").complexity("O(K+log(N)*M) for K keys, M of N members")),
    BZPOPMIN(row("key [key ...] timeout").keys(allButLast(RW, ACCESS, DELETE)).flags(WRITE, NOSCRIPT, BLOCKING, FAST).route(Route.PINNED)
            .since("5.0.0").summary("Removes the member with the lowest score and returns it; waits for one.").complexity("O(log(N)) for N members")),
    BZPOPMAX(row("key [key ...] timeout").keys(allButLast(RW, ACCESS, DELETE)).flags(WRITE, NOSCRIPT, BLOCKING, FAST).route(Route.PINNED)
            .since("5.0.0").summary("Removes the member with the highest score and returns it; waits for one.").complexity("O(log(N)) for N members")),
    BZMPOP(row("timeout numkeys key [key ...] <MIN | MAX> [COUNT count]").keys(counted(2, RW, ACCESS, DELETE)).flags(WRITE, BLOCKING).route(Route.PINNED)
            .since("7.0.0").summary("Removes members of the first sorted set that is not empty and returns them; waits for some.").complexity("O(K+log(N)*M) for K keys, M of N members")),
    ZRANDMEMBER(row("key [count [WITHSCORES]]").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("6.2.0").summary("Returns members chosen at random.").complexity("O(N) for N members returned")),
    ZUNION(row("numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]").keys(counted(1, RO, ACCESS)).flags(READONLY)
            .since("6.2.0").summary("Returns the members that any of the sorted sets has.").complexity("O(N*log(M)) for N members in all, M in the result")),
    ZINTER(row("numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>] [WITHSCORES]").keys(counted(1, RO, ACCESS)).flags(READONLY)
            .since("6.2.0").summary("Returns the members that all the sorted sets have.").complexity("O(N*K+M*log(M)) for K keys, N members in the smallest, M in the result")),
    ZDIFF(row("numkeys key [key ...] [WITHSCORES]").keys(counted(1, RO, ACCESS)).flags(READONLY)
            .since("6.2.0").summary("Returns the members of the first sorted set that no other has.").complexity("O(N*K+M*log(M)) for K keys, N members in the first, M in the result")),
    ZUNIONSTORE(row("destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]").keys(first(OW, UPDATE), counted(2, RO, ACCESS)).flags(WRITE, DENYOOM)
            .since("2.0.0").summary("Stores the members that any of the sorted sets has.").complexity("O(N*log(M)) for N members in all, M in the result")),
    ZINTERSTORE(row("destination numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE <SUM | MIN | MAX>]").keys(first(OW, UPDATE), counted(2, RO, ACCESS)).flags(WRITE, DENYOOM)
            .since("2.0.0").summary("Stores the members that all the sorted sets have.").complexity("O(N*K+M*log(M)) for K keys, N members in the smallest, M in the result")),
    ZDIFFSTORE(row("destination numkeys key [key ...]").keys(first(OW, UPDATE), counted(2, RO, ACCESS)).flags(WRITE, DENYOOM)
            .since("6.2.0").summary("Stores the members of the first sorted set that no other has.").complexity("O(N*K+M*log(M)) for K keys, N members in the first, M in the result")),
    ZINTERCARD(row("numkeys key [key ...] [LIMIT limit]").keys(counted(1, RO, ACCESS)).flags(READONLY)
            .since("7.0.0").summary("Counts the members that all the sorted sets have.").complexity("O(N*K) for K keys, N members in the smallest")),
    ZSCAN(row("key cursor [MATCH pattern] [COUNT count]").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("2.8.0").summary("Walks through the members, some with each call.").complexity("O(1) for each call, O(N) for all N members"));
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
