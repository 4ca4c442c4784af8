package dev.jackdaw.proxy.local;

import dev.jackdaw.protocol.Glob;
import dev.jackdaw.protocol.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Owned by one event loop: who listens to which channels and patterns. Names hold one character a byte.
 *
 * @param <S> a listener
 */
public final class Subscriptions<S> {
    /** What a name and a listener to it take on the heap, roughly, with everything that is kept elsewhere for them. */
    private static final int NAME_BYTES = 500;

    private static final int LISTENER_BYTES = 100;

    private final Map<String, Set<S>> channels = new HashMap<>();
    private final Map<String, Set<S>> patterns = new HashMap<>();
    private long bytes;

    /** What all subscriptions take on the heap, roughly. */
    public long bytes() {
        return bytes;
    }

    /** What one more subscription takes at most. */
    public static long bytes(int nameLength) {
        return NAME_BYTES + LISTENER_BYTES + nameLength;
    }

    /** Whether {@code name} is new to everybody; the listener does not listen to it yet. */
    public boolean add(S listener, String name, boolean isPattern) {
        Map<String, Set<S>> all = isPattern ? patterns : channels;
        boolean first = !all.containsKey(name);
        all.computeIfAbsent(name, unused -> new LinkedHashSet<>()).add(listener);
        bytes += first ? bytes(name.length()) : LISTENER_BYTES;
        return first;
    }

    /** Whether nobody listens to {@code name} any more. */
    public boolean remove(S listener, String name, boolean isPattern) {
        Map<String, Set<S>> all = isPattern ? patterns : channels;
        Set<S> listeners = all.get(name);
        if (listeners == null || !listeners.remove(listener)) {
            return false;
        }
        boolean last = listeners.isEmpty();
        if (last) {
            all.remove(name);
        }
        bytes -= last ? bytes(name.length()) : LISTENER_BYTES;
        return last;
    }

    /** A copy, so that a listener may leave while it is told. */
    public List<S> listeners(String name, boolean isPattern) {
        return List.copyOf((isPattern ? patterns : channels).getOrDefault(name, Set.of()));
    }

    public int count(String channel) {
        return channels.getOrDefault(channel, Set.of()).size();
    }

    public Collection<String> names(boolean ofPatterns) {
        return (ofPatterns ? patterns : channels).keySet();
    }

    /** The channels that match a pattern. */
    public List<String> channelsFor(String pattern) {
        return channels.keySet().stream()
                .filter(channel -> matches(pattern, channel))
                .toList();
    }

    /** The patterns that match a channel. */
    public List<String> patternsFor(String channel) {
        return patterns.keySet().stream()
                .filter(pattern -> matches(pattern, channel))
                .toList();
    }

    static boolean matches(String pattern, String channel) {
        Request both = new Request();
        both.set(pattern.getBytes(StandardCharsets.ISO_8859_1), channel.getBytes(StandardCharsets.ISO_8859_1));
        return new Glob().at(both.address(0), both.length(0), false).matches(both.address(1), both.length(1));
    }
}
