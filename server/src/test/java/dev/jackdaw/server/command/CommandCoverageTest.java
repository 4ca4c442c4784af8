package dev.jackdaw.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.CommandTable;
import dev.jackdaw.protocol.command.ServerCommand;
import dev.jackdaw.protocol.resp.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command of the table succeeds once and is refused once. Each line below has the calls that lead to the one that
 * succeeds, then, after the bar, those that lead to the one that is refused; both are of the same row.
 */
class CommandCoverageTest {
    private static final String STRINGS = """
            SET k v; GET k                              | LPUSH l x; GET l
            SET k v EX 10                               | SET k v EX 0
            SET k v; GETEX k PERSIST                    | GETEX k NX
            SET k v; GETDEL k                           | LPUSH l x; GETDEL l
            GETSET k v                                  | LPUSH l x; GETSET l v
            MGET k l                                    | MGET
            MSET a 1 b 2                                | MSET a 1 b
            MSETNX a 1 b 2                              | MSETNX a 1 b
            MSETEX 2 a 1 b 2 XX                         | MSETEX 2 a 1 b
            SETNX k v                                   | SETNX k
            SETEX k 10 v                                | SETEX k 0 v
            PSETEX k 10 v                               | PSETEX k x v
            SET k v; DELEX k IFNE w                     | SET k v; DELEX k NX w
            SET k v; DELIFEQ k v                        | LPUSH l x; DELIFEQ l x
            SET k v; DIGEST k                           | LPUSH l x; DIGEST l
            APPEND k v                                  | LPUSH l x; APPEND l v
            STRLEN k                                    | LPUSH l x; STRLEN l
            INCR n                                      | SET k v; INCR k
            DECR n                                      | SET k -9223372036854775808; DECR k
            INCRBY n 5                                  | INCRBY n five
            DECRBY n 5                                  | DECRBY n -9223372036854775808
            INCRBYFLOAT n 0.5                           | INCRBYFLOAT n nan
            SETRANGE k 3 v                              | SETRANGE k -1 v
            GETRANGE k 0 -1                             | GETRANGE k 0 x
            SUBSTR k 0 -1                               | LPUSH l x; SUBSTR l 0 -1
            MSET a abc b bcd; LCS a b                   | LCS a b LEN IDX
            """;

    private static final String BITMAPS = """
            SETBIT k 7 1                                | SETBIT k 7 2
            GETBIT k 7                                  | GETBIT k -1
            SET k v; BITCOUNT k 0 -1 BIT                | SET k v; BITCOUNT k 0
            SET k v; BITPOS k 1                         | BITPOS k 2
            SET k v; BITOP NOT l k                      | BITOP NOT l k m
            BITFIELD k SET u8 #1 5 GET i4 2             | BITFIELD k GET u64 0
            BITFIELD_RO k GET u8 0                      | BITFIELD_RO k SET u8 0 1
            """;

    private static final String HYPERLOGLOGS = """
            PFADD p a b                                 | SET k v; PFADD k a
            PFADD p a b; PFCOUNT p                      | SET k v; PFCOUNT k
            PFADD p a b; PFMERGE q p                    | SET k v; PFMERGE q k
            PFADD p a b; PFDEBUG DECODE p               | PFDEBUG DECODE p
            PFSELFTEST                                  | PFSELFTEST x
            """;

    private static final String PLACES = """
            GEOADD g 13 38 p                            | GEOADD g 200 100 p
            GEOADD g 13 38 p; GEOPOS g p q              | SET k v; GEOPOS k p
            GEOADD g 13 38 p 15 37 q; GEODIST g p q KM  | GEODIST g p q MILES
            GEOADD g 13 38 p; GEOHASH g p               | SET k v; GEOHASH k p
            GEOADD g 13 38 p; GEOSEARCH g FROMMEMBER p BYBOX 5 5 KM WITHDIST  | GEOSEARCH g ASC ASC ASC ASC ASC
            GEOADD g 13 38 p; GEOSEARCHSTORE d g FROMLONLAT 13 38 BYRADIUS 5 M | GEOSEARCHSTORE d g FROMMEMBER p BYRADIUS 5 M WITHDIST
            GEOADD g 13 38 p; GEORADIUS g 13 38 5 KM STORE d                  | GEORADIUS g 13 38 -5 KM
            GEOADD g 13 38 p; GEORADIUSBYMEMBER g p 5 KM STOREDIST d          | GEOADD g 13 38 p; GEORADIUSBYMEMBER g q 5 KM
            GEOADD g 13 38 p; GEORADIUS_RO g 13 38 5 KM                       | GEORADIUS_RO g 13 38 5 KM STORE d
            GEOADD g 13 38 p; GEORADIUSBYMEMBER_RO g p 5 KM WITHCOORD         | GEORADIUSBYMEMBER_RO g p 5 KM STORE d
            """;

    private static final String KEYS = """
            SET k v; DEL k                              | DEL
            SET k v; UNLINK k                           | UNLINK
            EXISTS k                                    | EXISTS
            TOUCH k                                     | TOUCH
            TYPE k                                      | TYPE
            SET k v; EXPIRE k 10                        | EXPIRE k 10 NX XX
            SET k v; PEXPIRE k 10                       | PEXPIRE k 10 SOON
            SET k v; EXPIREAT k 1900000000              | EXPIREAT k 9223372036854775807
            SET k v; PEXPIREAT k 1900000000000          | PEXPIREAT k 10 GT LT
            TTL k                                       | TTL
            PTTL k                                      | PTTL
            EXPIRETIME k                                | EXPIRETIME
            PEXPIRETIME k                               | PEXPIRETIME
            PERSIST k                                   | PERSIST
            SET k v; RENAME k l                         | RENAME nosuch l
            SET k v; RENAMENX k l                       | RENAMENX nosuch l
            SET k v; DUMP k                             | DUMP
            RESTORE k 0 \0\1J\1\000,9\265\344*\264hK         | RESTORE k 0 nonsense
            MIGRATE localhost 6379 k 0 100              | MIGRATE localhost 6379 k 0 100 KEYS l
            SET k v; COPY k l DB 1                      | COPY k k
            SET k v; MOVE k 1                           | MOVE k 16
            KEYS *                                      | KEYS
            SCAN 0                                      | SCAN x
            RANDOMKEY                                   | RANDOMKEY k
            WAIT 0 0                                    | WAIT 0 -1
            SET k v; OBJECT ENCODING k                  | OBJECT ENCODING
            OBJECT FREQ k                               | SET k v; OBJECT FREQ k
            SET k v; OBJECT IDLETIME k                  | OBJECT IDLETIME
            SET k v; OBJECT REFCOUNT k                  | OBJECT REFCOUNT
            RPUSH l 2 1; SORT l STORE m                 | RPUSH l x; SORT l
            RPUSH l 2 1; SORT_RO l BY nosort GET #      | SORT_RO l STORE m
            OBJECT HELP                                 | OBJECT HELP ME
            """;

    private static final String LISTS = """
            LPUSH l x y                                 | SET k v; LPUSH k x
            RPUSH l x y                                 | SET k v; RPUSH k x
            RPUSH l x y; LPOP l 2                       | LPOP l -1
            RPUSH l x y; RPOP l                         | SET k v; RPOP k
            LLEN l                                      | SET k v; LLEN k
            LRANGE l 0 -1                               | LRANGE l 0 x
            RPUSH l x y; LINDEX l -1                    | RPUSH l x; LINDEX l x
            RPUSH l x; LPUSHX l y                       | SET k v; LPUSHX k y
            RPUSH l x; RPUSHX l y                       | SET k v; RPUSHX k y
            RPUSH l x; LSET l 0 y                       | LSET l 5 y
            RPUSH l x; LINSERT l BEFORE x y             | LINSERT l WITHIN x y
            RPUSH l x; LREM l 0 x                       | LREM l x x
            RPUSH l x; LTRIM l 1 0                      | LTRIM l 1
            RPUSH l x; LPOS l x                         | LPOS l x RANK 0
            RPUSH l x; LMOVE l m LEFT RIGHT             | LMOVE l m LEFT UP
            RPUSH l x; RPOPLPUSH l m                    | SET k v; RPOPLPUSH k m
            RPUSH l x; LMPOP 1 l LEFT                   | LMPOP 0 l LEFT
            RPUSH l x; BLPOP k l 0                      | SET k v; BLPOP k l 0
            RPUSH l x; BRPOP l 0                        | BRPOP l -1
            RPUSH l x; BLMOVE l m LEFT LEFT 0           | BLMOVE l m LEFT UP 0
            RPUSH l x; BRPOPLPUSH l m 0                 | BRPOPLPUSH l m x
            RPUSH l x; BLMPOP 0 1 l LEFT                | BLMPOP x 1 l LEFT
            """;

    private static final String HASHES_AND_SETS = """
            HSET h f v                                  | HSET h f
            HSET h f v; HGET h f                        | SET k v; HGET k f
            HMGET h f g                                 | SET k v; HMGET k f
            HSET h f v; HDEL h f                        | SET k v; HDEL k f
            HSET h f v; HGETALL h                       | SET k v; HGETALL k
            HLEN h                                      | SET k v; HLEN k
            HEXISTS h f                                 | SET k v; HEXISTS k f
            HINCRBY h f 1                               | HSET h f v; HINCRBY h f 1
            HINCRBYFLOAT h f 0.5                        | HINCRBYFLOAT h f inf
            HSETNX h f v                                | SET k v; HSETNX k f v
            HMSET h f v                                 | HMSET h f v g
            HSET h f v; HKEYS h                         | SET k v; HKEYS k
            HSET h f v; HVALS h                         | SET k v; HVALS k
            HSET h f v; HSTRLEN h f                     | SET k v; HSTRLEN k f
            HSET h f v; HRANDFIELD h 2 WITHVALUES       | HRANDFIELD h 2 WITHSCORES
            HSET h f v; HSCAN h 0 MATCH f*              | HSET h f v; HSCAN h 0 COUNT 0
            HSET h f v; HEXPIRE h 10 FIELDS 1 f         | HEXPIRE h 10 FIELDS 2 f
            HSET h f v; HPEXPIRE h 10 NX FIELDS 1 f     | HPEXPIRE h -1 FIELDS 1 f
            HSET h f v; HEXPIREAT h 1900000000 FIELDS 1 f      | HEXPIREAT h x FIELDS 1 f
            HSET h f v; HPEXPIREAT h 1900000000000 FIELDS 1 f  | HPEXPIREAT h 99999999999999 FIELDS 1 f
            HSET h f v; HTTL h FIELDS 1 f               | HTTL h FIELDS 0 f
            HSET h f v; HPTTL h FIELDS 1 f              | HPTTL h FIELD 1 f
            HSET h f v; HEXPIRETIME h FIELDS 1 f        | SET k v; HEXPIRETIME k FIELDS 1 f
            HSET h f v; HPEXPIRETIME h FIELDS 1 f       | HPEXPIRETIME h FIELDS 2 f
            HSET h f v; HPERSIST h FIELDS 1 f           | HPERSIST h FIELDS x f
            HSET h f v; HGETDEL h FIELDS 1 f            | SET k v; HGETDEL k FIELDS 1 f
            HSET h f v; HGETEX h EX 10 FIELDS 1 f       | HGETEX h EX 10 PX FIELDS 1 f
            HSETEX h FNX EX 10 FIELDS 1 f v             | HSETEX h FNX FXX FIELDS 1 f v
            SADD s m                                    | SET k v; SADD k m
            SADD s m; SREM s m                          | SET k v; SREM k m
            SADD s m; SMEMBERS s                        | SET k v; SMEMBERS k
            SISMEMBER s m                               | SET k v; SISMEMBER k m
            SCARD s                                     | SET k v; SCARD k
            SADD s m; SMISMEMBER s m n                  | SET k v; SMISMEMBER k m
            SADD s m; SPOP s                            | SPOP s -1
            SADD s m; SRANDMEMBER s -5                  | SRANDMEMBER s -4611686018427387905
            SADD s m; SMOVE s t m                       | SADD s m; SET k v; SMOVE s k m
            SADD s m; SINTER s s                        | SET k v; SINTER s k
            SADD s m; SINTERSTORE d s s                 | SET k v; SINTERSTORE d s k
            SADD s m; SINTERCARD 2 s s LIMIT 1          | SINTERCARD 3 s s
            SADD s m; SUNION s t                        | SET k v; SUNION s k
            SADD s m; SUNIONSTORE d s t                 | SET k v; SUNIONSTORE d s k
            SADD s m; SDIFF s t                         | SET k v; SDIFF s k
            SADD s m; SDIFFSTORE d s t                  | SET k v; SDIFFSTORE d s k
            SADD s m; SSCAN s 0                         | SSCAN s x
            """;

    private static final String SORTED_SETS = """
            ZADD z 1 m                                  | ZADD z nan m
            ZADD z 1 m; ZINCRBY z 2 m                   | ZADD z inf m; ZINCRBY z -inf m
            ZADD z 1 m; ZREM z m                        | SET k v; ZREM k m
            ZADD z 1 m; ZREMRANGEBYSCORE z 0 (5         | ZREMRANGEBYSCORE z 0 x
            ZADD z 1 m; ZREMRANGEBYRANK z 0 -1          | ZREMRANGEBYRANK z 0 x
            ZADD z 1 m; ZREMRANGEBYLEX z - +            | ZREMRANGEBYLEX z a b
            ZADD z 1 m; ZSCORE z m                      | SET k v; ZSCORE k m
            ZADD z 1 m; ZMSCORE z m n                   | SET k v; ZMSCORE k m
            ZCARD z                                     | SET k v; ZCARD k
            ZADD z 1 m; ZCOUNT z -inf +inf              | ZCOUNT z 0 x
            ZADD z 1 m; ZLEXCOUNT z - +                 | ZLEXCOUNT z a b
            ZADD z 1 m; ZRANK z m                       | SET k v; ZRANK k m
            ZADD z 1 m; ZREVRANK z m                    | SET k v; ZREVRANK k m
            ZADD z 1 m; ZRANGE z 0 -1                   | ZRANGE z 0 -1 LIMIT 0 1
            ZADD z 1 m; ZRANGESTORE y z 0 -1            | ZRANGESTORE y z 0 x
            ZADD z 1 m; ZRANGEBYSCORE z 0 5 LIMIT 0 1   | ZRANGEBYSCORE z 0 x
            ZADD z 1 m; ZRANGEBYLEX z [a (z             | ZRANGEBYLEX z a z
            ZADD z 1 m; ZREVRANGE z 0 -1 WITHSCORES     | ZREVRANGE z 0 x
            ZADD z 1 m; ZREVRANGEBYSCORE z 5 0          | ZREVRANGEBYSCORE z x 0
            ZADD z 1 m; ZREVRANGEBYLEX z + -            | ZREVRANGEBYLEX z b a
            ZADD z 1 m; ZPOPMIN z                       | ZPOPMIN z -1
            ZADD z 1 m; ZPOPMAX z 2                     | SET k v; ZPOPMAX k
            ZADD z 1 m; ZMPOP 1 z MIN                   | ZMPOP 0 z MIN
            ZADD z 1 m; BZPOPMIN z 0                    | BZPOPMIN z x
            ZADD z 1 m; BZPOPMAX y z 0                  | BZPOPMAX z -1
            ZADD z 1 m; BZMPOP 0 1 z MIN                | BZMPOP 0 0 z MIN
            ZADD z 1 m; ZRANDMEMBER z 2                 | ZRANDMEMBER z x
            ZADD z 1 m; ZSCAN z 0                       | ZSCAN z x
            ZADD z 1 m; ZUNION 2 z y                    | ZUNION 0 z
            ZADD z 1 m; ZUNIONSTORE x 2 z y WEIGHTS 1 2 | ZUNIONSTORE x 2 z y WEIGHTS 1
            ZADD z 1 m; ZINTER 1 z                      | SET k v; ZINTER 1 k
            ZADD z 1 m; ZINTERSTORE x 1 z AGGREGATE MAX | ZINTERSTORE x 1 z AGGREGATE ALL
            ZADD z 1 m; ZINTERCARD 1 z                  | ZINTERCARD 1 z LIMIT -1
            ZADD z 1 m; ZDIFF 2 z y                     | ZDIFF 5 z
            ZADD z 1 m; ZDIFFSTORE x 2 z y              | ZDIFFSTORE x 0 z
            """;

    private static final String TRANSACTIONS = """
            MULTI                                       | MULTI x
            MULTI; EXEC                                 | EXEC
            MULTI; DISCARD                              | DISCARD
            WATCH k                                     | WATCH
            UNWATCH                                     | UNWATCH x
            """;

    private static final String STREAMS = """
            XADD x 1-1 f v                              | XADD x 0-0 f v
            XLEN x                                      | SET k v; XLEN k
            XADD x 1-1 f v; XRANGE x - +                | XRANGE x - y
            XADD x 1-1 f v; XREVRANGE x + - COUNT 1     | XREVRANGE x + (+
            XADD x 1-1 f v; XREAD STREAMS x 0           | XREAD STREAMS x >
            XADD x 1-1 f v; XDEL x 1-1                  | XADD x 1-1 f v; XDEL x one
            XADD x 1-1 f v; XDELEX x IDS 1 1-1          | XDELEX x IDS 2 1-1
            XADD x 1-1 f v; XTRIM x MAXLEN 0            | XTRIM x MAXLEN -1
            XADD x 1-1 f v; XSETID x 2-0                | XSETID x 2-0
            XGROUP CREATE x g $ MKSTREAM                | XGROUP CREATE x g $
            XGROUP CREATE x g $ MKSTREAM; XGROUP SETID x g 0 | XADD x 1-1 f v; XGROUP SETID x g 0
            XGROUP CREATE x g $ MKSTREAM; XGROUP DESTROY x g | XGROUP DESTROY x g
            XGROUP CREATE x g $ MKSTREAM; XGROUP CREATECONSUMER x g c | XGROUP CREATECONSUMER x g c
            XGROUP CREATE x g $ MKSTREAM; XGROUP DELCONSUMER x g c | XGROUP DELCONSUMER x g c
            XGROUP HELP                                 | XGROUP HELP ME
            XGROUP CREATE x g $ MKSTREAM; XREADGROUP GROUP g c STREAMS x > | XREADGROUP GROUP g c STREAMS x >
            XACK x g 1-1                                | XGROUP CREATE x g $ MKSTREAM; XACK x g one
            XACKDEL x g ACKED IDS 1 1-1                 | XACKDEL x g ACKED DELREF IDS 1 1-1
            XGROUP CREATE x g $ MKSTREAM; XPENDING x g  | XPENDING x g
            XGROUP CREATE x g $ MKSTREAM; XCLAIM x g c 0 1-1 | XCLAIM x g c 0 1-1
            XGROUP CREATE x g $ MKSTREAM; XAUTOCLAIM x g c 0 0 | XAUTOCLAIM x g c 0 0 COUNT 0
            XADD x 1-1 f v; XINFO STREAM x FULL         | XINFO STREAM x
            XADD x 1-1 f v; XINFO GROUPS x              | XINFO GROUPS x
            XGROUP CREATE x g $ MKSTREAM; XINFO CONSUMERS x g | XADD x 1-1 f v; XINFO CONSUMERS x g
            XINFO HELP                                  | XINFO HELP ME
            """;

    private static final String CONNECTIONS = """
            PING                                        | PING a b
            ECHO x                                      | ECHO
            HELLO 3                                     | HELLO 4
            CONFIG SET requirepass secret; AUTH secret  | AUTH wrong
            QUIT                                        |
            RESET                                       | RESET x
            SELECT 1                                    | SELECT 16
            CLIENT ID                                   | CLIENT ID x
            CLIENT SETNAME n                            | CLIENT SETNAME a\\nb
            CLIENT GETNAME                              | CLIENT GETNAME x
            CLIENT SETINFO LIB-NAME n                   | CLIENT SETINFO NAME n
            CLIENT LIST                                 | CLIENT LIST x
            CLIENT INFO                                 | CLIENT INFO x
            CLIENT KILL ID 99                           | CLIENT KILL ID x
            CLIENT REPLY ON                             | CLIENT REPLY MAYBE
            CLIENT PAUSE 1000 WRITE                     | CLIENT PAUSE 1000 MAYBE
            CLIENT UNPAUSE                              | CLIENT UNPAUSE x
            CLIENT UNBLOCK 99                           | CLIENT UNBLOCK x
            CLIENT NO-EVICT ON                          | CLIENT NO-EVICT MAYBE
            CLIENT NO-TOUCH ON                          | CLIENT NO-TOUCH MAYBE
            HELLO 3; CLIENT TRACKING ON OPTIN           | CLIENT TRACKING MAYBE
            HELLO 3; CLIENT TRACKING ON OPTIN; CLIENT CACHING YES | CLIENT CACHING MAYBE
            CLIENT GETREDIR                             | CLIENT GETREDIR x
            CLIENT TRACKINGINFO                         | CLIENT TRACKINGINFO x
            CLIENT HELP                                 | CLIENT HELP ME
            """;

    private static final String CHANNELS = """
            SUBSCRIBE c                                 | SUBSCRIBE
            UNSUBSCRIBE                                 |
            PSUBSCRIBE c*                               | PSUBSCRIBE
            PUNSUBSCRIBE                                |
            PUBLISH c m                                 | PUBLISH c
            SSUBSCRIBE c d                              | SSUBSCRIBE
            SSUBSCRIBE c; SUNSUBSCRIBE c                |
            SPUBLISH c x                                | SPUBLISH c
            PUBSUB SHARDCHANNELS                        | PUBSUB SHARDCHANNELS a b
            PUBSUB SHARDNUMSUB c                        |
            PUBSUB CHANNELS                             | PUBSUB CHANNELS a b
            PUBSUB NUMSUB c                             |
            PUBSUB NUMPAT                               | PUBSUB NUMPAT x
            PUBSUB HELP                                 | PUBSUB HELP ME
            """;

    private static final String SERVER = """
            COMMAND                                     | COMMAND WHAT
            COMMAND COUNT                               | COMMAND COUNT x
            COMMAND LIST                                | COMMAND LIST FILTERBY x
            COMMAND INFO get                            |
            COMMAND DOCS get                            |
            COMMAND GETKEYS GET k                       | COMMAND GETKEYS PING
            COMMAND GETKEYSANDFLAGS GET k               | COMMAND GETKEYSANDFLAGS WHAT
            COMMAND HELP                                | COMMAND HELP ME
            CONFIG GET *                                | CONFIG GET
            CONFIG SET maxmemory 1gb                    | CONFIG SET maxmemory lots
            CONFIG RESETSTAT                            | CONFIG RESETSTAT x
            CONFIG REWRITE                              | CONFIG REWRITE x
            CONFIG HELP                                 | CONFIG HELP ME
            INFO                                        |
            TIME                                        | TIME x
            LASTSAVE                                    | LASTSAVE x
            SAVE                                        | SAVE x
            BGSAVE SCHEDULE                             | BGSAVE NOW
            BGREWRITEAOF                                | BGREWRITEAOF NOW
            DBSIZE                                      | DBSIZE x
            FLUSHDB                                     | FLUSHDB NOW
            FLUSHALL ASYNC                              | FLUSHALL ASYNC SYNC
            SWAPDB 0 1                                  | SWAPDB 0 99
            SET k v; MEMORY USAGE k                     | MEMORY USAGE k SAMPLES -1
            MEMORY STATS                                | MEMORY STATS x
            MEMORY DOCTOR                               | MEMORY DOCTOR x
            MEMORY MALLOC-STATS                         | MEMORY MALLOC-STATS x
            MEMORY PURGE                                | MEMORY PURGE x
            MEMORY HELP                                 | MEMORY HELP ME
            SLOWLOG GET -1                              | SLOWLOG GET -2
            SLOWLOG LEN                                 | SLOWLOG LEN x
            SLOWLOG RESET                               | SLOWLOG RESET x
            SLOWLOG HELP                                | SLOWLOG HELP ME
            LATENCY DOCTOR                              | LATENCY DOCTOR x
            CONFIG SET latency-monitor-threshold 1; DEBUG SLEEP 1; LATENCY GRAPH command | LATENCY GRAPH nothing
            LATENCY HISTOGRAM                           |
            LATENCY HISTORY command                     | LATENCY HISTORY
            LATENCY LATEST                              | LATENCY LATEST x
            LATENCY RESET                               |
            LATENCY HELP                                | LATENCY HELP ME
            MONITOR                                     | MONITOR x
            ROLE                                        | ROLE x
            MODULE LIST                                 | MODULE LIST x
            MODULE LIST                                 | MODULE LOAD x
            MODULE LIST                                 | MODULE LOADEX x
            MODULE LIST                                 | MODULE UNLOAD x
            MODULE HELP                                 | MODULE HELP ME
            LOLWUT VERSION 5                            | LOLWUT VERSION x
            DEBUG HELP                                  | DEBUG WHAT
            REPLCONF rdb-only 1; SYNC                   | SYNC
            REPLCONF capa eof rdb-only 1                | REPLCONF listening-port 6379
            SHUTDOWN NOSAVE                             | SHUTDOWN SAVE NOSAVE
            """;

    private static final String USERS = """
            ACL CAT hash                                | ACL CAT x
            ACL DELUSER bob                             | ACL DELUSER default
            ACL DRYRUN default GET k                    | ACL DRYRUN bob GET k
            ACL GENPASS 128                             | ACL GENPASS 0
            ACL GETUSER default                         | ACL GETUSER
            ACL LIST                                    | ACL LIST x
            ACL LOAD                                    | ACL LOAD x
            ACL LOG RESET                               | ACL LOG x
            ACL SAVE                                    | ACL SAVE x
            ACL SETUSER bob on ~b* +@all                | ACL SETUSER bob +x
            ACL USERS                                   | ACL USERS x
            ACL WHOAMI                                  | ACL WHOAMI x
            ACL HELP                                    | ACL HELP ME
            FUNCTION FLUSH ASYNC                        | FUNCTION FLUSH x
            FUNCTION LIST LIBRARYNAME * WITHCODE        | FUNCTION LIST LIBRARYNAME
            FUNCTION HELP                               | FUNCTION HELP ME
            SCRIPT EXISTS abc                           | SCRIPT EXISTS
            SCRIPT FLUSH SYNC                           | SCRIPT FLUSH x
            SCRIPT HELP                                 | SCRIPT HELP ME
            """;

    /** These take whatever follows them. */
    private static final Set<String> NEVER_REFUSED = Set.of(
            "quit",
            "unsubscribe",
            "punsubscribe",
            "pubsub|numsub",
            "pubsub|shardnumsub",
            "sunsubscribe",
            "command|info",
            "command|docs",
            "info",
            "latency|histogram",
            "latency|reset");

    /** There are no modules of C and will not be. */
    private static final Set<Command> ALWAYS_REFUSED =
            Set.of(ServerCommand.MODULE_LOAD, ServerCommand.MODULE_LOADEX, ServerCommand.MODULE_UNLOAD);

    /** Of these the connection ends, or the answer comes later. */
    private static final Set<Command> UNANSWERED = Set.of(ServerCommand.SHUTDOWN, ServerCommand.SYNC);

    private static final List<String> LINES = Stream.of(
                    STRINGS,
                    BITMAPS,
                    HYPERLOGLOGS,
                    PLACES,
                    KEYS,
                    LISTS,
                    HASHES_AND_SETS,
                    SORTED_SETS,
                    STREAMS,
                    TRANSACTIONS,
                    CONNECTIONS,
                    CHANNELS,
                    SERVER,
                    USERS)
            .flatMap(String::lines)
            .toList();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeFiles() throws IOException {
        Files.createFile(folder.resolve("users.acl"));
        Files.createFile(folder.resolve("node.conf"));
    }

    private static TestNode node() {
        String settings = folder.resolve("node.conf").toString();
        return TestNode.with(
                settings, "--enable-debug-command", "yes", "--dir", folder.toString(), "--aclfile", "users.acl");
    }

    @TestFactory
    Stream<DynamicTest> every_line() {
        return LINES.stream().map(line -> DynamicTest.dynamicTest(line, () -> run(line)));
    }

    private static void run(String line) {
        String[] sides = line.split("\\|", 2);
        try (TestNode node = node()) {
            String[] succeeding = sides[0].split(";");
            for (String call : succeeding) {
                List<Reply> replies = replies(node, call);
                assertThat(replies).noneMatch(Reply.Error.class::isInstance);
                assertThat(replies.isEmpty()).as("unanswered").isEqualTo(UNANSWERED.contains(lastOf(call)));
            }
        }
        try (TestNode node = node()) {
            String[] refused = sides[1].split(";");
            for (int i = 0; i < refused.length; i++) {
                boolean last = i == refused.length - 1;
                assertThat(replies(node, refused[i])).allMatch(reply -> last == reply instanceof Reply.Error);
            }
        }
    }

    private static List<Reply> replies(TestNode node, String call) {
        return call.isBlank() ? List.of() : node.client().runAll(words(call));
    }

    @Test
    void every_command_has_a_line() {
        Set<Command> succeeding = new HashSet<>();
        Set<Command> refused = new HashSet<>();
        for (String line : LINES) {
            String[] sides = line.split("\\|", 2);
            succeeding.add(lastOf(sides[0]));
            refused.add(lastOf(sides[1]));
        }
        assertThat(CommandTable.all().commands())
                .filteredOn(row -> !isPureContainer(row))
                .allMatch(row -> succeeding.contains(row) || ALWAYS_REFUSED.contains(row));
        assertThat(CommandTable.all().commands())
                .filteredOn(row -> !isPureContainer(row))
                .allMatch(row -> refused.contains(row)
                        || NEVER_REFUSED.contains(row.spec().name()));
    }

    private static boolean isPureContainer(Command row) {
        return row.spec().isContainer() && !row.spec().accepts(1);
    }

    private static Command lastOf(String calls) {
        List<String> each = Arrays.asList(calls.split(";"));
        String[] words = words(each.getLast());
        Command row = words.length < 2
                ? null
                : CommandTable.all().named((words[0] + "|" + words[1]).toLowerCase(Locale.ROOT));
        return row != null ? row : CommandTable.all().named(words[0].toLowerCase(Locale.ROOT));
    }

    private static String[] words(String call) {
        return call.strip().replace("\\n", "\n").split(" +");
    }
}
