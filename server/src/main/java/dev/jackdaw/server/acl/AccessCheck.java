package dev.jackdaw.server.acl;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.KeyPositions;
import dev.jackdaw.protocol.resp.Request;

/** Owned by the event loop and used again for each command: whether a user may run a command, on these keys and channels. */
public final class AccessCheck {
    private final KeyPositions keys = new KeyPositions();
    private boolean keysFound;
    private int at;
    private int argument;

    /** What is denied, or null. Of several selectors, the one that comes nearest to allowing the command tells. */
    public Denial of(User user, Command command, Request request) {
        argument = 0;
        keysFound = false;
        Denial nearest = Denial.COMMAND;
        for (int i = 0; i < user.selectors().size(); i++) {
            Denial denial = of(user.selectors().get(i), command, request);
            if (denial == null) {
                return null;
            }
            if (denial.compareTo(nearest) > 0 || denial == nearest && at > argument) {
                nearest = denial;
                argument = at;
            }
        }
        return nearest;
    }

    /** The argument that was denied last: a key or a channel, or the command's name. */
    public int argument() {
        return argument;
    }

    /** Whether a selector that allows the command lets it read every key, for keys that are no arguments. */
    public boolean mayReadAllKeys(User user, Command command, Request request) {
        keysFound = false;
        return user.isUnrestricted()
                || user.selectors().stream()
                        .anyMatch(selector -> selector.readsAllKeys() && of(selector, command, request) == null);
    }

    private Denial of(Selector selector, Command command, Request request) {
        at = 0;
        if (!selector.commands().allows(command, request)) {
            return Denial.COMMAND;
        }
        if (!selector.allowsAllKeys() && !command.spec().keys().isEmpty() && !keysAllowed(selector, command, request)) {
            return Denial.KEY;
        }
        if (!selector.allowsAllChannels() && !channelsAllowed(selector, ChannelArguments.of(command), request)) {
            return Denial.CHANNEL;
        }
        return null;
    }

    /** Where the arguments make no sense there are no keys; the body will refuse them. */
    private boolean keysAllowed(Selector selector, Command command, Request request) {
        if (!keysFound) {
            command.spec().keys().find(request, keys);
            keysFound = true;
        }
        for (int i = 0; i < keys.count(); i++) {
            at = keys.argument(i);
            if (!selector.allowsKey(keys.flags(i), request.address(at), request.length(at))) {
                return false;
            }
        }
        return true;
    }

    private boolean channelsAllowed(Selector selector, ChannelArguments channels, Request request) {
        boolean patterns = channels == ChannelArguments.ALL_PATTERNS;
        for (at = 1; at <= channels.last(request.count()); at++) {
            if (!selector.allowsChannel(request.address(at), request.length(at), patterns)) {
                return false;
            }
        }
        return true;
    }
}
