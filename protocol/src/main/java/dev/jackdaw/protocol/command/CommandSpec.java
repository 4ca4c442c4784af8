package dev.jackdaw.protocol.command;

import dev.jackdaw.protocol.route.Route;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Immutable: everything that is known of a command without running it: what its row says, and what follows from that.
 *
 * <p>The syntax gives the arity, the keys give first, last and step, flags and family give the categories; a row names only what
 * does not follow.
 */
public final class CommandSpec {
    private final String name;
    private final boolean container;
    private final Syntax syntax;
    private final int arity;
    private final Keys keys;
    private final Set<Flag> flags;
    private final Set<Flag> shownFlags;
    private final Set<Category> categories;
    private final List<Tip> tips;
    private final Route route;
    private final String group;
    private final int mostWords;
    private final String since;
    private final String summary;
    private final String complexity;
    private final String deprecatedSince;
    private final String replacedBy;

    private CommandSpec(Builder row, String constant, Family family) {
        name = row.wireName(constant);
        container = row.container;
        syntax = row.syntax;
        arity = row.arity == 0 ? syntax.arity(row.subcommand ? 2 : 1) : row.arity;
        keys = row.keys;
        flags = unmodifiable(row.allFlags());
        shownFlags = unmodifiable(row.shownFlags());
        categories = unmodifiable(row.allCategories(family));
        tips = row.tips;
        route = row.route != null ? row.route : keys.isEmpty() ? Route.LOCAL : Route.BY_KEY;
        group = family.group();
        mostWords = family.mostWords();
        since = row.since;
        summary = row.summary;
        complexity = row.complexity;
        deprecatedSince = row.deprecatedSince;
        replacedBy = row.replacedBy;
    }

    /** Begins the row of a command: its arguments, as {@link Syntax} describes them. */
    public static Builder row(String syntax) {
        return new Builder(syntax);
    }

    /** Begins the row of a subcommand, whose constant is named CONTAINER_SUB_COMMAND: {@code container|sub-command}. */
    public static Builder sub(String syntax) {
        Builder row = new Builder(syntax);
        row.subcommand = true;
        return row;
    }

    /** Begins the row of a command that is nothing without a subcommand. */
    public static Builder container() {
        return new Builder("").pureContainer();
    }

    /** The name on the wire, in lower case: {@code get}, {@code client|no-evict}. */
    public String name() {
        return name;
    }

    /** What the client types after its container's name, or the whole name: {@code no-evict}, {@code get}. */
    public String lastName() {
        return name.substring(name.indexOf('|') + 1);
    }

    public boolean isSubcommand() {
        return name.indexOf('|') >= 0;
    }

    /** Whether there are subcommands. */
    public boolean isContainer() {
        return container;
    }

    public Syntax syntax() {
        return syntax;
    }

    /** The number of words with the name; negative for "at least". */
    public int arity() {
        return arity;
    }

    /** Whether a command of {@code words} words (with its name) can run: a container never does, unless it stands alone. */
    public boolean accepts(int words) {
        boolean enough = arity < 0 ? words >= -arity : words == arity;
        return enough && words <= mostWords && (!container || words == 1);
    }

    /** With more words a command is refused, however many its arity allows. */
    public int mostWords() {
        return mostWords;
    }

    public Keys keys() {
        return keys;
    }

    /** As COMMAND INFO shows them. */
    public Set<Flag> shownFlags() {
        return shownFlags;
    }

    public boolean has(Flag flag) {
        return flags.contains(flag);
    }

    public Set<Category> categories() {
        return categories;
    }

    public List<Tip> tips() {
        return tips;
    }

    public Route route() {
        return route;
    }

    public String group() {
        return group;
    }

    /** The version of Redis that had it first. */
    public String since() {
        return since;
    }

    public String summary() {
        return summary;
    }

    public String complexity() {
        return complexity;
    }

    public boolean isDeprecated() {
        return !deprecatedSince.isEmpty();
    }

    public String deprecatedSince() {
        return deprecatedSince;
    }

    public String replacedBy() {
        return replacedBy;
    }

    private static <E extends Enum<E>> Set<E> unmodifiable(EnumSet<E> set) {
        return Collections.unmodifiableSet(set);
    }

    /** Owned by the row that it builds. */
    public static final class Builder {
        private final Syntax syntax;
        private boolean subcommand;
        private boolean container;
        private int arity;
        private String wireName = "";
        private Keys keys = Keys.NONE;
        private final EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);
        private final EnumSet<Category> categories = EnumSet.noneOf(Category.class);
        private boolean ofFamily = true;
        private List<Tip> tips = List.of();
        private Route route;
        private String since = "";
        private String summary = "";
        private String complexity = "O(1)";
        private String deprecatedSince = "";
        private String replacedBy = "";

        private Builder(String syntax) {
            this.syntax = Syntax.parse(syntax);
        }

        private Builder pureContainer() {
            container = true;
            ofFamily = false;
            arity = -2;
            summary = "Holds subcommands.";
            complexity = "Depends on the subcommand.";
            return this;
        }

        /** For a command that has subcommands and also a meaning of its own. */
        public Builder withSubcommands() {
            container = true;
            return this;
        }

        /** Only where Redis counts differently from the syntax. */
        public Builder arity(int words) {
            arity = words;
            return this;
        }

        /** Only where the name on the wire is not the constant's. */
        public Builder named(String name) {
            wireName = name;
            return this;
        }

        public Builder keys(KeySpec... specs) {
            keys = Keys.of(specs);
            return this;
        }

        /** For keys that only code finds. */
        public Builder keys(KeyFinder finder, KeySpec... specs) {
            keys = Keys.found(finder, specs);
            return this;
        }

        public Builder flags(Flag... more) {
            flags.addAll(List.of(more));
            return this;
        }

        /** Categories beyond those of the flags and the family. */
        public Builder categories(Category... more) {
            categories.addAll(List.of(more));
            return this;
        }

        /** For a command that does not belong to its family's category. */
        public Builder outsideFamily() {
            ofFamily = false;
            return this;
        }

        public Builder tips(Tip... inOrder) {
            tips = List.of(inOrder);
            return this;
        }

        /** Without it: by key if there are keys, otherwise local. */
        public Builder route(Route of) {
            route = of;
            return this;
        }

        public Builder since(String version) {
            since = version;
            return this;
        }

        public Builder summary(String sentence) {
            summary = sentence;
            return this;
        }

        /** Without it: O(1). */
        public Builder complexity(String text) {
            complexity = text;
            return this;
        }

        public Builder deprecated(String version, String replacement) {
            deprecatedSince = version;
            replacedBy = replacement;
            return this;
        }

        CommandSpec build(String constant, Family family) {
            return new CommandSpec(this, constant, family);
        }

        private String wireName(String constant) {
            if (!wireName.isEmpty()) {
                return wireName;
            }
            String lower = constant.toLowerCase(Locale.ROOT);
            return subcommand ? lower.replaceFirst("_", "|").replace('_', '-') : lower;
        }

        private EnumSet<Flag> allFlags() {
            EnumSet<Flag> all = EnumSet.copyOf(flags);
            if (keys.areMovable()) {
                all.add(Flag.MOVABLEKEYS);
            }
            return all;
        }

        private EnumSet<Flag> shownFlags() {
            EnumSet<Flag> shown = allFlags();
            shown.remove(Flag.MAY_REPLICATE);
            return shown;
        }

        private EnumSet<Category> allCategories(Family family) {
            EnumSet<Category> all = EnumSet.copyOf(categories);
            if (ofFamily) {
                all.addAll(family.categories());
            }
            all.add(flags.contains(Flag.FAST) ? Category.FAST : Category.SLOW);
            for (Flag flag : flags) {
                switch (flag) {
                    case WRITE -> all.add(Category.WRITE);
                    case PUBSUB -> all.add(Category.PUBSUB);
                    case BLOCKING -> all.add(Category.BLOCKING);
                    case ADMIN -> all.addAll(EnumSet.of(Category.ADMIN, Category.DANGEROUS));
                    default -> {}
                }
            }
            // A script may be read-only and still is no reading command to those who grant @read.
            if (flags.contains(Flag.READONLY) && !all.contains(Category.SCRIPTING)) {
                all.add(Category.READ);
            }
            return all;
        }
    }
}
