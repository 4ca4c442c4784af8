package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.container;
import static dev.jackdaw.protocol.command.CommandSpec.sub;
import static dev.jackdaw.protocol.command.Flag.LOADING;
import static dev.jackdaw.protocol.command.Flag.NOSCRIPT;
import static dev.jackdaw.protocol.command.Flag.STALE;
import static dev.jackdaw.protocol.command.Flag.WRITE;
import static dev.jackdaw.protocol.command.Tip.AGG_LOGICAL_AND;
import static dev.jackdaw.protocol.command.Tip.ALL_SUCCEEDED;
import static dev.jackdaw.protocol.command.Tip.ASK_ALL_NODES;
import static dev.jackdaw.protocol.command.Tip.ASK_ALL_SHARDS;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT_ORDER;
import static dev.jackdaw.protocol.route.Merge.ALL_OK;
import static dev.jackdaw.protocol.route.Merge.ALL_TRUE;
import static dev.jackdaw.protocol.route.Route.ANY_NODE;
import static dev.jackdaw.protocol.route.Route.everyNode;

/** Immutable: what can be asked about scripts and functions where there are none: that they go, and which there are. */
public enum ScriptingCommand implements Command {
    // spotless:off
    FUNCTION(container().since("7.0.0").summary("Manages libraries of functions.")),
    FUNCTION_FLUSH(sub("[ASYNC | SYNC]").flags(WRITE, NOSCRIPT).route(everyNode(ALL_OK)).tips(ASK_ALL_SHARDS, ALL_SUCCEEDED)
            .since("7.0.0").summary("Deletes all libraries.").complexity("O(N) for N functions")),
    FUNCTION_LIST(sub("[LIBRARYNAME library-name-pattern] [WITHCODE]").flags(NOSCRIPT).route(ANY_NODE).tips(NONDETERMINISTIC_OUTPUT_ORDER)
            .since("7.0.0").summary("Describes the libraries.").complexity("O(N) for N functions")),
    FUNCTION_HELP(sub("").flags(LOADING, STALE).since("7.0.0").summary("Prints this help.")),
    SCRIPT(container().since("2.6.0").summary("Manages scripts.")),
    SCRIPT_EXISTS(sub("sha1 [sha1 ...]").flags(NOSCRIPT).route(everyNode(ALL_TRUE)).tips(ASK_ALL_SHARDS, AGG_LOGICAL_AND)
            .since("2.6.0").summary("Tells which scripts there are.").complexity("O(N) for N scripts")),
    SCRIPT_FLUSH(sub("[ASYNC | SYNC]").flags(NOSCRIPT).route(everyNode(ALL_OK)).tips(ASK_ALL_NODES, ALL_SUCCEEDED)
            .since("2.6.0").summary("Forgets all scripts.").complexity("O(N) for N scripts")),
    SCRIPT_HELP(sub("").flags(LOADING, STALE).since("5.0.0").summary("Prints this help."));
    // spotless:on

    private final CommandSpec spec;

    ScriptingCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.SCRIPTING);
    }

    @Override
    public Family family() {
        return Family.SCRIPTING;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
