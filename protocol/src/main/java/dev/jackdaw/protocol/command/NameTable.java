package dev.jackdaw.protocol.command;

import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Immutable: finds a command by an argument of a request, in any case, in a few nanoseconds and without allocation.
 *
 * <p>A name's first eight bytes, folded to upper case, are one word ({@code head}); head and length are hashed into an open table
 * that is never more than a quarter full. Up to eight bytes, equal head and length are an equal name.
 */
final class NameTable {
    private static final int WORD = 8;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;

    /** A command and, if it is a container, its subcommands. */
    record Entry(long head, int length, String name, Command command, NameTable subcommands) {}

    private final Entry[] slots;
    private final int shift;

    private NameTable(int names) {
        int bits = 32 - Integer.numberOfLeadingZeros(names * 4);
        this.slots = new Entry[1 << bits];
        this.shift = Long.SIZE - bits;
    }

    /** A table of {@code commands}, each with its subcommands as {@code containers} has them; one that is renamed to nothing is not in it. */
    static NameTable of(List<Command> commands, Map<String, List<Command>> containers, Map<String, String> renamed) {
        NameTable table = new NameTable(commands.size());
        for (Command command : commands) {
            String ownName = command.spec().lastName().toUpperCase(Locale.ROOT);
            String name = renamed.getOrDefault(ownName, ownName);
            if (name.isEmpty()) {
                continue;
            }
            List<Command> below = containers.getOrDefault(command.spec().name(), List.of());
            NameTable subcommands = command.spec().isContainer() ? of(below, Map.of(), Map.of()) : null;
            table.add(new Entry(head(name), name.length(), name, command, subcommands));
        }
        return table;
    }

    /** The entry that argument {@code i} names, or null. */
    Entry find(Request request, int i) {
        int length = request.length(i);
        long head = foldedHead(request.address(i), length);
        int at = slot(head, length);
        for (Entry entry = slots[at]; entry != null; entry = slots[at]) {
            if (entry.head == head && entry.length == length && (length <= WORD || request.is(i, entry.name))) {
                return entry;
            }
            at = at + 1 & slots.length - 1;
        }
        return null;
    }

    private void add(Entry entry) {
        int at = slot(entry.head, entry.length);
        while (slots[at] != null) {
            at = at + 1 & slots.length - 1;
        }
        slots[at] = entry;
    }

    private int slot(long head, int length) {
        return (int) ((head + length) * 0x9E3779B97F4A7C15L >>> shift);
    }

    private static long head(String name) {
        long head = 0;
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < Math.min(bytes.length, WORD); i++) {
            head |= (long) bytes[i] << WORD * i;
        }
        return head;
    }

    /** The first bytes as a little-endian word in upper case; reads nothing past {@code length}. */
    private static long foldedHead(long address, int length) {
        long word;
        if (length >= WORD) {
            word = Raw.getLong(address);
        } else if (length >= 4) {
            long high = Raw.getInt(address + length - 4) & 0xffffffffL;
            word = Raw.getInt(address) & 0xffffffffL | high << WORD * (length - 4);
        } else if (length > 0) {
            long middle = Raw.getUnsignedByte(address + (length >> 1));
            long last = Raw.getUnsignedByte(address + length - 1);
            word = Raw.getUnsignedByte(address) | middle << WORD * (length >> 1) | last << WORD * (length - 1);
        } else {
            word = 0;
        }
        return upperCase(word);
    }

    /** Clears bit 5 of those bytes of {@code word} that are lower-case letters. */
    private static long upperCase(long word) {
        long low = word & ~HIGH_BITS;
        long fromA = low + (0x80 - 'a') * ONES;
        long pastZ = low + (0x7f - 'z') * ONES;
        long letters = (fromA ^ pastZ) & ~word & HIGH_BITS;
        return word ^ letters >>> 2;
    }
}
