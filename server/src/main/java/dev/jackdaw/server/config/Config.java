package dev.jackdaw.server.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Owned by the node's event loop: the settings in force, one value for each {@link Directive}. Whoever must act on a change
 * follows; nobody is asked, since a value that is here is one that can be had. Texts have one character a byte, as those of
 * requests.
 */
public final class Config {
    /** A directive and a value for it, as one argument. */
    public record Assignment(String name, String value) {}

    /** Immutable: why CONFIG SET did nothing. */
    public static final class Rejection extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String name;

        private Rejection(String name, String reason) {
            super(reason, null, false, false);
            this.name = name;
        }

        /** The directive as the client named it. */
        public String name() {
            return name;
        }

        /** The reason in Redis's words; null if there is no such directive. */
        public String reason() {
            return getMessage();
        }
    }

    private final Map<Directive, String> texts = new EnumMap<>(Directive.class);
    private final long[] numbers = new long[Directive.values().length];
    private final Map<Directive, List<LongConsumer>> followers = new EnumMap<>(Directive.class);
    private OutputLimit[] outputLimits;
    private Path file;

    /** The defaults. */
    public Config() {
        for (Directive directive : Directive.values()) {
            put(directive, directive.initial());
        }
    }

    private void put(Directive directive, String text) {
        texts.put(directive, text);
        numbers[directive.ordinal()] = directive.type().number(text);
        if (directive == Directive.CLIENT_OUTPUT_BUFFER_LIMIT) {
            outputLimits = OutputLimit.all(text);
        }
    }

    // --- Reading ---

    /** The value as CONFIG GET shows it. */
    public String text(Directive directive) {
        return texts.get(directive);
    }

    /** The value of a directive that is a number or a number of bytes. */
    public long number(Directive directive) {
        return numbers[directive.ordinal()];
    }

    /** The value of a directive that is yes or no. */
    public boolean is(Directive directive) {
        return numbers[directive.ordinal()] != 0;
    }

    /** The file that the settings were read from, or null. */
    public Path file() {
        return file;
    }

    void file(Path newFile) {
        file = newFile;
    }

    /** The value of a directive that names a file. */
    public Path path(Directive directive) {
        return path(text(directive));
    }

    static Path path(String text) {
        return Path.of(new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    /** The words of a directive that takes several. */
    public List<String> words(Directive directive) {
        return Words.split(text(directive));
    }

    /** The lines of a directive of which there may be several, as words. */
    public List<List<String>> lines(Directive directive) {
        return ValueType.Lines.split(text(directive));
    }

    public int databases() {
        return (int) number(Directive.DATABASES);
    }

    public long maxClients() {
        return number(Directive.MAXCLIENTS);
    }

    /** The password of the default user, empty for none. */
    public String requirePass() {
        return text(Directive.REQUIREPASS);
    }

    public boolean protectedMode() {
        return is(Directive.PROTECTED_MODE);
    }

    /** How long a client may be idle, 0 for ever. */
    public long timeoutMillis() {
        return number(Directive.TIMEOUT) * 1000;
    }

    public long queryBufferLimitBytes() {
        return number(Directive.CLIENT_QUERY_BUFFER_LIMIT);
    }

    /** The longest argument: proto-max-bulk-len. */
    public long maxBulkBytes() {
        return number(Directive.PROTO_MAX_BULK_LEN);
    }

    public OutputLimit outputLimit(ClientClass clients) {
        return outputLimits[clients.ordinal()];
    }

    /** All directives, by the names that {@code wanted} accepts, old names as well. */
    public Map<String, String> matching(Predicate<String> wanted) {
        Map<String, String> found = new LinkedHashMap<>();
        for (Directive directive : Directive.values()) {
            if (directive.isHidden()) {
                continue;
            }
            if (wanted.test(directive.wireName())) {
                found.put(directive.wireName(), text(directive));
            }
            if (directive.alias() != null && wanted.test(directive.alias())) {
                found.put(directive.alias(), text(directive));
            }
        }
        return found;
    }

    /** The directives that were set to something else than their default and have no effect whatever their value. */
    public List<Directive> ineffective() {
        return texts.keySet().stream()
                .filter(directive -> directive.isIdle() && !text(directive).equals(directive.initial()))
                .toList();
    }

    // --- Changing ---

    /** Tells the number of a directive, now and whenever it has been set. */
    public void follow(Directive directive, LongConsumer follower) {
        followers.computeIfAbsent(directive, unused -> new ArrayList<>()).add(follower);
        follower.accept(number(directive));
    }

    /** Sets a directive as one line of a file does, before the node starts. */
    void load(Directive directive, List<String> words) {
        put(directive, accepted(directive, directive.add(text(directive), words)));
    }

    /** Makes all the changes, or none and throws a {@link Rejection}. */
    public void change(List<Assignment> assignments, boolean guardedToo) {
        Map<Directive, String> changes = new EnumMap<>(Directive.class);
        Set<String> names = new HashSet<>();
        for (Assignment assignment : assignments) {
            Directive directive = Directive.named(assignment.name());
            if (directive == null || directive.isHidden()) {
                throw new Rejection(assignment.name(), null);
            }
            check(directive, assignment.name(), guardedToo);
            if (!names.add(assignment.name().toLowerCase(Locale.ROOT))) {
                throw new Rejection(assignment.name(), "duplicate parameter");
            }
        }
        for (Assignment assignment : assignments) {
            Directive directive = Directive.named(assignment.name());
            try {
                ValueType type = directive.type();
                String value = assignment.value();
                List<String> words = type.takesManyWords() ? Words.split(value) : List.of(value);
                changes.put(directive, accepted(directive, type.change(text(directive), words)));
            } catch (ConfigException wrong) {
                throw new Rejection(assignment.name(), wrong.getMessage());
            }
        }

        changes.forEach(this::put);
        for (Directive directive : changes.keySet()) {
            followers.getOrDefault(directive, List.of()).forEach(follower -> follower.accept(number(directive)));
        }
    }

    private static void check(Directive directive, String name, boolean guardedToo) {
        if (directive.isFixed()) {
            throw new Rejection(name, "can't set immutable config");
        }
        if (directive.isGuarded() && !guardedToo) {
            throw new Rejection(name, "can't set protected config");
        }
    }

    private static String accepted(Directive directive, String text) {
        if (directive.isUnsupported() && (directive.isHidden() || !text.equals(directive.initial()))) {
            throw new ConfigException("not supported yet, other than by its default '" + directive.initial() + "'");
        }
        return text;
    }
}
