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
import static dev.jackdaw.protocol.command.KeySpec.first;

/** Immutable: the commands on lists. */
public enum ListCommand implements Command {
    // spotless:off
    LPUSH(row("key element [element ...]").keys(first(RW, INSERT)).flags(WRITE, DENYOOM, FAST)
            .since("1.0.0").summary("Adds elements before the first.").complexity("O(N) for N elements added")),
    RPUSH(row("key element [element ...]").keys(first(RW, INSERT)).flags(WRITE, DENYOOM, FAST)
            .since("1.0.0").summary("Adds elements after the last.").complexity("O(N) for N elements added")),
    LPOP(row("key [count]").keys(first(RW, ACCESS, DELETE)).flags(WRITE, FAST)
            .since("1.0.0").summary("Removes the first elements and returns them.").complexity("O(N) for N elements returned")),
    RPOP(row("key [count]").keys(first(RW, ACCESS, DELETE)).flags(WRITE, FAST)
            .since("1.0.0").summary("Removes the last elements and returns them.").complexity("O(N) for N elements returned")),
    LLEN(row("key").keys(first(RO)).flags(READONLY, FAST)
            .since("1.0.0").summary("Returns the length of a list.")),
    LRANGE(row("key start stop").keys(first(RO, ACCESS)).flags(READONLY)
            .since("1.0.0").summary("Returns the elements between two positions.").complexity("O(S+N) for N elements, S away from the nearer end")),
    LINDEX(row("key index").keys(first(RO, ACCESS)).flags(READONLY)
            .since("1.0.0").summary("Returns the element at a position.").complexity("O(N) for N elements from the nearer end"));
    // spotless:on

    private final CommandSpec spec;

    ListCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.LIST);
    }

    @Override
    public Family family() {
        return Family.LIST;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
