package dev.jackdaw.proxy.route;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.command.AclCommand;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandSpec;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ConnectionCommand;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.KeyCommand;
import dev.jackdaw.protocol.command.KeyPositions;
import dev.jackdaw.protocol.command.Keys;
import dev.jackdaw.protocol.command.PubSubCommand;
import dev.jackdaw.protocol.command.ServerCommand;
import dev.jackdaw.protocol.command.StreamCommand;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.route.Route;
import dev.jackdaw.protocol.route.Slot;
import dev.jackdaw.protocol.topology.Topology;
import dev.jackdaw.proxy.local.Account;
import dev.jackdaw.proxy.local.Session;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;

/** Owned by one event loop: decides by the command's row where a request goes. Allocates nothing for a good request. */
public final class Router {
    /** One value of these for all nodes makes two of them use one port, or locks the proxy itself out. */
    private static final List<String> NODES_OWN_SETTINGS = List.of("REQUIREPASS", "PORT", "TLS-PORT", "BIND");

    private final CommandTable table = CommandTable.all();
    private final Topology topology;
    private final IntUnaryOperator nodeOfSlot;
    private final KeyPositions scratch = new KeyPositions();
    private final Plan plan = new Plan();

    public Router(Topology topology) {
        this.topology = topology;
        this.nodeOfSlot = topology::shardIndex;
    }

    /** The node that owns argument {@code i}, a key or a channel. */
    public int nodeOf(Request request, int i) {
        return topology.shardIndex(Slot.of(request.address(i), request.length(i)));
    }

    /** The node that owns the slot. */
    public int nodeOfSlot(int slot) {
        return topology.shardIndex(slot);
    }

    /** What to do with the request of that session; refusals come in the order in which Redis checks. */
    public Plan plan(Request request, Session session) {
        Command command = table.find(request);
        plan.begin(command);
        if (command == null || !command.spec().accepts(request.count())) {
            return plan.refuse(table.refusal(command, request));
        }
        CommandSpec spec = command.spec();
        if (!session.isAuthenticated() && !spec.has(Flag.NO_AUTH)) {
            return plan.refuse(CommandError.NO_AUTH);
        }
        if (session.isListening() && !isAllowedWhileListening(command)) {
            return plan.refuse(CommandError.subscribed(spec.name()));
        }
        if (session.isQueueing() && !runsAtOnce(command)) {
            return queued(command, request);
        }
        if (spec.route() == Route.BY_KEY) {
            return byKey(command, request);
        }
        return switch (spec.route()) {
            case Route.ByKey unused -> byKey(command, request);
            case Route.SplitByKey split -> split(spec, split, request);
            case Route.EveryNode every -> everyNode(command, every, request);
            case Route.AnyNode unused ->
                command == PubSubCommand.PUBLISH ? plan.publish(nodeOf(request, 1)) : plan.of(Plan.Kind.ANY_NODE);
            case Route.Local unused -> local(command);
            case Route.Pinned unused -> pinned(command, request);
        };
    }

    private Plan byKey(Command command, Request request) {
        int slot = command.spec().keys().slot(request, scratch);
        if (slot >= 0) {
            if (command == KeyCommand.SORT || command == KeyCommand.SORT_RO) {
                String option = SortPatterns.elsewhere(request, slot);
                return option.isEmpty()
                        ? plan.node(topology.shardIndex(slot))
                        : plan.refuse(CommandError.sortElsewhere(option));
            }
            return waits(command, request)
                    ? plan.ownConnection(topology.shardIndex(slot))
                    : plan.node(topology.shardIndex(slot));
        }
        if (slot == Keys.CROSS_SLOT) {
            return plan.refuse(CommandError.CROSS_SLOT);
        }
        // The arguments are wrong, and any node can say how.
        return plan.of(Plan.Kind.ANY_NODE);
    }

    private Plan pinned(Command command, Request request) {
        if (command instanceof TransactionCommand) {
            int slot = command.spec().keys().slot(request, scratch);
            return slot == Keys.CROSS_SLOT
                    ? plan.refuse(CommandError.CROSS_SLOT)
                    : plan.inSlot(Plan.Kind.TRANSACTION, slot);
        }
        if (command.spec().keys().isEmpty() || command instanceof PubSubCommand) {
            return plan.refuse(CommandError.notThroughProxy(command.spec().name()));
        }
        // A command that waits must not keep others waiting, so it goes over a connection of the client's own.
        byKey(command, request);
        return plan.kind() == Plan.Kind.NODE ? plan.ownConnection(plan.node()) : plan;
    }

    private static boolean runsAtOnce(Command command) {
        return command instanceof TransactionCommand && command != TransactionCommand.UNWATCH
                || command == ConnectionCommand.QUIT
                || command == ConnectionCommand.RESET;
    }

    /** A command after MULTI; the node that has the keys will run it. */
    private Plan queued(Command command, Request request) {
        if (command.spec().keys().isEmpty()) {
            boolean anywhere = command == ConnectionCommand.PING
                    || command == ConnectionCommand.ECHO
                    || command == ServerCommand.TIME
                    || command == TransactionCommand.UNWATCH;
            return anywhere
                    ? plan.inSlot(Plan.Kind.QUEUED, Keys.NO_SLOT)
                    : plan.refuse(CommandError.notInTransaction(command.spec().name()));
        }
        byKey(command, request);
        return plan.kind() == Plan.Kind.REFUSED
                ? plan
                : plan.inSlot(Plan.Kind.QUEUED, command.spec().keys().slot(request, scratch));
    }

    /** Whether a command that usually does not wait is told to do so. */
    private static boolean waits(Command command, Request request) {
        if (command != StreamCommand.XREAD && command != StreamCommand.XREADGROUP) {
            return false;
        }
        int i = 1;
        while (i < request.count() && !request.is(i, "BLOCK") && !request.is(i, "STREAMS")) {
            i += request.is(i, "GROUP") ? 3 : request.is(i, "COUNT") ? 2 : 1;
        }
        return i < request.count() && request.is(i, "BLOCK");
    }

    private Plan split(CommandSpec spec, Route.SplitByKey split, Request request) {
        int first = spec.keys().first();
        int step = spec.keys().step();
        if ((request.count() - first) % step != 0) {
            return plan.of(Plan.Kind.ANY_NODE);
        }
        plan.splitter().split(request, first, step, nodeOfSlot);
        return plan.splitter().groups() == 1 ? plan.node(plan.splitter().shard(0)) : plan.split(step, split.merge());
    }

    private Plan everyNode(Command command, Route.EveryNode every, Request request) {
        String nodesOwn = nodesOwn(command, request);
        if (!nodesOwn.isEmpty()) {
            return plan.refuse(CommandError.notThroughProxy(nodesOwn));
        }
        if (command == ServerCommand.DEBUG) {
            return debug(every, request);
        }
        if (command == KeyCommand.SCAN) {
            return plan.of(Plan.Kind.SCAN);
        }
        if (command == KeyCommand.RANDOMKEY) {
            return plan.of(Plan.Kind.RANDOM_KEY);
        }
        // The nodes see one listener where the proxy has many.
        return command instanceof PubSubCommand ? plan.of(Plan.Kind.SUBSCRIPTIONS) : plan.everyNode(every.merge());
    }

    /** What the request would change that each node has for itself, or that lets the proxy in there; an empty text if nothing. */
    private static String nodesOwn(Command command, Request request) {
        if (command == AclCommand.ACL_SETUSER && request.text(2).equals(Account.DEFAULT)) {
            return "acl setuser default";
        }
        for (int i = 2; command == ServerCommand.CONFIG_SET && i < request.count(); i += 2) {
            for (String setting : NODES_OWN_SETTINGS) {
                if (request.is(i, setting)) {
                    return "config set " + setting.toLowerCase(Locale.ROOT);
                }
            }
        }
        return "";
    }

    private Plan debug(Route.EveryNode every, Request request) {
        boolean isDigest = request.is(1, "DIGEST-VALUE");
        if (request.count() == 3 && (isDigest || request.is(1, "OBJECT"))) {
            return plan.node(nodeOf(request, 2));
        }
        // The digests of several nodes do not make up one of all data.
        return isDigest || request.is(1, "DIGEST")
                ? plan.refuse(
                        CommandError.notThroughProxy("debug " + request.text(1).toLowerCase(Locale.ROOT)))
                : plan.everyNode(every.merge());
    }

    private Plan local(Command command) {
        if (command == ServerCommand.INFO) {
            return plan.of(Plan.Kind.INFO);
        }
        boolean subscription = command instanceof PubSubCommand && command != PubSubCommand.PUBSUB_HELP;
        return plan.of(subscription ? Plan.Kind.SUBSCRIPTIONS : Plan.Kind.LOCAL);
    }

    private static boolean isAllowedWhileListening(Command command) {
        return command == PubSubCommand.SUBSCRIBE
                || command == PubSubCommand.UNSUBSCRIBE
                || command == PubSubCommand.PSUBSCRIBE
                || command == PubSubCommand.PUNSUBSCRIBE
                || command == ConnectionCommand.PING
                || command == ConnectionCommand.QUIT
                || command == ConnectionCommand.RESET;
    }
}
