package dev.jackdaw.server.tracking;

import static dev.jackdaw.server.tracking.TrackingOption.BCAST;
import static dev.jackdaw.server.tracking.TrackingOption.NOLOOP;
import static dev.jackdaw.server.tracking.TrackingOption.OPTIN;
import static dev.jackdaw.server.tracking.TrackingOption.OPTOUT;

import dev.jackdaw.server.pubsub.Subscriber;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Owned by the event loop: a client as one who may keep copies of keys: what it asked of CLIENT TRACKING. */
public final class Tracker {
    private static final String[] NO_PREFIXES = {};

    private final long id;
    private final Subscriber subscriber;
    private final Set<TrackingOption> options = EnumSet.noneOf(TrackingOption.class);
    private boolean on;
    private long redirect;
    private boolean redirectBroken;
    private boolean caching;
    private String[] prefixes = NO_PREFIXES;

    public Tracker(long id, Subscriber subscriber) {
        this.id = id;
        this.subscriber = subscriber;
    }

    public long id() {
        return id;
    }

    public Subscriber subscriber() {
        return subscriber;
    }

    public boolean isOn() {
        return on;
    }

    public boolean has(TrackingOption option) {
        return options.contains(option);
    }

    public Set<TrackingOption> options() {
        return Collections.unmodifiableSet(options);
    }

    /** The client that invalidations go to, 0 for this one. */
    public long redirect() {
        return redirect;
    }

    /** Whether an invalidation was lost because that client is gone. */
    public boolean isRedirectBroken() {
        return redirectBroken;
    }

    void breakRedirect() {
        redirectBroken = true;
    }

    /** What CLIENT CACHING said about the next command. */
    public boolean isCaching() {
        return caching;
    }

    public void caching(boolean said) {
        caching = said;
    }

    /** In ascending order, one character a byte. */
    public List<String> prefixes() {
        return List.of(prefixes);
    }

    String[] prefixArray() {
        return prefixes;
    }

    void on(Set<TrackingOption> newOptions, long newRedirect, Collection<String> morePrefixes) {
        on = true;
        options.clear();
        options.addAll(newOptions);
        redirect = newRedirect;
        redirectBroken = false;
        if (has(BCAST)) {
            Set<String> all = new TreeSet<>(Arrays.asList(prefixes));
            all.addAll(morePrefixes.isEmpty() ? Set.of("") : morePrefixes);
            prefixes = all.toArray(NO_PREFIXES);
        }
    }

    void off() {
        on = false;
        options.clear();
        redirect = 0;
        redirectBroken = false;
        caching = false;
        prefixes = NO_PREFIXES;
    }

    /** Whether the keys that the next command reads are to be remembered. */
    boolean remembers() {
        return on && !has(BCAST) && (!has(OPTIN) || caching) && (!has(OPTOUT) || !caching);
    }

    /** Whether it is to hear of what {@code cause} changed. */
    boolean hears(Tracker cause) {
        return cause != this || !has(NOLOOP);
    }
}
