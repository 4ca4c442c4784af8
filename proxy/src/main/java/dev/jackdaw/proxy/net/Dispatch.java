package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.command.PubSubCommand;
import dev.jackdaw.protocol.command.StringCommand;
import dev.jackdaw.protocol.command.TransactionCommand;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.route.Splitter;
import dev.jackdaw.proxy.route.Merger;
import dev.jackdaw.proxy.route.Plan;
import dev.jackdaw.proxy.route.ReplySink;

/** Owned by one event loop: does what a plan says: sends requests and parts of them, and sees to it that one reply comes back. */
final class Dispatch {
    private final Worker worker;
    private final NodeSurvey survey;
    private int lastAnyNode;

    Dispatch(Worker worker) {
        this.worker = worker;
        this.survey = new NodeSurvey(worker);
    }

    /** @throws Refusal for a mistake of the client's, when nothing has been sent or written */
    void run(Plan plan, Request request, FrontHandler client) {
        switch (plan.kind()) {
            case NODE -> toNode(plan, request, client);
            case SPLIT -> split(plan, request, client);
            case OWN_CONNECTION -> client.sendAndWait(plan.node(), request);
            case LOCAL -> local(plan.command(), request, client);
            case REFUSED -> client.refuse(plan.command(), plan.error());
            case TRANSACTION -> client.transaction().run((TransactionCommand) plan.command(), request, plan.slot());
            case QUEUED -> client.transaction().queue(request, plan.slot());
            case EVERY_NODE -> toEveryNode(plan, request, client);
            case ANY_NODE -> anyNode(client).send(request, client, client.openReply());
            case SCAN -> survey.scan(request, client);
            case RANDOM_KEY -> survey.randomKey(client);
            case INFO -> survey.info(request, client);
            case PUBLISH -> publish(plan.node(), request, client);
            case SUBSCRIPTIONS -> worker.channels().answer((PubSubCommand) plan.command(), request, client);
        }
    }

    private void toNode(Plan plan, Request request, FrontHandler client) {
        int node = plan.node();
        Command command = plan.command();
        Backend backend = client.lane()[node];
        NearReads near = worker.near();
        if (near == null) {
            backend.send(request, client, client.openReply());
        } else if (command == StringCommand.GET && client.readsNear()) {
            if (near.answer(node, request, client)) {
                return;
            }
            backend.send(request, client, client.openReply());
        } else {
            backend.send(request, client, client.openReply());
            if (command.spec().has(Flag.WRITE)) {
                near.written(command, request, node, backend);
            }
        }
        if (backend.isFull()) {
            client.awaitRoom(backend);
        }
    }

    private void split(Plan plan, Request request, FrontHandler client) {
        Splitter splitter = plan.splitter();
        boolean writes = worker.near() != null && plan.command().spec().has(Flag.WRITE);
        Merger merger = worker.mergers().split(plan.merge(), splitter, client, client.openReply());
        for (int group = 0; group < splitter.groups(); group++) {
            Backend backend = client.lane()[splitter.shard(group)];
            if (!backend.isOpen()) {
                backend.fail(merger, group);
                continue;
            }
            sendPart(plan, group, request, backend, merger);
            for (int i = 0; writes && i < splitter.size(group); i++) {
                worker.near().written(request, splitter.argument(group, i), splitter.shard(group), backend);
            }
            if (backend.isFull()) {
                client.awaitRoom(backend);
            }
        }
    }

    private static void sendPart(Plan plan, int group, Request request, Backend backend, ReplySink merger) {
        Splitter splitter = plan.splitter();
        ReplyWriter out = backend.begin();
        out.array(1 + splitter.size(group) * plan.step());
        out.bulk(request.address(0), request.length(0));
        for (int i = 0; i < splitter.size(group); i++) {
            int argument = splitter.argument(group, i);
            for (int end = argument + plan.step(); argument < end; argument++) {
                out.bulk(request.address(argument), request.length(argument));
            }
        }
        backend.end(out, merger, group);
    }

    private void toEveryNode(Plan plan, Request request, FrontHandler client) {
        Backend[] lane = client.lane();
        boolean writes = worker.near() != null && plan.command().spec().has(Flag.WRITE);
        Merger merger = worker.mergers().everyNode(plan.merge(), lane.length, client, client.openReply());
        for (int node = 0; node < lane.length; node++) {
            lane[node].send(request, merger, node);
            if (writes) {
                worker.near().cache().writeAll(node, lane[node].writes());
            }
        }
    }

    private void local(Command command, Request request, FrontHandler client) {
        ReplyWriter out = client.beginReply();
        try {
            worker.local().answer(command, request, client.session(), out);
        } catch (Refusal refused) {
            out.error(refused.text());
        }
        client.endReply();
        client.sessionChanged(command);
    }

    /** The next node that is up, or the next one. */
    private Backend anyNode(FrontHandler client) {
        Backend[] lane = client.lane();
        for (int i = 0; i < lane.length; i++) {
            lastAnyNode = (lastAnyNode + 1) % lane.length;
            if (lane[lastAnyNode].isOpen()) {
                break;
            }
        }
        return lane[lastAnyNode];
    }

    private void publish(int node, Request request, FrontHandler client) {
        Backend home = client.lane()[node];
        if (home.isOpen()) {
            String channel = request.text(1);
            int counted = worker.channels().countedAt(node, channel);
            int receivers = worker.channels().receivers(channel);
            home.send(request, new PublishCount(worker, client, receivers - counted), client.openReply());
        } else {
            anyNode(client).send(request, client, client.openReply());
        }
    }
}
