package dev.jackdaw.server.persistence;

import dev.jackdaw.server.config.ConfigException;
import dev.jackdaw.server.config.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Immutable: which files make up the log, in Redis's words: one base, what was written after it in one file after the other,
 * and history, which is to be deleted.
 *
 * <pre>
 *   file appendonly.aof.2.base.rdb seq 2 type b
 *   file appendonly.aof.1.incr.aof seq 1 type h
 *   file appendonly.aof.2.incr.aof seq 2 type i
 * </pre>
 */
record Manifest(Item base, List<Item> increments, List<Item> history) {
    static final Manifest EMPTY = new Manifest(null, List.of(), List.of());

    /** Immutable: one file and its place in the order of those of its kind. */
    record Item(String name, long sequence) {}

    Manifest {
        increments = List.copyOf(increments);
        history = List.copyOf(history);
    }

    boolean isEmpty() {
        return base == null && increments.isEmpty();
    }

    /** The base, if there is one, and the increments, in the order in which they were written. */
    List<Item> inOrder() {
        List<Item> items = new ArrayList<>();
        if (base != null) {
            items.add(base);
        }
        items.addAll(increments);
        return items;
    }

    Item lastIncrement() {
        return increments.isEmpty() ? null : increments.getLast();
    }

    long nextIncrement() {
        return last(increments) + 1;
    }

    long nextBase() {
        return base == null ? 1 : base.sequence + 1;
    }

    private static long last(List<Item> items) {
        return items.stream().mapToLong(Item::sequence).max().orElse(0);
    }

    /** With one increment more. */
    Manifest with(Item increment) {
        List<Item> more = new ArrayList<>(increments);
        more.add(increment);
        return new Manifest(base, more, history);
    }

    /** A base, and what was written since it was begun; all others become history. */
    Manifest rewritten(Item newBase, Item increment) {
        List<Item> old = new ArrayList<>(history);
        inOrder().stream().filter(each -> !each.equals(increment)).forEach(old::add);
        return new Manifest(newBase, List.of(increment), old);
    }

    Manifest withoutHistory() {
        return new Manifest(base, increments, List.of());
    }

    // --- As text ---

    String format() {
        StringBuilder text = new StringBuilder();
        if (base != null) {
            line(text, base, 'b');
        }
        history.forEach(each -> line(text, each, 'h'));
        increments.forEach(each -> line(text, each, 'i'));
        return text.toString();
    }

    private static void line(StringBuilder text, Item item, char type) {
        text.append("file ").append(quoted(item.name)).append(" seq ").append(item.sequence);
        text.append(" type ").append(type).append('\n');
    }

    private static String quoted(String name) {
        boolean plain = name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '\\');
        return plain ? name : Words.quoted(name);
    }

    static Manifest parse(byte[] bytes) throws IOException {
        Item base = null;
        List<Item> increments = new ArrayList<>();
        List<Item> history = new ArrayList<>();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (String line : text.split("\n")) {
            if (line.startsWith("#")) {
                continue;
            }
            Map<String, String> facts = facts(line);
            Item item = item(facts, line);
            switch (facts.getOrDefault("type", "")) {
                case "b" -> {
                    require(base == null, "two bases", line);
                    base = item;
                }
                case "i" -> {
                    require(item.sequence > last(increments), "increments that are not in order", line);
                    increments.add(item);
                }
                case "h" -> history.add(item);
                default -> require(false, "no type that is known", line);
            }
        }
        Manifest manifest = new Manifest(base, increments, history);
        require(!text.isEmpty(), "nothing", text);
        return manifest;
    }

    /** Names and values in pairs; what is not known is passed by, as Redis does. */
    private static Map<String, String> facts(String line) throws IOException {
        Map<String, String> facts = new HashMap<>();
        try {
            List<String> words = Words.split(line);
            require(words.size() % 2 == 0, "a line of an odd number of words", line);
            for (int i = 0; i < words.size(); i += 2) {
                facts.put(words.get(i), words.get(i + 1));
            }
        } catch (ConfigException unbalanced) {
            throw new IOException("the manifest has a line with unbalanced quotes: " + line, unbalanced);
        }
        return facts;
    }

    private static Item item(Map<String, String> facts, String line) throws IOException {
        String name = facts.getOrDefault("file", "");
        String sequence = facts.getOrDefault("seq", "");
        require(!name.isEmpty() && !name.contains("/"), "a line without the name of a file in the directory", line);
        require(sequence.matches("[1-9][0-9]{0,17}"), "a line without a number", line);
        return new Item(name, Long.parseLong(sequence));
    }

    private static void require(boolean met, String otherwise, String line) throws IOException {
        if (!met) {
            throw new IOException("the manifest has " + otherwise + ": " + line);
        }
    }
}
