package dev.jackdaw.server.config;

/** Owned by the node's event loop: the settings in force. */
public final class Config {
    private int databases = 16;
    private int maxClients = 10_000;
    private String requirePass = "";
    private boolean protectedMode = true;
    private long timeoutMillis;
    private long queryBufferLimitBytes = 1L << 30;
    private long maxBulkBytes = 512L << 20;

    public int databases() {
        return databases;
    }

    public int maxClients() {
        return maxClients;
    }

    /** The password of the default user, empty for none. */
    public String requirePass() {
        return requirePass;
    }

    public boolean protectedMode() {
        return protectedMode;
    }

    /** How long a client may be idle, 0 for ever. */
    public long timeoutMillis() {
        return timeoutMillis;
    }

    public long queryBufferLimitBytes() {
        return queryBufferLimitBytes;
    }

    /** The longest argument: proto-max-bulk-len. */
    public long maxBulkBytes() {
        return maxBulkBytes;
    }

    public void requirePass(String password) {
        requirePass = password;
    }
}
