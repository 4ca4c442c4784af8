package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.container;
import static dev.jackdaw.protocol.command.CommandSpec.row;
import static dev.jackdaw.protocol.command.CommandSpec.sub;
import static dev.jackdaw.protocol.command.Flag.ADMIN;
import static dev.jackdaw.protocol.command.Flag.ALLOW_BUSY;
import static dev.jackdaw.protocol.command.Flag.FAST;
import static dev.jackdaw.protocol.command.Flag.LOADING;
import static dev.jackdaw.protocol.command.Flag.NOSCRIPT;
import static dev.jackdaw.protocol.command.Flag.NO_AUTH;
import static dev.jackdaw.protocol.command.Flag.STALE;
import static dev.jackdaw.protocol.command.Tip.ALL_SUCCEEDED;
import static dev.jackdaw.protocol.command.Tip.ASK_ALL_SHARDS;
import static dev.jackdaw.protocol.command.Tip.NONDETERMINISTIC_OUTPUT;

/** Immutable: the commands about the client and its connection. */
public enum ConnectionCommand implements Command {
    // spotless:off
    PING(row("[message]").flags(FAST).tips(ASK_ALL_SHARDS, ALL_SUCCEEDED)
            .since("1.0.0").summary("Answers PONG, or the message.")),
    ECHO(row("message").flags(LOADING, STALE, FAST)
            .since("1.0.0").summary("Answers the message.")),
    HELLO(row("[protover [AUTH username password] [SETNAME clientname]]").flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
            .since("6.0.0").summary("Chooses the protocol, and can authenticate and name the connection.")),
    AUTH(row("[username] password").flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
            .since("1.0.0").summary("Authenticates the connection.").complexity("O(N) for the N passwords of the user")),
    QUIT(row("").arity(-1).flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
            .since("1.0.0").summary("Closes the connection.")),
    RESET(row("").flags(NOSCRIPT, LOADING, STALE, FAST, NO_AUTH, ALLOW_BUSY)
            .since("6.2.0").summary("Puts the connection back to how it began.")),
    SELECT(row("index").flags(LOADING, STALE, FAST)
            .since("1.0.0").summary("Changes to another database.")),
    CLIENT(container().since("2.4.0").summary("Manages client connections.")),
    CLIENT_ID(sub("").flags(NOSCRIPT, LOADING, STALE)
            .since("5.0.0").summary("Returns the number of the connection.")),
    CLIENT_SETNAME(sub("connection-name").flags(NOSCRIPT, LOADING, STALE)
            .since("2.6.9").summary("Names the connection.")),
    CLIENT_GETNAME(sub("").flags(NOSCRIPT, LOADING, STALE)
            .since("2.6.9").summary("Returns the name of the connection.")),
    CLIENT_SETINFO(sub("<LIB-NAME libname | LIB-VER libver>").flags(NOSCRIPT, LOADING, STALE)
            .since("7.2.0").summary("Tells which library the client uses.")),
    CLIENT_LIST(sub("[TYPE <NORMAL | MASTER | REPLICA | PUBSUB>] [ID (id:integer [id:integer ...])]").flags(ADMIN, NOSCRIPT, LOADING, STALE).tips(NONDETERMINISTIC_OUTPUT)
            .complexity("O(N) for N connections")
            .since("2.4.0").summary("Lists the open connections.")),
    CLIENT_INFO(sub("").flags(NOSCRIPT, LOADING, STALE).tips(NONDETERMINISTIC_OUTPUT)
            .since("6.2.0").summary("Describes this connection.")),
    CLIENT_KILL(sub("<ip:port | filter value [filter value ...]>").flags(ADMIN, NOSCRIPT, LOADING, STALE).complexity("O(N) for N connections")
            .since("2.4.0").summary("Closes connections.")),
    CLIENT_PAUSE(sub("timeout:integer [WRITE | ALL]").flags(ADMIN, NOSCRIPT, LOADING, STALE)
            .since("2.9.50").summary("Lets clients wait for some time.")),
    CLIENT_UNPAUSE(sub("").flags(ADMIN, NOSCRIPT, LOADING, STALE).complexity("O(N) for N clients that wait")
            .since("6.2.0").summary("Lets clients go on.")),
    CLIENT_UNBLOCK(sub("client-id [TIMEOUT | ERROR]").flags(ADMIN, NOSCRIPT, LOADING, STALE).complexity("O(log N) for N connections")
            .since("5.0.0").summary("Ends the wait of a blocked connection.")),
    CLIENT_REPLY(sub("<ON | OFF | SKIP>").flags(NOSCRIPT, LOADING, STALE)
            .since("3.2.0").summary("Tells the server whether to reply.")),
    CLIENT_NO_EVICT(sub("<ON | OFF>").flags(ADMIN, NOSCRIPT, LOADING, STALE)
            .since("7.0.0").summary("Keeps the connection when clients use too much memory.")),
    CLIENT_NO_TOUCH(sub("<ON | OFF>").flags(NOSCRIPT, LOADING, STALE)
            .since("7.2.0").summary("Lets the connection read without marking keys as used.")),
    CLIENT_TRACKING(sub("<ON | OFF> [REDIRECT id:integer] [PREFIX prefix [PREFIX prefix ...]] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]").flags(NOSCRIPT, LOADING, STALE)
            .since("6.0.0").summary("Announces changes of the keys that the connection reads.")),
    CLIENT_CACHING(sub("<YES | NO>").flags(NOSCRIPT, LOADING, STALE)
            .since("6.0.0").summary("Says whether the keys of the next command are tracked.")),
    CLIENT_GETREDIR(sub("").flags(NOSCRIPT, LOADING, STALE)
            .since("6.0.0").summary("Returns the connection that invalidations go to.")),
    CLIENT_TRACKINGINFO(sub("").flags(NOSCRIPT, LOADING, STALE)
            .since("6.2.0").summary("Describes what the connection tracks.")),
    CLIENT_HELP(sub("").flags(LOADING, STALE).since("5.0.0").summary("Prints this help."));
    // spotless:on

    private final CommandSpec spec;

    ConnectionCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.CONNECTION);
    }

    @Override
    public Family family() {
        return Family.CONNECTION;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
