package dev.jackdaw.protocol.tls;

/** Immutable: why settings do not lead to encrypted connections: which file or name is wrong, and how. */
public final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TlsException(String message) {
        super(message);
    }

    TlsException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
