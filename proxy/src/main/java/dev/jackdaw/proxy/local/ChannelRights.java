package dev.jackdaw.proxy.local;

import dev.jackdaw.protocol.resp.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Immutable: which channels a user of the nodes may listen to. */
public record ChannelRights(List<String> patterns) {
    private static final String EVERY = "*";

    /** @param user what ACL GETUSER replies about a user that there is */
    public static ChannelRights of(Reply user) {
        List<String> patterns = new ArrayList<>(patterns(user));
        if (Account.field(user, "selectors") instanceof Reply.Array selectors) {
            selectors.elements().forEach(selector -> patterns.addAll(patterns(selector)));
        }
        return new ChannelRights(patterns);
    }

    /** They come with an ampersand before and a blank after each but the last. */
    private static List<String> patterns(Reply rules) {
        if (!(Account.field(rules, "channels") instanceof Reply.Bulk bulk) || bulk.bytes().length == 0) {
            return List.of();
        }
        String text = new String(bulk.bytes(), StandardCharsets.ISO_8859_1);
        return List.of(text.substring(1).split(" &"));
    }

    /** As at a node, a pattern to listen to is permitted by the very same one only. */
    public boolean permit(String name, boolean isPattern) {
        return patterns.contains(EVERY)
                || (isPattern
                        ? patterns.contains(name)
                        : patterns.stream().anyMatch(pattern -> Subscriptions.matches(pattern, name)));
    }
}
