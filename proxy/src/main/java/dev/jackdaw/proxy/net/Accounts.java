package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.topology.Shard;
import dev.jackdaw.proxy.local.Account;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Owned by one event loop: connections to the nodes for each user as whom clients have logged in, as long as there are such clients. */
final class Accounts {
    private final Worker worker;
    private final List<Shard> shards;
    private final BackendPool common;
    private final Map<Account, Members> members = new HashMap<>();

    /** Owned by the loop: the clients of one account, and their connections. */
    private record Members(BackendPool pool, Set<FrontHandler> clients, ListenerWatch watch) {}

    /** @param common the connections of clients without an account */
    Accounts(Worker worker, List<Shard> shards, BackendPool common) {
        this.worker = worker;
        this.shards = shards;
        this.common = common;
    }

    /** The connections that a client of the account, or of none, is to use from now on. */
    BackendPool enter(Account account, FrontHandler client) {
        if (account == null) {
            return common;
        }
        Members of = members.computeIfAbsent(account, this::open);
        of.clients().add(client);
        return of.pool();
    }

    private Members open(Account account) {
        Set<FrontHandler> clients = new HashSet<>();
        BackendPool pool = new BackendPool(worker, shards, account, common);
        return new Members(pool, clients, new ListenerWatch(worker, account, clients));
    }

    void leave(Account account, FrontHandler client) {
        Members of = account == null ? null : members.get(account);
        if (of != null && of.clients().remove(client) && of.clients().isEmpty()) {
            members.remove(account);
            of.pool().close();
        }
    }

    /** A node does not know the user, or another password, by now: as at a node, its clients are closed. */
    void refused(Account account) {
        Members of = members.get(account);
        if (of != null) {
            List.copyOf(of.clients()).forEach(client -> client.session().kill());
        }
    }

    void tick(long nowNanos) {
        for (Members each : List.copyOf(members.values())) {
            each.pool().tick(nowNanos);
            each.watch().tick(nowNanos);
        }
    }

    void close() {
        members.values().forEach(each -> each.pool().close());
    }
}
