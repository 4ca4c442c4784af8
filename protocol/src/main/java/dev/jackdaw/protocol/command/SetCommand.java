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
import static dev.jackdaw.protocol.command.KeySpec.all;
import static dev.jackdaw.protocol.command.KeySpec.first;
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
    SINTER(row("key [key ...]").keys(all(RO, ACCESS)).flags(READONLY).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("1.0.0").summary("Returns the members that all the sets have.").complexity("O(N*M) for M sets, N members in the smallest"));
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
