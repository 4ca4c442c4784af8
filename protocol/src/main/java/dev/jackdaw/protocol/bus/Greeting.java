package dev.jackdaw.protocol.bus;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Immutable: who dials, who accepts, and the numbers that both drew for this one connection; from which either proves to the
 * other that it knows the secret without saying it. Who dials has to prove it first, so a stranger learns nothing to guess
 * against.
 */
public record Greeting(NodeId dialer, byte[] dialerNonce, NodeId acceptor, byte[] acceptorNonce) {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String KEY_PREFIX = "jackdaw-bus:";

    public byte[] dialerProof(String secret) {
        return proof(secret, 'D');
    }

    public byte[] acceptorProof(String secret) {
        return proof(secret, 'A');
    }

    /** Takes the same time wherever the proofs differ. */
    public static boolean isSame(byte[] proof, byte[] expected) {
        return MessageDigest.isEqual(proof, expected);
    }

    private byte[] proof(String secret, char role) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec((KEY_PREFIX + secret).getBytes(StandardCharsets.UTF_8), ALGORITHM));
            mac.update((byte) role);
            mac.update(bytes(dialer));
            mac.update(dialerNonce);
            mac.update(bytes(acceptor));
            mac.update(acceptorNonce);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(NodeId id) {
        return ByteBuffer.allocate(NodeId.BYTES)
                .putLong(id.high())
                .putLong(id.low())
                .array();
    }
}
