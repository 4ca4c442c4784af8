package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.BitmapCommand;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Family;
import dev.jackdaw.protocol.command.HyperLogLogCommand;
import dev.jackdaw.protocol.command.KeyCommand;
import dev.jackdaw.protocol.command.ListCommand;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Immutable: where our reply is another than Redis 7.0's on purpose; docs/PROTOCOL.md has the same list with reasons. What
 * differs in every reply of a command ({@code MEMORY USAGE}, {@code OBJECT REFCOUNT}) stands in {@link ReplyComparison}.
 */
enum KnownDifference {
    /** Redis 7.0 takes signs, no digits at all, and cursors that no walk ever had. */
    ODD_CURSOR(made -> made.row().spec().syntax().text().contains("cursor")
            && made.words().size() > cursorAt(made.row())
            && !made.words().get(cursorAt(made.row())).equals("0")),
    /** Redis reads the second byte of a run that is cut off at the end, and prints that. */
    CUT_RUN(made -> made.row() == HyperLogLogCommand.PFDEBUG && made.words().contains("DECODE")),
    /** Redis 7.0 takes it, and negates what has no negative. */
    LEAST_RANK(made -> made.row() == ListCommand.LPOS && made.words().contains(Long.toString(Long.MIN_VALUE)));

    private final Predicate<RandomCommands.Made> applies;

    KnownDifference(Predicate<RandomCommands.Made> applies) {
        this.applies = applies;
    }

    static boolean explains(RandomCommands.Made made) {
        return Arrays.stream(values()).anyMatch(difference -> difference.applies.test(made));
    }

    /** Redis does not tell those who watch a key that BITFIELD has created it, or made it longer, if no operation came about. */
    static boolean mayCreateUnseen(RandomCommands.Made made) {
        return made.row() == BitmapCommand.BITFIELD && made.words().stream().anyMatch("FAIL"::equalsIgnoreCase);
    }

    /** Whether Redis itself leaves open what the reply is: a range by member where scores differ. */
    static boolean isUndefined(RandomCommands.Made made, RespConnection redis) {
        List<String> words = made.words();
        if (made.row() == KeyCommand.SORT || made.row() == KeyCommand.SORT_RO) {
            return isUndefinedSort(words, redis);
        }
        if (made.row().family() == Family.GEO) {
            return words.stream()
                    .filter(RandomCommands.keys()::contains)
                    .anyMatch(key -> hasScoreBeyondPlaces(key, redis) || counts(words) && hasEqualScores(key, redis));
        }
        boolean byMember = made.row().name().contains("LEX") || words.stream().anyMatch("BYLEX"::equalsIgnoreCase);
        return byMember
                && words.subList(1, words.size()).stream()
                        .anyMatch(key -> !score(redis, key, "0").equals(score(redis, key, "-1")));
    }

    /** Elements that compare as equal come in the order in which Redis has them, which only lists tell. */
    private static boolean isUndefinedSort(List<String> words, RespConnection redis) {
        // Any number out of range makes Redis refuse the next SORT, until a number is read that is not.
        redis.ask("ZADD", "no such key", "XX", "1", "m");
        List<String> options =
                words.stream().map(word -> word.toUpperCase(Locale.ROOT)).toList();
        boolean byPattern = options.contains("BY");
        if (words.size() < 2 || !byPattern && !options.contains("ALPHA")) {
            return false;
        }
        boolean isList = redis.ask("TYPE", words.get(1)).equals(new Reply.Simple("list"));
        return isList ? byPattern && options.contains("LIMIT") : byPattern || hasZeroByte(words.get(1), redis);
    }

    private static boolean hasZeroByte(String key, RespConnection redis) {
        return redis.ask("SMEMBERS", key).toString().indexOf(0) >= 0
                || redis.ask("ZRANGE", key, "0", "-1").toString().indexOf(0) >= 0;
    }

    private static boolean counts(List<String> words) {
        return words.stream().anyMatch("COUNT"::equalsIgnoreCase);
    }

    /** Of several members at the same distance, Redis may count any. */
    private static boolean hasEqualScores(String key, RespConnection redis) {
        if (!(redis.ask("ZRANGE", key, "0", "-1") instanceof Reply.Array members)) {
            return false;
        }
        List<Reply> scores = members.elements().stream()
                .map(member -> redis.ask("ZSCORE", key, ((Reply.Bulk) member).text()))
                .toList();
        return Set.copyOf(scores).size() < scores.size();
    }

    /** What is no 64-bit integer may become any in C. */
    private static boolean hasScoreBeyondPlaces(String key, RespConnection redis) {
        String highest = score(redis, key, "-1").toString();
        return highest.contains("e+") || highest.contains("E") || highest.contains("inf");
    }

    private static Reply score(RespConnection redis, String key, String rank) {
        Reply range = redis.ask("ZRANGE", key, rank, rank, "WITHSCORES");
        boolean found = range instanceof Reply.Array array && !array.elements().isEmpty();
        return found ? scoreIn(((Reply.Array) range).elements()) : Reply.Null.ANY;
    }

    /** RESP3 has pairs, RESP2 has none. */
    private static Reply scoreIn(List<Reply> range) {
        return range.getFirst() instanceof Reply.Array pair ? pair.elements().getLast() : range.getLast();
    }

    private static int cursorAt(Command command) {
        return command == KeyCommand.SCAN ? 1 : 2;
    }
}
