package dev.jackdaw.server.net;

import dev.jackdaw.server.config.OutputLimit;

/** Owned by one connection: since when its client leaves more replies unread than its soft limit. */
final class OutputWatch {
    private long overSoftLimitMillis;

    /** Notes how many bytes wait for the client; returns whether that is too much, or has been for too long. */
    boolean isTooMuch(long held, OutputLimit limit, long nowMillis) {
        boolean overHard = limit.hardBytes() > 0 && held > limit.hardBytes();
        boolean overSoft = limit.softBytes() > 0 && held > limit.softBytes();
        if (!overSoft) {
            overSoftLimitMillis = 0;
        } else if (overSoftLimitMillis == 0) {
            overSoftLimitMillis = nowMillis;
        }
        return overHard || overSoft && nowMillis - overSoftLimitMillis > limit.softSeconds() * 1000L;
    }
}
