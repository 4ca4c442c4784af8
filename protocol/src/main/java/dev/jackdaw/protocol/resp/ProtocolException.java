package dev.jackdaw.protocol.resp;

/**
 * Immutable: the bytes of a peer cannot be read as RESP, so the connection gets this one error and is closed. The message is
 * what follows {@code -ERR } on the wire. Has no stack trace: it tells of the peer's bytes, not of a place in this program.
 */
public final class ProtocolException extends RuntimeException {
    public ProtocolException(String message) {
        super(message, null, false, false);
    }
}
