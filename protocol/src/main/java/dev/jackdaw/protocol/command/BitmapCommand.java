package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.Flag.DENYOOM;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.READONLY;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.OW;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;
import static dev.jackdaw.protocol.command.KeyFlag.VARIABLE_FLAGS;
import static dev.jackdaw.protocol.command.KeySpec.allFrom;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.command.KeySpec.second;

/** Immutable: the commands on the bits of strings. */
public enum BitmapCommand implements Command {
    // spotless:off
    SETBIT(row("key offset value:integer").keys(first(RW, ACCESS, UPDATE)).flags(WRITE, DENYOOM)
            .since("2.2.0").summary("Sets or clears a bit and returns what it was.")),
    GETBIT(row("key offset").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("2.2.0").summary("Returns a bit.")),
    BITCOUNT(row("key [start end [BYTE | BIT]]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("2.6.0").summary("Counts the bits that are set.").complexity("O(N) for N bytes")),
    BITPOS(row("key bit [start [end [BYTE | BIT]]]").keys(first(RO, ACCESS)).flags(READONLY)
            .since("2.8.7").summary("Finds the first bit that is set, or clear.").complexity("O(N) for N bytes")),
    BITOP(row("<AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE> destination key [key ...]").keys(second(OW, UPDATE), allFrom(3, RO, ACCESS)).flags(WRITE, DENYOOM)
            .since("2.6.0").summary("Combines strings bit by bit and stores the result.").complexity("O(N) for N bytes in all")),
    BITFIELD(row("key [<GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>] <SET encoding offset value:integer | INCRBY encoding offset increment>> ...]")
            .keys(KeyFinder.BITFIELD, first(RW, ACCESS, UPDATE, VARIABLE_FLAGS).notes("Only reads when every operation is GET."))
            .flags(WRITE, DENYOOM)
            .since("3.2.0").summary("Reads and changes integers of any width within a string.").complexity("O(1) for each operation")),
    BITFIELD_RO(row("key [GET encoding offset [GET encoding offset ...]]").keys(first(RO, ACCESS)).flags(READONLY, FAST)
            .since("6.0.0").summary("Reads integers of any width within a string.").complexity("O(1) for each operation"));
    // spotless:on

    private final CommandSpec spec;

    BitmapCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.BITMAP);
    }

    @Override
    public Family family() {
        return Family.BITMAP;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
