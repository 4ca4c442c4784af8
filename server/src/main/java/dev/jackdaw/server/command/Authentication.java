package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.LoginFailures;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.server.acl.Acl;
import dev.jackdaw.server.acl.User;

/**
 * Owned by the event loop: checks passwords, and makes guessing slow. After some failures from an address, each connection
 * from there is not read for a while after its next failure; a connection that fails again and again is closed.
 */
final class Authentication {
    /** Stands for the argument with a user's name where there is none. */
    static final int DEFAULT_USER = -1;

    private final Node node;

    Authentication(Node node) {
        this.node = node;
    }

    /** The user in one argument; refuses the call unless the password in another is right. */
    User check(Call call, int user, int password) {
        String name = user == DEFAULT_USER ? Acl.DEFAULT : call.text(user);
        User found = node.acl().user(name);
        // An unknown user takes as long as a known one.
        boolean right = (found == null ? node.acl().nobody() : found).admits(call.text(password));
        if (found != null && right) {
            return found;
        }
        Session session = call.session();
        AccessControl.note(node, session, "auth", call.text(0), name);
        String address = session.connection().remoteAddress();
        long pauseMillis = node.failures().add(address, node.engine().nowMillis());
        if (session.authenticationFailed() >= LoginFailures.MOST_OF_A_CONNECTION) {
            session.connection().closeAfterReplies();
        } else if (pauseMillis > 0) {
            session.connection().pause(pauseMillis);
        }
        throw new Refusal(CommandError.WRONG_PASSWORD);
    }
}
