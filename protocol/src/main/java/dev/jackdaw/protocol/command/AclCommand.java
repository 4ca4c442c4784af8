package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.CommandSpec.container;
import static dev.jackdaw.protocol.command.CommandSpec.sub;
import static dev.jackdaw.protocol.command.Flag.ADMIN;
import static dev.jackdaw.protocol.command.Flag.LOADING;
import static dev.jackdaw.protocol.command.Flag.NOSCRIPT;
import static dev.jackdaw.protocol.command.Flag.STALE;
import static dev.jackdaw.protocol.route.Merge.ALL_OK;
import static dev.jackdaw.protocol.route.Merge.MIN;
import static dev.jackdaw.protocol.route.Route.ANY_NODE;
import static dev.jackdaw.protocol.route.Route.PINNED;
import static dev.jackdaw.protocol.route.Route.everyNode;

/** Immutable: the commands on users and on what they may do. Through the proxy, every node has the same users. */
public enum AclCommand implements Command {
    // spotless:off
    ACL(container().since("6.0.0").summary("Says who may do what.")),
    ACL_CAT(sub("[category]").flags(NOSCRIPT, LOADING, STALE).route(ANY_NODE)
            .since("6.0.0").summary("Lists the categories, or the commands of one.").complexity("O(N) for N commands")),
    ACL_DELUSER(sub("username [username ...]").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(everyNode(MIN))
            .since("6.0.0").summary("Deletes users and closes their connections.").complexity("O(N) for N connections")),
    ACL_DRYRUN(sub("username command [argument [argument ...]]").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(ANY_NODE)
            .since("7.0.0").summary("Tells whether a user may run a command.")),
    ACL_GENPASS(sub("[bits]").flags(NOSCRIPT, LOADING, STALE).route(ANY_NODE)
            .since("6.0.0").summary("Makes up a password.")),
    ACL_GETUSER(sub("username").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(ANY_NODE)
            .since("6.0.0").summary("Describes a user.").complexity("O(N) for N rules")),
    ACL_LIST(sub("").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(ANY_NODE)
            .since("6.0.0").summary("Describes all users, as an ACL file does.").complexity("O(N) for N users")),
    ACL_LOAD(sub("").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(everyNode(ALL_OK))
            .since("6.0.0").summary("Replaces all users by those of the ACL file.").complexity("O(N) for N users")),
    ACL_LOG(sub("[count | RESET]").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(PINNED)
            .since("6.0.0").summary("Lists what was denied of late.").complexity("O(N) for N entries")),
    ACL_SAVE(sub("").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(everyNode(ALL_OK))
            .since("6.0.0").summary("Writes all users to the ACL file.").complexity("O(N) for N users")),
    ACL_SETUSER(sub("username [rule [rule ...]]").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(everyNode(ALL_OK))
            .since("6.0.0").summary("Makes a user, or changes its rules.").complexity("O(N) for N rules")),
    ACL_USERS(sub("").flags(ADMIN, NOSCRIPT, LOADING, STALE).route(ANY_NODE)
            .since("6.0.0").summary("Lists the names of all users.").complexity("O(N) for N users")),
    ACL_WHOAMI(sub("").flags(NOSCRIPT, LOADING, STALE).route(ANY_NODE)
            .since("6.0.0").summary("Returns the name of the connection's user.")),
    ACL_HELP(sub("").flags(LOADING, STALE).since("6.0.0").summary("Prints this help."));
    // spotless:on

    private final CommandSpec spec;

    AclCommand(CommandSpec.Builder row) {
        this.spec = row.build(name(), Family.ACL);
    }

    @Override
    public Family family() {
        return Family.ACL;
    }

    @Override
    public CommandSpec spec() {
        return spec;
    }
}
