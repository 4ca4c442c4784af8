package dev.jackdaw.protocol.command;

import static dev.jackdaw.protocol.command.KeyFlag.ACCESS;
import static dev.jackdaw.protocol.command.KeyFlag.DELETE;
import static dev.jackdaw.protocol.command.KeyFlag.OW;
import static dev.jackdaw.protocol.command.KeyFlag.RM;
import static dev.jackdaw.protocol.command.KeyFlag.RO;
import static dev.jackdaw.protocol.command.KeyFlag.RW;
import static dev.jackdaw.protocol.command.KeyFlag.UPDATE;

import dev.jackdaw.protocol.resp.Request;

/** Immutable: finds the keys, or what happens to them, where key specs cannot tell. */
@FunctionalInterface
public interface KeyFinder {
    KeySpec SET_AND_READ = KeySpec.first(RW, ACCESS, UPDATE);
    KeySpec SET_UNREAD = KeySpec.first(OW, UPDATE);

    /** SET reads the old value only when told to return it or to compare it. */
    KeyFinder SET = (request, into) -> {
        boolean reads = false;
        for (int i = 3; i < request.count() && !reads; i++) {
            reads = request.is(i, "GET")
                    || request.is(i, "IFEQ")
                    || request.is(i, "IFNE")
                    || request.is(i, "IFDEQ")
                    || request.is(i, "IFDNE");
        }
        into.add(1, reads ? SET_AND_READ : SET_UNREAD);
        return true;
    };

    KeySpec DELETED_IF_SO = KeySpec.first(RW, ACCESS, DELETE);
    KeySpec DELETED = KeySpec.first(RM, DELETE);

    /** DELEX looks at the value only if there is a condition. */
    KeyFinder DELEX = (request, into) -> {
        into.add(1, request.count() > 2 ? DELETED_IF_SO : DELETED);
        return true;
    };

    KeySpec READ = KeySpec.first(RO, ACCESS);

    /** BITFIELD changes nothing when all that it does is GET. */
    KeyFinder BITFIELD = (request, into) -> {
        boolean reads = true;
        for (int i = 2; i < request.count() && reads; ) {
            int left = request.count() - i - 1;
            if (request.is(i, "GET") && left >= 2) {
                i += 3;
            } else if (request.is(i, "OVERFLOW") && left >= 1) {
                i += 2;
            } else {
                reads = false;
            }
        }
        into.add(1, reads ? READ : SET_AND_READ);
        return true;
    };

    KeyFinder FIRST_READ = (request, into) -> {
        into.add(1, READ);
        return true;
    };

    /** The last STORE counts. */
    KeyFinder SORT = (request, into) -> {
        into.add(1, READ);
        int store = 0;
        for (int i = 2; i < request.count(); i++) {
            if (request.is(i, "LIMIT")) {
                i += 2;
            } else if (request.is(i, "GET") || request.is(i, "BY")) {
                i++;
            } else if (request.is(i, "STORE") && i + 1 < request.count()) {
                store = i + 1;
            }
        }
        if (store > 0) {
            into.add(store, SET_UNREAD);
        }
        return true;
    };

    KeySpec MOVED = KeySpec.at(3, RW, ACCESS, DELETE);

    /** All behind KEYS, or the one key, which is empty otherwise. */
    KeyFinder MIGRATE = (request, into) -> {
        int first = 3;
        int last = 3;
        for (int i = 6; i < request.count() && first == 3; i++) {
            if (request.is(i, "KEYS")) {
                first = i + 1;
                last = request.count() - 1;
            } else if (request.is(i, "AUTH")) {
                i++;
            } else if (request.is(i, "AUTH2")) {
                i += 2;
            }
        }
        if (first != 3 && request.length(3) != 0) {
            return false;
        }
        for (int i = first; i <= last; i++) {
            into.add(i, MOVED);
        }
        return true;
    };

    /** Adds the keys; false when the arguments do not make sense. */
    boolean find(Request request, KeyPositions into);
}
