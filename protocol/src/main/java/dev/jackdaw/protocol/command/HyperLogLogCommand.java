package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.Flag.ADMIN;
import static dev.jackdaw.protocol.command.Flag.DENYOOM;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.MAY_REPLICATE;
import static dev.jackdaw.protocol.command.Flag.READONLY;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.INSERT;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeySpec.all;
import static dev.jackdaw.protocol.command.KeySpec.allFrom;
import static dev.jackdaw.protocol.command.KeySpec.first;
import static dev.jackdaw.protocol.command.KeySpec.second;
import static dev.jackdaw.protocol.route.Route.ANY_NODE;

/** Immutable: the commands that count different elements, nearly, in little memory. */
public enum HyperLogLogCommand implements Command {
    // spotless:off
    PFADD(row("key [element [element ...]]").keys(first(RW, INSERT)).flags(WRITE, DENYOOM, FAST)
            .since("2.8.9").summary("Adds elements to a HyperLogLog.").complexity("O(1) for each element")),
    PFCOUNT(row("key [key ...]").keys(all(RW, ACCESS).notes("May keep the count that it came to.")).flags(READONLY, MAY_REPLICATE)
            .since("2.8.9").summary("Returns about how many different elements HyperLogLogs have seen.").complexity("O(1) for one key, O(N) for N keys")),
    PFMERGE(row("destination key [key ...]").arity(-2).keys(first(RW, ACCESS, INSERT), allFrom(2, RO, ACCESS)).flags(WRITE, DENYOOM)
            .since("2.8.9").summary("Merges HyperLogLogs into one.").complexity("O(N) for N keys")),
    PFDEBUG(row("subcommand key").keys(second(RW, ACCESS)).flags(WRITE, DENYOOM, ADMIN)
            .since("2.8.9").summary("Shows how a HyperLogLog is stored: GETREG, DECODE, ENCODING, TODENSE.").complexity("O(N) for N bytes")),
    PFSELFTEST(row("").flags(ADMIN).route(ANY_NODE)
            .since("2.8.9").summary("Tests that registers keep what is written to them.").complexity("O(N) for N registers"));
    // spotless:on

    private final CommandSpec spec;

    HyperLogLogCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.HYPERLOGLOG);
    }

    @Override
    public Family family() {
        return Family.HYPERLOGLOG;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
