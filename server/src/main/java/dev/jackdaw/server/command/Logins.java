package dev.jackdaw.server.command;

import dev.jackdaw.server.acl.Acl;
import dev.jackdaw.server.acl.User;
import dev.jackdaw.server.pubsub.Subscriber;
import dev.jackdaw.server.pubsub.TopicKind;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** Owned by the event loop: what becomes of the clients of users that change or cease to be. */
final class Logins {
    private final Node node;
    private final Acl acl;

    Logins(Node node) {
        this.node = node;
        this.acl = node.acl();
    }

    /** Changes a user or makes a new one. Clients that listen to channels which the user has lost are closed. */
    void change(User changed, Session self) {
        User current = acl.user(changed.name());
        boolean losesChannels = current != null && !changed.mayUseAllChannels() && !changed.hasChannelsOf(current);
        List<Session> closed = losesChannels
                ? clients(session -> session.user() == current && !mayListen(changed, session.subscriber()))
                : List.of();
        acl.put(changed);
        closed.forEach(session -> close(session, self));
        letIn();
    }

    private static boolean mayListen(User user, Subscriber subscriber) {
        return subscriber.listensOnlyTo(
                (kind, topic) -> user.mayUseChannel(topic.address(), topic.length(), kind == TopicKind.PATTERN));
    }

    /** Closes the clients of a user who is gone. */
    void remove(User gone, Session self) {
        clients(session -> session.user() == gone).forEach(session -> {
            session.logOut(acl.defaultUser());
            close(session, self);
        });
    }

    /** Puts other users in the place of all; only clients of the default user stay. */
    void replace(Collection<User> users, Session self) {
        List<Session> closed = clients(session -> session.user() != acl.defaultUser());
        acl.replace(users);
        closed.forEach(session -> {
            session.logOut(acl.defaultUser());
            close(session, self);
        });
        letIn();
    }

    /** Where nobody is asked for a password any more, those who are connected are not either. */
    void letIn() {
        if (acl.defaultUser().isOpen()) {
            clients(session -> !session.isAuthenticated()).forEach(session -> session.logIn(acl.defaultUser()));
        }
    }

    private List<Session> clients(Predicate<Session> wanted) {
        return node.sessions().stream().filter(wanted).toList();
    }

    private static void close(Session session, Session self) {
        if (session == self) {
            session.connection().closeAfterReplies();
        } else {
            session.connection().abort();
        }
    }
}
