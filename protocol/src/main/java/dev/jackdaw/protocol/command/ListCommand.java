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
import static dev.jackdaw.protocol.command.KeyFlag.INSERT;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;
import static dev.jackdaw.protocol.command.KeySpec.allButLast;
import static dev.jackdaw.protocol.command.KeySpec.counted;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.command.KeySpec.second;

import dev.jackdaw.protocol.route.Route;

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
            .since("1.0.0").summary("Returns the element at a position.").complexity("O(N) for N elements from the nearer end")),
    LPUSHX(row("key element [element ...]").keys(first(RW, INSERT)).flags(WRITE, DENYOOM, FAST)
            .since("2.2.0").summary("Adds elements before the first of a list that exists.").complexity("O(N) for N elements added")),
    RPUSHX(row("key element [element ...]").keys(first(RW, INSERT)).flags(WRITE, DENYOOM, FAST)
            .since("2.2.0").summary("Adds elements after the last of a list that exists.").complexity("O(N) for N elements added")),
    LSET(row("key index element").keys(first(RW, UPDATE)).flags(WRITE, DENYOOM)
            .since("1.0.0").summary("Replaces the element at a position.").complexity("O(N) for N elements from the nearer end")),
    LINSERT(row("key <BEFORE | AFTER> pivot element").keys(first(RW, INSERT)).flags(WRITE, DENYOOM)
            .since("2.2.0").summary("Adds an element beside another.").complexity("O(N) for N elements before the other")),
    LREM(row("key count element").keys(first(RW, DELETE)).flags(WRITE)
            .since("1.0.0").summary("Removes elements that equal one.").complexity("O(N) for N elements in the list")),
    LTRIM(row("key start stop").keys(first(RW, DELETE)).flags(WRITE)
            .since("1.0.0").summary("Keeps the elements between two positions and removes the others.").complexity("O(N) for N elements removed")),
    LPOS(row("key element [RANK rank] [COUNT num-matches] [MAXLEN len]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("6.0.6").summary("Returns the positions of elements that equal one.").complexity("O(N) for N elements in the list")),
    LMOVE(row("source destination <LEFT | RIGHT> <LEFT | RIGHT>").keys(first(RW, ACCESS, DELETE), second(RW, INSERT)).flags(WRITE, DENYOOM)
            .since("6.2.0").summary("Moves an element from an end of a list to an end of another.")),
    RPOPLPUSH(row("source destination").keys(first(RW, ACCESS, DELETE), second(RW, INSERT)).flags(WRITE, DENYOOM)
            .since("1.2.0").deprecated("6.2.0", "LMOVE with RIGHT and LEFT").summary("Moves the last element of a list to the front of another.")),
    BLPOP(row("key [key ...] timeout").keys(allButLast(RW, ACCESS, DELETE)).flags(WRITE, NOSCRIPT, BLOCKING).route(Route.PINNED)
            .since("2.0.0").summary("Removes the first element of a list and returns it; waits for one.").complexity("O(N) for N keys")),
    BRPOP(row("key [key ...] timeout").keys(allButLast(RW, ACCESS, DELETE)).flags(WRITE, NOSCRIPT, BLOCKING).route(Route.PINNED)
            .since("2.0.0").summary("Removes the last element of a list and returns it; waits for one.").complexity("O(N) for N keys")),
    BLMOVE(row("source destination <LEFT | RIGHT> <LEFT | RIGHT> timeout").keys(first(RW, ACCESS, DELETE), second(RW, INSERT)).flags(WRITE, DENYOOM, NOSCRIPT, BLOCKING).route(Route.PINNED)
            .since("6.2.0").summary("Moves an element from an end of a list to an end of another; waits for one.")),
    BRPOPLPUSH(row("source destination timeout").keys(first(RW, ACCESS, DELETE), second(RW, INSERT)).flags(WRITE, DENYOOM, NOSCRIPT, BLOCKING).route(Route.PINNED)
            .since("2.2.0").deprecated("6.2.0", "BLMOVE with RIGHT and LEFT").summary("Moves the last element of a list to the front of another; waits for one.")),
    BLMPOP(row("timeout numkeys key [key ...] <LEFT | RIGHT> [COUNT count]").keys(counted(2, RW, ACCESS, DELETE)).flags(WRITE, BLOCKING).route(Route.PINNED)
            .since("7.0.0").summary("Removes elements of the first list that is not empty and returns them; waits for some.").complexity("O(N+M) for N keys and M elements returned")),
    LMPOP(row("numkeys key [key ...] <LEFT | RIGHT> [COUNT count]").keys(counted(1, RW, ACCESS, DELETE)).flags(WRITE)
            .since("7.0.0").summary("Removes elements of the first list that is not empty and returns them.").complexity("O(N+M) for N keys and M elements returned"));
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
