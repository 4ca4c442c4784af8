package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.proxy.local.Account;
import dev.jackdaw.proxy.local.ChannelRights;
import dev.jackdaw.proxy.route.ReplySink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Owned by one event loop: whether the clients of one user may still listen to what they listen to. While there are such
 * clients, a node is asked about the user once a second; as at a node, those who have lost a channel are closed.
 */
final class ListenerWatch implements ReplySink {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final byte[] ACL = "ACL".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GETUSER = "GETUSER".getBytes(StandardCharsets.US_ASCII);

    private final Worker worker;
    private final Account account;
    private final Set<FrontHandler> clients;
    private boolean asking;
    private long askedNanos;
    /** What a node has said last; null if nothing yet. */
    private Reply known;

    /** @param clients of the account, as they come and go */
    ListenerWatch(Worker worker, Account account, Set<FrontHandler> clients) {
        this.worker = worker;
        this.account = account;
        this.clients = clients;
        this.askedNanos = worker.clock().nanos();
    }

    void tick(long nowNanos) {
        if (asking
                || nowNanos - askedNanos < PERIOD_NANOS
                || clients.stream().allMatch(client -> client.listenings() == 0)) {
            return;
        }
        asking = true;
        askedNanos = nowNanos;
        byte[] name = account.name().getBytes(StandardCharsets.ISO_8859_1);
        worker.backends().any().send(this, 0, ACL, GETUSER, name);
    }

    @Override
    public void reply(int tag, long address, int length) {
        asking = false;
        Reply user = worker.buffers().reply(address, length);
        if (user.equals(known) || user instanceof Reply.Error) {
            return;
        }
        known = user;
        ChannelRights rights = ChannelRights.of(user);
        for (FrontHandler client : List.copyOf(clients)) {
            if (!mayListen(client, rights)) {
                client.session().kill();
            }
        }
    }

    private static boolean mayListen(FrontHandler client, ChannelRights rights) {
        return client.listensTo(false).stream().allMatch(name -> rights.permit(name, false))
                && client.listensTo(true).stream().allMatch(name -> rights.permit(name, true));
    }

    @Override
    public void failed(int tag, String error) {
        asking = false;
    }
}
