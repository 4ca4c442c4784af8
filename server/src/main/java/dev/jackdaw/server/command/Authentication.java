package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Owned by the event loop: checks passwords, and makes guessing slow. After some failures from an address, each connection
 * from there is not read for a while after its next failure; a connection that fails again and again is closed.
 */
final class Authentication {
    /** Stands for the argument with a user's name where there is none. */
    static final int DEFAULT_USER = -1;

    private static final int MOST_FAILURES_OF_A_CONNECTION = 10;

    private final Node node;

    Authentication(Node node) {
        this.node = node;
    }

    /** Refuses the call unless the password in one argument is that of the user in another. */
    void check(Call call, int user, int password) {
        Session session = call.session();
        if (isRight(call, user, password)) {
            return;
        }
        String address = session.connection().remoteAddress();
        long pauseMillis = node.failures().add(address, node.engine().nowMillis());
        if (session.authenticationFailed() >= MOST_FAILURES_OF_A_CONNECTION) {
            session.connection().closeAfterReplies();
        } else if (pauseMillis > 0) {
            session.connection().pause(pauseMillis);
        }
        throw new Refusal(CommandError.WRONG_PASSWORD);
    }

    /** Takes the same time wherever the first wrong byte is. */
    private boolean isRight(Call call, int user, int password) {
        byte[] expected = node.config().requirePass().getBytes(StandardCharsets.ISO_8859_1);
        byte[] given = call.text(password).getBytes(StandardCharsets.ISO_8859_1);
        boolean same = MessageDigest.isEqual(given, expected);
        boolean knownUser = user == DEFAULT_USER || call.text(user).equals("default");
        return knownUser && (same || expected.length == 0);
    }
}
