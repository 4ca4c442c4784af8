package dev.jackdaw.proxy.route;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.protocol.route.Slot;

/** Immutable and stateless: whether the patterns of a SORT name keys that its own node need not have. */
final class SortPatterns {
    private SortPatterns() {}

    /** The option whose pattern may lead to another slot, or nothing. */
    static String elsewhere(Request request, int slot) {
        for (int i = 2; i < request.count(); i++) {
            if (request.is(i, "LIMIT")) {
                i += 2;
            } else if (request.is(i, "STORE")) {
                i++;
            } else if (i + 1 < request.count() && (request.is(i, "BY") || request.is(i, "GET"))) {
                if (mayLeave(request.address(i + 1), request.length(i + 1), slot)) {
                    return request.is(i, "BY") ? "BY" : "GET";
                }
                i++;
            }
        }
        return "";
    }

    /** A pattern stays if it has a hash tag of the slot before the place of the element, or no such place. */
    private static boolean mayLeave(long pattern, int length, int slot) {
        int star = indexOf('*', pattern, 0, length);
        if (star == length) {
            return false;
        }
        int open = indexOf('{', pattern, 0, star);
        int close = indexOf('}', pattern, open, star);
        return close == star || close == open + 1 || Slot.of(pattern, star) != slot;
    }

    private static int indexOf(char wanted, long address, int from, int end) {
        int at = from;
        while (at < end && Raw.getByte(address + at) != wanted) {
            at++;
        }
        return at;
    }
}
