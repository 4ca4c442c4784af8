package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.resp.Integers;

/** Owned by the event loop: the options of XCLAIM. */
final class ClaimOptions {
    private final StreamId lastId = new StreamId();
    private boolean forced;
    private boolean onlyIds;
    private long deliveries;
    private long deliveredMillis;

    /** Whether what is not pending becomes so. */
    boolean isForced() {
        return forced;
    }

    boolean onlyIds() {
        return onlyIds;
    }

    /** How often the entries were delivered, or a negative number if nothing was said. */
    long deliveries() {
        return deliveries;
    }

    long deliveredMillis() {
        return deliveredMillis;
    }

    /** The last ID that was delivered to the group, or zero. */
    StreamId lastId() {
        return lastId;
    }

    /** Reads the options from argument {@code from} on. */
    void read(Call call, int from) {
        forced = false;
        onlyIds = false;
        deliveries = -1;
        deliveredMillis = -1;
        lastId.set(0, 0);
        for (int i = from; i < call.count(); i++) {
            boolean hasMore = i + 1 < call.count();
            if (call.is(i, "FORCE")) {
                forced = true;
            } else if (call.is(i, "JUSTID")) {
                onlyIds = true;
            } else if (hasMore && call.is(i, "IDLE")) {
                deliveredMillis = call.nowMillis() - number(call, ++i, "IDLE option");
            } else if (hasMore && call.is(i, "TIME")) {
                deliveredMillis = number(call, ++i, "TIME option");
            } else if (hasMore && call.is(i, "RETRYCOUNT")) {
                deliveries = number(call, ++i, "RETRYCOUNT option");
            } else if (hasMore && call.is(i, "LASTID")) {
                lastId.read(call, ++i);
            } else {
                throw new Refusal(CommandError.unknownClaimOption(call.text(i)));
            }
        }
        // Nothing was delivered in the future, nor before time began.
        if (deliveredMillis < 0 || deliveredMillis > call.nowMillis()) {
            deliveredMillis = call.nowMillis();
        }
    }

    private static long number(Call call, int i, String option) {
        if (!Integers.isInteger(call.address(i), call.length(i))) {
            throw new Refusal(CommandError.invalidClaimOption(option, "XCLAIM"));
        }
        return call.integer(i);
    }
}
