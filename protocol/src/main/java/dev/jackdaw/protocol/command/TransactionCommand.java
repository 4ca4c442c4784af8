package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.Flag.ALLOW_BUSY;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.LOADING;
import static dev.jackdaw.protocol.command.Flag.NOSCRIPT;
import static dev.jackdaw.protocol.command.Flag.SKIP_SLOWLOG;
import static dev.jackdaw.protocol.command.Flag.STALE;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeySpec.all;

import dev.jackdaw.protocol.route.Route;

/** Immutable: the commands that make several commands one. */
public enum TransactionCommand implements Command {
    // spotless:off
    MULTI(row("").flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY).route(Route.PINNED)
            .since("1.2.0").summary("Begins to queue commands.")),
    EXEC(row("").flags(NOSCRIPT, LOADING, STALE, SKIP_SLOWLOG).route(Route.PINNED)
            .since("1.2.0").summary("Runs the queued commands, with no other between them.").complexity("Depends on the commands.")),
    DISCARD(row("").flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY).route(Route.PINNED)
            .since("2.0.0").summary("Forgets the queued commands.").complexity("O(N) for N commands")),
    WATCH(row("key [key ...]").keys(all(RO)).flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY).route(Route.PINNED)
            .since("2.2.0").summary("Lets the next EXEC run nothing if keys change before.").complexity("O(1) for each key")),
    UNWATCH(row("").flags(NOSCRIPT, LOADING, STALE, FAST, ALLOW_BUSY).route(Route.PINNED)
            .since("2.2.0").summary("Forgets the watched keys."));
    // spotless:on

    private final CommandSpec spec;

    TransactionCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.TRANSACTION);
    }

    @Override
    public Family family() {
        return Family.TRANSACTION;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
