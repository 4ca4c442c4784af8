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
import static dev.jackdaw.protocol.command.KeySpec.all;
import static dev.jackdaw.protocol.command.KeySpec.allFrom;
import static dev.jackdaw.protocol.command.KeySpec.counted;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.command.KeySpec.second;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT_ORDER;

/** Immutable: the commands on sets. */
public enum SetCommand implements Command {
    // spotless:off
    SADD(row("key member [member ...]").keys(first(RW, INSERT)).flags(WRITE, DENYOOM, FAST)
            .since("1.0.0").summary("Adds members.").complexity("O(N) for N members")),
    SREM(row("key member [member ...]").keys(first(RW, DELETE)).flags(WRITE, FAST)
            .since("1.0.0").summary("Removes members.").complexity("O(N) for N members")),
    SMEMBERS(row("key").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("1.0.0").summary("Returns all members.").complexity("O(N) for N members")),
    SISMEMBER(row("key member").keys(first(RO)).flags(READONLY, FAST)
            .since("1.0.0").summary("Tells whether a member is in the set.")),
    SCARD(row("key").keys(first(RO)).flags(READONLY, FAST)
            .since("1.0.0").summary("Returns the number of members.")),
    SMISMEMBER(row("key member [member ...]").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("6.2.0").summary("Tells for each of several members whether it is in the set.").complexity("O(N) for N members")),
    SPOP(row("key [count]").keys(first(RW, ACCESS, DELETE)).flags(WRITE, FAST).tips(NONDETERMINISTIC_OUTPUT)
            .since("1.0.0").summary("Removes random members and returns them.").complexity("O(N) for N members")),
    SRANDMEMBER(row("key [count]").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("1.0.0").summary("Returns random members.").complexity("O(N) for N members")),
    SMOVE(row("source destination member").keys(first(RW, ACCESS, DELETE), second(RW, INSERT)).flags(WRITE, FAST)
            .since("1.0.0").summary("Moves a member from one set to another.")),
    SINTER(row("key [key ...]").keys(all(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("1.0.0").summary("Returns the members that all the sets have.").complexity("O(N*M) for M sets, N members in the smallest")),
    SINTERSTORE(row("destination key [key ...]").keys(first(RW, UPDATE), allFrom(2, RO, ACCESS)).flags(WRITE, DENYOOM)
            .since("1.0.0").summary("Stores the members that all the sets have.").complexity("O(N*M) for M sets, N members in the smallest")),
    SINTERCARD(row("numkeys key [key ...] [LIMIT limit]").keys(counted(1, RO, ACCESS)).flags(READONLY)
            .since("7.0.0").summary("Returns how many members all the sets have in common.").complexity("O(N*M) for M sets, N members in the smallest")),
    SUNION(row("key [key ...]").keys(all(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("1.0.0").summary("Returns the members that any of the sets has.").complexity("O(N) for N members in all sets")),
    SUNIONSTORE(row("destination key [key ...]").keys(first(OW, UPDATE), allFrom(2, RO, ACCESS)).flags(WRITE, DENYOOM)
            .since("1.0.0").summary("Stores the members that any of the sets has.").complexity("O(N) for N members in all sets")),
    SDIFF(row("key [key ...]").keys(all(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("1.0.0").summary("Returns the members of the first set that no other has.").complexity("O(N*M) for M sets, N members in the first")),
    SDIFFSTORE(row("destination key [key ...]").keys(first(OW, UPDATE), allFrom(2, RO, ACCESS)).flags(WRITE, DENYOOM)
            .since("1.0.0").summary("Stores the members of the first set that no other has.").complexity("O(N*M) for M sets, N members in the first")),
    SSCAN(row("key cursor [MATCH pattern] [COUNT count]").keys(first(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT)
            .since("2.8.0").summary("Returns some members and where to go on.").complexity("O(1) for a call, O(N) for all N members"));
    // spotless:on

    private final CommandSpec spec;

    SetCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.SET);
    }

    @Override
    public Family family() {
        return Family.SET;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
