package dev.jackdaw.server.acl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/** Shared and stateless: passwords are kept as their SHA-256, in hexadecimal digits. */
final class Password {
    private Password() {}

    static String hash(String password) {
        try {
            byte[] bytes = password.getBytes(StandardCharsets.ISO_8859_1);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }

    static String checkedHash(String hash) {
        if (!hash.matches("[0-9a-f]{64}")) {
            throw new RuleException(RuleException.BAD_HASH);
        }
        return hash;
    }

    /** Takes the same time whichever of the hashes is the right one, and wherever the others differ. */
    static boolean isOneOf(String password, Collection<String> hashes) {
        byte[] given = hash(password).getBytes(StandardCharsets.US_ASCII);
        boolean found = false;
        for (String hash : hashes) {
            found |= MessageDigest.isEqual(given, hash.getBytes(StandardCharsets.US_ASCII));
        }
        return found;
    }
}
