package dev.jackdaw.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jackdaw.protocol.oracle.RedisServer;
import dev.jackdaw.protocol.oracle.RespConnection;
import dev.jackdaw.protocol.resp.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Error texts beside those of a real redis-server. */
@Tag("oracle")
class CommandErrorOracleTest {
    private static RedisServer redis;

    private final List<String> wrong = new ArrayList<>();

    @BeforeAll
    static void startRedis() {
        assumeTrue(RedisServer.isInstalled());
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void keys_numbers_and_types() {
        try (RespConnection connection = redis.connect()) {
            for (String prepared : List.of(
                    "SET s x",
                    "SET n 9223372036854775807",
                    "RPUSH l x",
                    "HSET h f x m 9223372036854775807",
                    "ZADD z inf m")) {
                connection.ask(prepared.split(" "));
            }
            expect(
                    connection,
                    CommandError.WRONG_TYPE,
                    "GET l",
                    "APPEND l x",
                    "LPUSH s x",
                    "HGET s f",
                    "ZADD s 1 m",
                    "SADD s m");
            expect(
                    connection,
                    CommandError.SYNTAX,
                    "SET s v NX XX",
                    "SET s v KEEPTTL EX 1",
                    "SCAN 0 COUNT 0",
                    "FLUSHALL x",
                    "AUTH a b c");
            expect(connection, CommandError.NO_SUCH_KEY, "RENAME nosuch x");
            expect(connection, CommandError.SAME_OBJECT, "COPY s s", "MOVE s 0");
            expect(
                    connection,
                    CommandError.NOT_AN_INTEGER,
                    "INCR s",
                    "INCRBY n x",
                    "EXPIRE s x",
                    "SELECT x",
                    "LRANGE l 0 x");
            expect(connection, CommandError.NOT_A_FLOAT, "INCRBYFLOAT s 1", "ZADD z nan m");
            expect(connection, CommandError.NOT_POSITIVE, "LPOP l -1", "LPOP l x");
            expect(connection, CommandError.OVERFLOW, "INCR n", "DECRBY n -1", "HINCRBY h m 1");
            expect(connection, CommandError.DECREMENT_OVERFLOW, "DECRBY n -9223372036854775808");
            expect(connection, CommandError.NAN_OR_INFINITY, "INCRBYFLOAT n inf");
            expect(connection, CommandError.OFFSET_OUT_OF_RANGE, "SETRANGE s -1 x");
            expect(connection, CommandError.STRING_TOO_LONG, "SETRANGE s 536870912 x");
            expect(connection, CommandError.INDEX_OUT_OF_RANGE, "LSET l 9 x");
            expect(connection, CommandError.INVALID_CURSOR, "SCAN x");
            expect(connection, CommandError.DB_OUT_OF_RANGE, "SELECT 16", "SWAPDB 0 99", "COPY s x DB 99");
            expect(connection, CommandError.INVALID_FIRST_DB, "SWAPDB x 0");
            expect(connection, CommandError.INVALID_SECOND_DB, "SWAPDB 0 x");
            expect(connection, CommandError.EXPIRE_NX_WITH_OTHERS, "EXPIRE s 1 NX XX");
            expect(connection, CommandError.EXPIRE_GT_WITH_LT, "EXPIRE s 1 GT LT");
            expect(connection, CommandError.unsupportedOption("x"), "EXPIRE s 1 x");
            expect(connection, CommandError.invalidExpireTime("expire"), "EXPIRE s 9223372036854775807");
            expect(connection, CommandError.invalidExpireTime("set"), "SET s v EX 0");
            expect(connection, CommandError.LCS_LEN_AND_IDX, "LCS s n LEN IDX");
            expect(connection, CommandError.LCS_NOT_STRINGS, "LCS s l");
            expect(connection, CommandError.HASH_VALUE_NOT_AN_INTEGER, "HINCRBY h f 1");
            expect(connection, CommandError.HASH_VALUE_NOT_A_FLOAT, "HINCRBYFLOAT h f 1");
            expect(connection, CommandError.SCORE_NOT_A_NUMBER, "ZADD z INCR -inf m");
            expect(connection, CommandError.RANGE_NOT_A_FLOAT, "ZRANGE z a b BYSCORE");
            expect(connection, CommandError.RANGE_NOT_A_STRING, "ZRANGE z a b BYLEX");
            expect(connection, CommandError.ZADD_XX_WITH_NX, "ZADD z NX XX 1 m");
            expect(connection, CommandError.ZADD_GT_LT_NX, "ZADD z GT LT 1 m");
            expect(connection, CommandError.ZADD_INCR_PAIRS, "ZADD z INCR 1 m 2 o");
            expect(connection, CommandError.ZRANGE_LIMIT_ALONE, "ZRANGE z 0 1 LIMIT 0 1");
            expect(connection, CommandError.ZRANGE_SCORES_BY_LEX, "ZRANGE z [a [b BYLEX WITHSCORES");
            expect(connection, CommandError.FREQUENCY_NOT_TRACKED, "OBJECT FREQ s");
            connection.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
            expect(connection, CommandError.IDLE_TIME_NOT_TRACKED, "OBJECT IDLETIME s");
            connection.ask("CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "1");
            expect(connection, CommandError.OUT_OF_MEMORY, "SET s x", "LPUSH l x");
            connection.ask("CONFIG", "SET", "maxmemory", "0");
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void connections() {
        try (RespConnection connection = redis.connect()) {
            expect(connection, CommandError.NO_PASSWORD_SET, "AUTH x");
            expect(connection, CommandError.WRONG_PASSWORD, "AUTH x y", "HELLO 3 AUTH x y");
            expect(connection, CommandError.PROTOCOL_NOT_AN_INTEGER, "HELLO x");
            expect(connection, CommandError.UNSUPPORTED_PROTOCOL, "HELLO 4");
            expect(connection, CommandError.helloOption("x"), "HELLO 3 x");
            expect(connection, CommandError.INVALID_CLIENT_NAME, "CLIENT SETNAME \u00e9");
            expect(connection, CommandError.INVALID_CLIENT_ID, "CLIENT LIST ID x");
            expect(connection, CommandError.CLIENT_ID_NOT_POSITIVE, "CLIENT KILL ID 0");
            expect(connection, CommandError.NO_SUCH_CLIENT, "CLIENT KILL x");
            expect(connection, CommandError.noSuchUser("x"), "CLIENT KILL USER x");
            expect(connection, CommandError.unknownClientType("x"), "CLIENT LIST TYPE x");
            expect(connection, CommandError.NO_SUCH_REDIRECTION, "CLIENT TRACKING ON REDIRECT 9999");
            expect(connection, CommandError.PREFIX_WITHOUT_BCAST, "CLIENT TRACKING ON PREFIX a");
            expect(
                    connection,
                    CommandError.overlappingPrefixes("a", "ab"),
                    "CLIENT TRACKING ON BCAST PREFIX a PREFIX ab");
            expect(connection, CommandError.OPTIN_WITH_BCAST, "CLIENT TRACKING ON BCAST OPTIN");
            expect(connection, CommandError.OPTIN_WITH_OPTOUT, "CLIENT TRACKING ON OPTIN OPTOUT");
            expect(connection, CommandError.CACHING_WITHOUT_MODE, "CLIENT CACHING YES");
            connection.ask("CLIENT", "TRACKING", "ON", "OPTIN");
            expect(connection, CommandError.CACHING_NO_WITHOUT_OPTOUT, "CLIENT CACHING NO");
            expect(connection, CommandError.BCAST_SWITCH, "CLIENT TRACKING ON BCAST");
            expect(connection, CommandError.OPTIN_SWITCH, "CLIENT TRACKING ON OPTOUT");
            connection.ask("CLIENT", "TRACKING", "OFF");
            connection.ask("CLIENT", "TRACKING", "ON", "OPTOUT");
            expect(connection, CommandError.CACHING_YES_WITHOUT_OPTIN, "CLIENT CACHING YES");
            connection.ask("CLIENT", "TRACKING", "OFF");
            connection.ask("CLIENT", "TRACKING", "ON", "BCAST", "PREFIX", "a");
            expect(
                    connection,
                    CommandError.overlapsWithExistingPrefix("ab", "a"),
                    "CLIENT TRACKING ON BCAST PREFIX ab");
            connection.ask("SUBSCRIBE", "c");
            expect(connection, CommandError.subscribed("config|get"), "CONFIG GET x");
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void the_server() {
        try (RespConnection connection = redis.connect()) {
            expect(connection, CommandError.NO_SHUTDOWN, "SHUTDOWN ABORT");
            expect(connection, CommandError.configUnknown("x"), "CONFIG SET x y");
            expect(
                    connection,
                    CommandError.configFailed("maxmemory", "duplicate parameter"),
                    "CONFIG SET maxmemory 1 maxmemory 2");
            expect(connection, CommandError.unknownSubcommandOrArity("x", "DEBUG"), "DEBUG x");
        }
        try (RedisServer strict = RedisServer.start("--enable-debug-command", "no");
                RespConnection connection = strict.connect()) {
            expect(connection, CommandError.DEBUG_DISABLED, "DEBUG SLEEP 0");
            expect(connection, CommandError.MODULE_DISABLED, "MODULE UNLOAD x");
            connection.ask("CONFIG", "SET", "requirepass", "secret");
            try (RespConnection stranger = strict.connect()) {
                expect(stranger, CommandError.NO_AUTH, "PING", "GET x");
                expect(stranger, CommandError.NO_AUTH_HELLO, "HELLO 3");
            }
            connection.ask("CONFIG", "SET", "maxclients", "1");
            try (RespConnection second = strict.connect()) {
                assertThat(second.read()).isEqualTo(new Reply.Error(CommandError.TOO_MANY_CLIENTS));
            }
        }
        assertThat(wrong).isEmpty();
    }

    private void expect(RespConnection connection, String text, String... lines) {
        for (String line : lines) {
            Reply reply = connection.ask(line.split(" "));
            if (!reply.equals(new Reply.Error(text))) {
                wrong.add(line + ": " + reply + ", not " + text);
            }
        }
    }
}
