package dev.jackdaw.server.config;

import java.util.Arrays;

/**
 * Immutable: how many bytes of replies a client may leave unread: never more than the hard limit, and not more than the
 * soft limit for longer than some seconds. Zero is no limit.
 */
public record OutputLimit(long hardBytes, long softBytes, int softSeconds) {
    private static final OutputLimit NONE = new OutputLimit(0, 0, 0);

    /** The limits of all classes, from the text that CONFIG GET shows. */
    static OutputLimit[] all(String text) {
        OutputLimit[] limits = new OutputLimit[ClientClass.values().length];
        Arrays.fill(limits, NONE);
        String[] words = text.isEmpty() ? new String[0] : text.split(" ");
        for (int i = 0; i < words.length; i += 4) {
            limits[ClientClass.named(words[i]).ordinal()] = new OutputLimit(
                    Long.parseLong(words[i + 1]), Long.parseLong(words[i + 2]), Integer.parseInt(words[i + 3]));
        }
        return limits;
    }

    @Override
    public String toString() {
        return hardBytes + " " + softBytes + " " + softSeconds;
    }
}
