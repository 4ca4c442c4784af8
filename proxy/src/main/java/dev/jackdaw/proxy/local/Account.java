package dev.jackdaw.proxy.local;

import dev.jackdaw.protocol.resp.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Immutable: a user of the nodes as whom a client has logged in, with the password. The nodes see the client's requests come from
 * that user, so they decide what it may do.
 */
public record Account(String name, String password) {
    /** The name of the user that a client is without an account: whom the proxy itself is to the nodes. */
    public static final String DEFAULT = "default";

    /**
     * Whether the password is one of the user's whom a node has described.
     *
     * @param description what ACL GETUSER replies: null for a user that there is not
     */
    boolean isRight(Reply description) {
        List<Reply> flags = elements(field(description, "flags"));
        if (!flags.contains(new Reply.Bulk("on"))) {
            return false;
        }
        byte[] given = hash().getBytes(StandardCharsets.US_ASCII);
        boolean right = flags.contains(new Reply.Bulk("nopass"));
        for (Reply hash : elements(field(description, "passwords"))) {
            right |= hash instanceof Reply.Bulk bulk && MessageDigest.isEqual(bulk.bytes(), given);
        }
        return right;
    }

    /** What a description, of a user or a selector of its, says under a name; null if nothing. */
    static Reply field(Reply description, String name) {
        if (description instanceof Reply.Array fields) {
            int at = fields.elements().indexOf(new Reply.Bulk(name));
            if (at >= 0 && at + 1 < fields.elements().size()) {
                return fields.elements().get(at + 1);
            }
        }
        return null;
    }

    private static List<Reply> elements(Reply field) {
        return field instanceof Reply.Array values ? values.elements() : List.of();
    }

    /** As users' passwords are kept. */
    private String hash() {
        try {
            byte[] bytes = password.getBytes(StandardCharsets.ISO_8859_1);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every JDK has it", impossible);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return name;
    }
}
