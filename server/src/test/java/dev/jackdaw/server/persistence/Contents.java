package dev.jackdaw.server.persistence;

import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Shared and stateless: all that clients can see of keys, as something that can be compared. */
public final class Contents {
    private static final int SHOWN = 500;

    private Contents() {}

    /** Where commands are answered. */
    public interface Server {
        Reply ask(String... words);
    }

    /** Type, encoding, time of expiry and value of each key, in the order of keys. */
    public static List<String> of(Server server) {
        return keys(server).map(key -> key + ": " + of(server, key)).toList();
    }

    /** The same of several databases; afterwards the first is selected. */
    public static List<String> of(Server server, int... databases) {
        List<String> all = new ArrayList<>();
        for (int database : databases) {
            server.ask("SELECT", "" + database);
            all.addAll(of(server));
        }
        server.ask("SELECT", "0");
        return all;
    }

    /** Type, time of expiry and value of each key: how it lies in memory does not matter. */
    public static List<String> values(Server server) {
        return keys(server).map(key -> key + ": " + value(server, key)).toList();
    }

    private static Stream<String> keys(Server server) {
        Reply.Array keys = (Reply.Array) server.ask("KEYS", "*");
        return keys.elements().stream().map(key -> ((Reply.Bulk) key).text()).sorted();
    }

    static String of(Server server, String key) {
        String value = value(server, key);
        // That a string was written in part is not kept.
        return value.startsWith("string") ? value : server.ask("OBJECT", "ENCODING", key) + " " + value;
    }

    /** Without the encoding. */
    public static String value(Server server, String key) {
        String type = ((Reply.Simple) server.ask("TYPE", key)).text();
        Reply whole = switch (type) {
            case "string" -> server.ask("GET", key);
            case "list" -> server.ask("LRANGE", key, "0", "-1");
            case "set" -> sorted(server.ask("SMEMBERS", key), 1);
            case "hash" -> sorted(server.ask("HGETALL", key), 2);
            case "zset" -> server.ask("ZRANGE", key, "0", "-1", "WITHSCORES");
            case "stream" -> stream(server, key);
            default -> server.ask("EXISTS", key);
        };
        return type + " " + server.ask("PEXPIRETIME", key) + " " + shortened(whole.toString());
    }

    /** What is long by its beginning and its hash, so that a difference can be read. */
    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "... " + text.hashCode();
    }

    /** Without what tells of the tree, and of when consumers were seen. */
    private static Reply stream(Server server, String key) {
        List<Reply> told =
                new ArrayList<>(((Reply.Array) server.ask("XINFO", "STREAM", key, "FULL", "COUNT", "0")).elements());
        told.subList(2, 6).clear();
        return new Reply.Array(told.stream().map(Contents::withoutTimes).toList());
    }

    private static Reply withoutTimes(Reply reply) {
        if (!(reply instanceof Reply.Array array)) {
            return reply;
        }
        List<Reply> elements = new ArrayList<>();
        for (int i = 0; i < array.elements().size(); i++) {
            boolean isTime = i > 0 && array.elements().get(i - 1).equals(new Reply.Bulk("seen-time"));
            elements.add(
                    isTime ? Reply.Null.BULK : withoutTimes(array.elements().get(i)));
        }
        return new Reply.Array(elements);
    }

    private static Reply sorted(Reply reply, int group) {
        List<Reply> elements = ((Reply.Array) reply).elements();
        List<List<Reply>> groups = new ArrayList<>();
        for (int i = 0; i < elements.size(); i += group) {
            groups.add(elements.subList(i, i + group));
        }
        groups.sort(Comparator.comparing(List::toString));
        return new Reply.Array(groups.stream().flatMap(List::stream).toList());
    }
}
