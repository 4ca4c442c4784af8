package dev.jackdaw.proxy.net;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.resp.Reply;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.proxy.local.LocalCommands;
import dev.jackdaw.proxy.route.Plan;
import dev.jackdaw.proxy.route.ReplySink;

/**
 * Owned by one client: what a node is asked about the client's next request, which stays unread until it is answered: who a user
 * is that the client wants to be, or whether its user may have what the proxy answers itself. The rules are the nodes' own.
 */
final class Inquiry implements ReplySink {
    private final Worker worker;
    private final FrontHandler client;
    private boolean asked;
    private Reply answer;

    Inquiry(Worker worker, FrontHandler client) {
        this.worker = worker;
        this.client = client;
    }

    /** Whether nothing has to be known, or is known by now. Otherwise the client hears when it is. */
    boolean isSettled(Plan plan, Request request) {
        String name = LocalCommands.userNamed(plan.command(), request);
        if (name == null && !needsPermission(plan)) {
            return true;
        }
        if (!asked) {
            asked = true;
            // Over a connection of the proxy's own user, who may ask.
            Backend node = worker.backends().any();
            if (!node.isOpen()) {
                node.fail(this, 0);
            } else if (name != null) {
                askForUser(node, name);
            } else {
                askForPermission(node, request);
            }
        }
        return answer != null;
    }

    private boolean needsPermission(Plan plan) {
        if (client.session().account() == null
                || plan.command() == null
                || plan.command().spec().has(Flag.NO_AUTH)) {
            return false;
        }
        return switch (plan.kind()) {
            case LOCAL, SUBSCRIPTIONS, INFO, TRANSACTION -> true;
            case NODE, SPLIT, OWN_CONNECTION, REFUSED, QUEUED, EVERY_NODE, ANY_NODE, SCAN, RANDOM_KEY, PUBLISH -> false;
        };
    }

    private void askForUser(Backend node, String name) {
        ReplyWriter out = node.begin();
        out.array(3);
        out.bulkText("ACL");
        out.bulkText("GETUSER");
        out.bulkText(name);
        node.end(out, this, 0);
    }

    private void askForPermission(Backend node, Request request) {
        ReplyWriter out = node.begin();
        out.array(3 + request.count());
        out.bulkText("ACL");
        out.bulkText("DRYRUN");
        out.bulkText(client.session().account().name());
        for (int i = 0; i < request.count(); i++) {
            out.bulk(request.address(i), request.length(i));
        }
        node.end(out, this, 0);
    }

    /** Why the request must not be served, or null. What was answered is then used up. */
    String takeRefusal(Command command) {
        Reply said = answer;
        asked = false;
        answer = null;
        if (said instanceof Reply.Error error) {
            return error.text();
        }
        boolean permitted = said == null || said.equals(new Reply.Simple("OK"));
        if (permitted || !(said instanceof Reply.Bulk denial)) {
            client.session().describedUser(permitted ? null : said);
            return null;
        }
        String text = denial.text();
        return text.endsWith("channel")
                ? CommandError.NO_PERMISSION_CHANNEL
                : text.endsWith("key")
                        ? CommandError.NO_PERMISSION_KEY
                        : CommandError.noPermission(command.spec().name());
    }

    @Override
    public void reply(int tag, long address, int length) {
        answered(worker.buffers().reply(address, length));
    }

    @Override
    public void failed(int tag, String error) {
        answered(new Reply.Error(error));
    }

    private void answered(Reply reply) {
        answer = reply;
        client.resume(FrontHandler.PAUSED_BY_INQUIRY);
    }
}
