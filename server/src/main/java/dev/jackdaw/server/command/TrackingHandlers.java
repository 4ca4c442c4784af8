package dev.jackdaw.server.command;

import static dev.jackdaw.server.tracking.TrackingOption.BCAST;
import static dev.jackdaw.server.tracking.TrackingOption.OPTIN;
import static dev.jackdaw.server.tracking.TrackingOption.OPTOUT;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.server.tracking.Tracker;
import dev.jackdaw.server.tracking.TrackingOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Owned by the event loop: the bodies of the subcommands of CLIENT for client-side caching. */
final class TrackingHandlers {
    /** Prefixes of one client: each change of a key is compared with each of them. */
    private static final int MOST_PREFIXES = 1000;

    private final Node node;

    TrackingHandlers(Node node) {
        this.node = node;
    }

    void tracking(Call call) {
        Tracker tracker = call.session().tracker();
        Set<TrackingOption> options = EnumSet.noneOf(TrackingOption.class);
        List<String> prefixes = new ArrayList<>();
        long redirect = 0;
        for (int i = 3; i < call.count(); i++) {
            boolean more = i + 1 < call.count();
            if (call.is(i, "REDIRECT") && more) {
                redirect = redirection(call, ++i, redirect);
            } else if (call.is(i, "PREFIX") && more) {
                prefixes.add(call.text(++i));
            } else {
                options.add(option(call, i));
            }
        }
        boolean on = call.is(2, "ON");
        if (!on && !call.is(2, "OFF")) {
            throw Refusal.SYNTAX;
        }
        if (on) {
            checkOptions(tracker, options, prefixes);
            checkPrefixes(tracker, prefixes);
        }

        if (on) {
            node.tracking().on(tracker, options, redirect, prefixes);
        } else {
            node.tracking().off(tracker);
        }
        call.reply().ok();
    }

    private long redirection(Call call, int i, long before) {
        if (before != 0) {
            throw new Refusal(CommandError.SECOND_REDIRECTION);
        }
        long id = call.integer(i);
        if (node.session(id) == null) {
            throw new Refusal(CommandError.NO_SUCH_REDIRECTION);
        }
        return id;
    }

    private static TrackingOption option(Call call, int i) {
        for (TrackingOption option : TrackingOption.values()) {
            if (call.is(i, option.name())) {
                return option;
            }
        }
        throw Refusal.SYNTAX;
    }

    private static void checkOptions(Tracker tracker, Set<TrackingOption> options, List<String> prefixes) {
        boolean optIn = options.contains(OPTIN);
        boolean optOut = options.contains(OPTOUT);
        if (!prefixes.isEmpty() && !options.contains(BCAST)) {
            throw new Refusal(CommandError.PREFIX_WITHOUT_BCAST);
        }
        if (tracker.isOn() && tracker.has(BCAST) != options.contains(BCAST)) {
            throw new Refusal(CommandError.BCAST_SWITCH);
        }
        if (options.contains(BCAST) && (optIn || optOut)) {
            throw new Refusal(CommandError.OPTIN_WITH_BCAST);
        }
        if (optIn && optOut) {
            throw new Refusal(CommandError.OPTIN_WITH_OPTOUT);
        }
        if (optIn && tracker.has(OPTOUT) || optOut && tracker.has(OPTIN)) {
            throw new Refusal(CommandError.OPTIN_SWITCH);
        }
    }

    /** Prefixes of one client must not overlap, or it would hear of a key twice. */
    private static void checkPrefixes(Tracker tracker, List<String> prefixes) {
        if (prefixes.size() + tracker.prefixes().size() > MOST_PREFIXES) {
            throw new Refusal(CommandError.TOO_MANY_PREFIXES);
        }
        for (int i = 0; i < prefixes.size(); i++) {
            String prefix = prefixes.get(i);
            for (String existing : tracker.prefixes()) {
                if (overlap(prefix, existing)) {
                    throw new Refusal(CommandError.overlapsWithExistingPrefix(prefix, existing));
                }
            }
            for (String other : prefixes.subList(i + 1, prefixes.size())) {
                if (overlap(prefix, other)) {
                    throw new Refusal(CommandError.overlappingPrefixes(prefix, other));
                }
            }
        }
    }

    private static boolean overlap(String a, String b) {
        return a.startsWith(b) || b.startsWith(a);
    }

    void caching(Call call) {
        Tracker tracker = call.session().tracker();
        if (!tracker.isOn()) {
            throw new Refusal(CommandError.CACHING_WITHOUT_MODE);
        }
        if (call.is(2, "YES")) {
            if (!tracker.has(OPTIN)) {
                throw new Refusal(CommandError.CACHING_YES_WITHOUT_OPTIN);
            }
        } else if (call.is(2, "NO")) {
            if (!tracker.has(OPTOUT)) {
                throw new Refusal(CommandError.CACHING_NO_WITHOUT_OPTOUT);
            }
        } else {
            throw Refusal.SYNTAX;
        }

        tracker.caching(true);
        call.reply().ok();
    }

    void getredir(Call call) {
        call.reply().integer(redirect(call.session().tracker()));
    }

    void trackinginfo(Call call) {
        Tracker tracker = call.session().tracker();
        ReplyWriter reply = call.reply();
        reply.map(3);
        reply.bulkText("flags");
        List<String> flags = flags(tracker);
        reply.set(flags.size());
        flags.forEach(reply::bulkText);
        reply.bulkText("redirect");
        reply.integer(redirect(tracker));
        reply.bulkText("prefixes");
        reply.array(tracker.prefixes().size());
        tracker.prefixes().forEach(reply::bulkText);
    }

    private static long redirect(Tracker tracker) {
        return tracker.isOn() ? tracker.redirect() : -1;
    }

    private static List<String> flags(Tracker tracker) {
        List<String> flags = new ArrayList<>();
        flags.add(tracker.isOn() ? "on" : "off");
        for (TrackingOption option : tracker.options()) {
            flags.add(option.wireName());
            if (tracker.isCaching() && option == OPTIN) {
                flags.add("caching-yes");
            }
            if (tracker.isCaching() && option == OPTOUT) {
                flags.add("caching-no");
            }
        }
        if (tracker.isRedirectBroken()) {
            flags.add("broken_redirect");
        }
        return flags;
    }
}
