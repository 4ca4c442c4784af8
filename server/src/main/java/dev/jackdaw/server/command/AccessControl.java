package dev.jackdaw.server.command;

import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.acl.AccessCheck;
import dev.jackdaw.server.acl.Denial;

/** Owned by the event loop: refuses commands that a client's user may not run, and notes that in the log of the ACL. */
final class AccessControl {
    private final Node node;
    private final AccessCheck check = new AccessCheck();

    AccessControl(Node node) {
        this.node = node;
    }

    /** Refuses a command that the client's user may not run. */
    void require(Session session, Command command, Request request) {
        if (!session.user().isUnrestricted()) {
            Denial denial = denial(session, command, request);
            if (denial != null) {
                throw new Refusal(denial.text(command.spec().name()));
            }
        }
    }

    /** Why the client's user, who was allowed to queue the command, may not run it any more; null if that is not so. */
    String stillRefused(Session session, Command command, Request request) {
        Denial denial = session.user().isUnrestricted() ? null : denial(session, command, request);
        return denial == null ? null : denial.atExec();
    }

    private Denial denial(Session session, Command command, Request request) {
        Denial denial = check.of(session.user(), command, request);
        if (denial != null) {
            String object = denial == Denial.COMMAND ? command.spec().name() : request.text(check.argument());
            note(node, session, denial.reason(), object, session.user().name());
        }
        return denial;
    }

    /** Puts something that was denied into the log. */
    static void note(Node node, Session session, String reason, String object, String username) {
        String context = session.transaction().isOpen() ? "multi" : "toplevel";
        String client = new ClientCommands(node).line(session);
        node.acl()
                .log()
                .add(reason, context, object, username, client, node.engine().nowMillis());
    }
}
