package dev.jackdaw.protocol;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Shared and stateless: every error text that a command may be answered with, its code first, in Redis's words. */
public final class CommandError {
    // Any command
    public static final String SYNTAX = "ERR syntax error";
    public static final String WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
    public static final String NO_SUCH_KEY = "ERR no such key";
    public static final String SAME_OBJECT = "ERR source and destination objects are the same";
    public static final String OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";
    public static final String READ_ONLY_REPLICA = "READONLY You can't write against a read only replica.";
    public static final String MASTER_DOWN =
            "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";
    public static final String LOADING = "LOADING Redis is loading the dataset in memory";
    public static final String NOT_IMPLEMENTED = "ERR Not implemented";

    // Numbers and ranges
    public static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";
    public static final String NOT_A_FLOAT = "ERR value is not a valid float";
    public static final String NOT_POSITIVE = "ERR value is out of range, must be positive";
    public static final String OUT_OF_RANGE = "ERR value is out of range";
    public static final String OVERFLOW = "ERR increment or decrement would overflow";
    public static final String DECREMENT_OVERFLOW = "ERR decrement would overflow";
    public static final String NAN_OR_INFINITY = "ERR increment would produce NaN or Infinity";
    public static final String NOT_FINITE = "ERR value is NaN or Infinity";
    public static final String OFFSET_OUT_OF_RANGE = "ERR offset is out of range";
    public static final String INDEX_OUT_OF_RANGE = "ERR index out of range";
    public static final String STRING_TOO_LONG = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";

    // Keys and databases
    public static final String INVALID_CURSOR = "ERR invalid cursor";
    public static final String DB_OUT_OF_RANGE = "ERR DB index is out of range";
    public static final String INVALID_FIRST_DB = "ERR invalid first DB index";
    public static final String INVALID_SECOND_DB = "ERR invalid second DB index";
    public static final String EXPIRE_NX_WITH_OTHERS =
            "ERR NX and XX, GT or LT options at the same time are not compatible";
    public static final String EXPIRE_GT_WITH_LT = "ERR GT and LT options at the same time are not compatible";
    public static final String FREQUENCY_NOT_TRACKED =
            "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when "
                    + "switching between policies at runtime LRU and LFU data will take some time to adjust.";
    public static final String IDLE_TIME_NOT_TRACKED =
            "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching "
                    + "between policies at runtime LRU and LFU data will take some time to adjust.";

    public static final String SNAPSHOTS_FAIL =
            "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that "
                    + "may modify the data set are disabled, because this instance is configured to report errors during "
                    + "writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs "
                    + "for details about the RDB error.";
    public static final String REWRITE_IN_PROGRESS = "ERR Background append only file rewriting already in progress";

    public static final String SAVE_DURING_REWRITE =
            "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a "
                    + "BGSAVE whenever possible.";

    public static final String SAVE_IN_PROGRESS = "ERR Background save already in progress";
    /** In Redis it has no text. */
    public static final String SAVE_FAILED = "ERR";

    public static final String MIGRATE_KEY_NOT_EMPTY =
            "ERR When using MIGRATE KEYS option, the key argument must be set to the empty string";
    public static final String MIGRATE_IN_TRANSACTION = "ERR MIGRATE has to wait, which a transaction cannot";
    public static final String MIGRATE_TO_ITSELF = "ERR the target instance is this one";
    public static final String MIGRATE_CHANGED =
            "ERR a key was changed each time that it was sent to the target instance, and stays here";
    public static final String TARGET_NOT_FOUND = "IOERR error or timeout connecting to the client";
    public static final String TARGET_NOT_WRITTEN = "IOERR error or timeout writing to target instance";
    public static final String TARGET_NOT_READ = "IOERR error or timeout reading to target instance";
    public static final String SNAPSHOT_FAILED = "ERR no snapshot could be taken";
    public static final String TOO_MANY_SNAPSHOTS = "ERR too many clients want a snapshot";
    public static final String NO_REPLICAS =
            "ERR there are no replicas yet: SYNC is for clients that want a snapshot only, after REPLCONF rdb-only 1";

    public static final String BUSY_KEY = "BUSYKEY Target key name already exists.";
    public static final String INVALID_TTL = "ERR Invalid TTL value, must be >= 0";
    public static final String INVALID_IDLETIME = "ERR Invalid IDLETIME value, must be >= 0";
    public static final String INVALID_FREQ = "ERR Invalid FREQ value, must be >= 0 and <= 255";
    public static final String DUMP_FOOTER = "ERR DUMP payload version or checksum are wrong";
    public static final String BAD_DATA_FORMAT = "ERR Bad data format";

    // Types
    public static final String BIT_OFFSET = "ERR bit offset is not an integer or out of range";
    public static final String BIT_VALUE = "ERR bit is not an integer or out of range";
    public static final String BIT_ARGUMENT = "ERR The bit argument must be 1 or 0.";
    public static final String BITOP_NOT_SINGLE = "ERR BITOP NOT must be called with a single source key.";
    public static final String BITFIELD_TYPE =
            "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.";
    public static final String BITFIELD_OVERFLOW = "ERR Invalid OVERFLOW type specified";
    public static final String BITFIELD_READ_ONLY = "ERR BITFIELD_RO only supports the GET subcommand";
    public static final String NOT_A_HYPERLOGLOG = "WRONGTYPE Key is not a valid HyperLogLog string value.";
    public static final String CORRUPTED_HYPERLOGLOG = "INVALIDOBJ Corrupted HLL object detected";
    public static final String NO_SPECIFIED_KEY = "ERR The specified key does not exist";
    public static final String NOT_SPARSE = "ERR HLL encoding is not sparse";
    public static final String FIELD_EXPIRE_NEGATIVE = "ERR invalid expire time, must be >= 0";
    public static final String FIELDS_MISSING = "ERR Mandatory argument FIELDS is missing or not at the right position";
    public static final String NUMFIELDS_NOT_POSITIVE = "ERR Parameter `numFields` should be greater than 0";
    public static final String FIELDS_NOT_POSITIVE = "ERR Number of fields must be a positive integer";
    public static final String NUMFIELDS_MISMATCH = "ERR The `numfields` parameter must match the number of arguments";
    public static final String NUMFIELDS_INVALID = "ERR invalid number of fields";
    public static final String EXPIRE_TIME_MISSING = "ERR missing expire time";
    public static final String HSETEX_TIMES =
            "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified";
    public static final String HSETEX_CONDITIONS = "ERR Only one of FXX or FNX arguments can be specified";
    public static final String GEO_UNIT = "ERR unsupported unit provided. please use M, KM, FT, MI";
    public static final String GEO_RADIUS = "ERR need numeric radius";
    public static final String GEO_WIDTH = "ERR need numeric width";
    public static final String GEO_HEIGHT = "ERR need numeric height";
    public static final String GEO_RADIUS_NEGATIVE = "ERR radius cannot be negative";
    public static final String GEO_BOX_NEGATIVE = "ERR height or width cannot be negative";
    public static final String GEO_NO_MEMBER = "ERR could not decode requested zset member";
    public static final String GEO_COUNT = "ERR COUNT must be > 0";
    public static final String GEO_ANY_WITHOUT_COUNT = "ERR the ANY argument requires COUNT argument";
    public static final String GEOSEARCHSTORE_WITH =
            "ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options";
    public static final String GEORADIUS_STORE_WITH =
            "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options";
    public static final String SORT_NOT_A_NUMBER = "ERR One or more scores can't be converted into double";
    public static final String DIGEST_LENGTH = "ERR must be exactly 16 hexadecimal characters";
    public static final String DELEX_NOT_A_STRING = "ERR Key should be of string type if conditions are specified";
    public static final String DELEX_CONDITION = "ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE";
    public static final String NUMKEYS_INVALID = "ERR invalid numkeys value";
    public static final String PAIRS_MISMATCH = "ERR wrong number of key-value pairs";
    public static final String LCS_LEN_AND_IDX = "ERR If you want both the length and indexes, please just use IDX.";
    public static final String LCS_NOT_STRINGS = "ERR The specified keys must contain string values";
    public static final String LCS_TOO_LONG = "ERR String too long for LCS";
    public static final String LCS_MEMORY =
            "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len";
    public static final String HASH_VALUE_NOT_AN_INTEGER = "ERR hash value is not an integer";
    public static final String HASH_VALUE_NOT_A_FLOAT = "ERR hash value is not a float";
    public static final String LPOS_RANK_ZERO =
            "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to "
                    + "start from the end of the list";
    public static final String LPOS_COUNT_NEGATIVE = "ERR COUNT can't be negative";
    public static final String LPOS_MAXLEN_NEGATIVE = "ERR MAXLEN can't be negative";
    public static final String NUMKEYS_NOT_POSITIVE = "ERR numkeys should be greater than 0";
    public static final String NUMKEYS_TOO_LARGE = "ERR Number of keys can't be greater than number of args";
    public static final String COUNT_NOT_POSITIVE = "ERR count should be greater than 0";
    public static final String SCORE_NOT_A_NUMBER = "ERR resulting score is not a number (NaN)";
    public static final String RANGE_NOT_A_FLOAT = "ERR min or max is not a float";
    public static final String RANGE_NOT_A_STRING = "ERR min or max not valid string range item";
    public static final String ZADD_XX_WITH_NX = "ERR XX and NX options at the same time are not compatible";
    public static final String ZADD_GT_LT_NX = "ERR GT, LT, and/or NX options at the same time are not compatible";
    public static final String ZADD_INCR_PAIRS = "ERR INCR option supports a single increment-element pair";
    public static final String WEIGHT_NOT_A_FLOAT = "ERR weight value is not a float";
    public static final String LIMIT_NEGATIVE = "ERR LIMIT can't be negative";
    public static final String ZRANGE_LIMIT_ALONE =
            "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX";
    public static final String ZRANGE_SCORES_BY_LEX =
            "ERR syntax error, WITHSCORES not supported in combination with BYLEX";

    // Streams
    public static final String INVALID_STREAM_ID = "ERR Invalid stream ID specified as stream command argument";
    public static final String STREAM_ID_ZERO = "ERR The ID specified in XADD must be greater than 0-0";
    public static final String STREAM_ID_TOO_SMALL =
            "ERR The ID specified in XADD is equal or smaller than the target stream top item";
    public static final String STREAM_EXHAUSTED =
            "ERR The stream has exhausted the last possible ID, unable to add more items";
    public static final String STREAM_ENTRY_TOO_LARGE = "ERR Elements are too large to be stored";
    public static final String INVALID_RANGE_START = "ERR invalid start ID for the interval";
    public static final String INVALID_RANGE_END = "ERR invalid end ID for the interval";
    public static final String MAXLEN_WITH_MINID =
            "ERR syntax error, MAXLEN and MINID options at the same time are not compatible";
    public static final String MAXLEN_NEGATIVE = "ERR The MAXLEN argument must be >= 0.";
    public static final String TRIM_LIMIT_NEGATIVE = "ERR The LIMIT argument must be >= 0.";
    public static final String TRIM_LIMIT_ALONE =
            "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy";
    public static final String TRIM_LIMIT_EXACT = "ERR syntax error, LIMIT cannot be used without the special ~ option";
    public static final String TRIM_HOW = "ERR syntax error, XTRIM must be called with a trimming strategy";
    public static final String NUMIDS_NOT_POSITIVE = "ERR Number of IDs must be a positive integer";
    public static final String NUMIDS_MISMATCH = "ERR The `numids` parameter must match the number of arguments";
    public static final String ENTRIES_ADDED_NEGATIVE = "ERR entries_added must be positive";
    public static final String XSETID_BELOW_DELETED =
            "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id";
    public static final String XSETID_BELOW_TOP =
            "ERR The ID specified in XSETID is smaller than the target stream top item";
    public static final String ENTRIES_ADDED_TOO_SMALL =
            "ERR The entries_added specified in XSETID is smaller than the target stream length";
    public static final String ENTRIES_READ_NEGATIVE = "ERR value for ENTRIESREAD must be positive or -1";
    public static final String XGROUP_NO_KEY =
            "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the "
                    + "MKSTREAM option to create an empty stream automatically.";
    public static final String BUSY_GROUP = "BUSYGROUP Consumer Group name already exists";
    public static final String GROUP_WITH_XREAD =
            "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead.";
    public static final String NOACK_WITH_XREAD =
            "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.";
    public static final String NO_GROUP_OPTION = "ERR Missing GROUP option for XREADGROUP";
    public static final String LAST_ID_WITH_XREADGROUP =
            "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer "
                    + "by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an "
                    + "empty result set.";
    public static final String NEW_ID_WITH_XREAD =
            "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.";
    public static final String UNBALANCED_STREAMS =
            "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be specified.";
    public static final String STREAM_GONE = "UNBLOCKED the stream key no longer exists";
    public static final String GROUP_GONE = "NOGROUP the consumer group this client was blocked on no longer exists";
    public static final String COUNT_NOT_ABOVE_ZERO = "ERR COUNT must be > 0";

    // Connections
    public static final String NO_AUTH = "NOAUTH Authentication required.";
    public static final String NO_AUTH_HELLO =
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> "
                    + "<pass> option can be used to authenticate the client and select the RESP protocol version at the "
                    + "same time";
    public static final String WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";
    public static final String NO_PASSWORD_SET =
            "ERR AUTH <password> called without any password configured for the default user. Are you sure your "
                    + "configuration is correct?";
    public static final String PROTOCOL_NOT_AN_INTEGER = "ERR Protocol version is not an integer or out of range";
    public static final String UNSUPPORTED_PROTOCOL = "NOPROTO unsupported protocol version";
    public static final String TOO_MANY_CLIENTS = "ERR max number of clients reached";
    public static final String PROTECTED_MODE =
            "DENIED Redis is running in protected mode because protected mode is enabled and no password is set "
                    + "for the default user. In this mode connections are only accepted from the loopback interface. If "
                    + "you want to connect from external computers to Redis you may adopt one of the following solutions: "
                    + "1) Just disable protected mode sending the command 'CONFIG SET protected-mode no' from the loopback "
                    + "interface by connecting to Redis from the same host the server is running, however MAKE SURE Redis "
                    + "is not publicly accessible from internet if you do so. Use CONFIG REWRITE to make this change "
                    + "permanent. 2) Alternatively you can just disable the protected mode by editing the Redis "
                    + "configuration file, and setting the protected mode option to 'no', and then restarting the server. "
                    + "3) If you started the server manually just for testing, restart it with the '--protected-mode no' "
                    + "option. 4) Setup a an authentication password for the default user. NOTE: You only need to do one "
                    + "of the above things in order for the server to start accepting connections from the outside.";
    public static final String INVALID_CLIENT_NAME =
            "ERR Client names cannot contain spaces, newlines or special characters.";
    public static final String INVALID_CLIENT_ID = "ERR Invalid client ID";
    public static final String CLIENT_ID_NOT_POSITIVE = "ERR client-id should be greater than 0";
    public static final String NO_SUCH_CLIENT = "ERR No such client";

    // Transactions and waiting
    public static final String NESTED_MULTI = "ERR MULTI calls can not be nested";
    public static final String EXEC_WITHOUT_MULTI = "ERR EXEC without MULTI";
    public static final String DISCARD_WITHOUT_MULTI = "ERR DISCARD without MULTI";
    public static final String WATCH_INSIDE_MULTI = "ERR WATCH inside MULTI is not allowed";
    public static final String NOT_INSIDE_MULTI = "ERR Command not allowed inside a transaction";
    public static final String TRANSACTION_TOO_LARGE = "ERR the transaction is too large";
    public static final String EXEC_ABORTED = "EXECABORT Transaction discarded because of previous errors.";
    public static final String TIMEOUT_NOT_A_FLOAT = "ERR timeout is not a float or out of range";
    public static final String TIMEOUT_NOT_AN_INTEGER = "ERR timeout is not an integer or out of range";
    public static final String TIMEOUT_NEGATIVE = "ERR timeout is negative";
    public static final String UNBLOCKED = "UNBLOCKED client unblocked via CLIENT UNBLOCK";
    public static final String UNBLOCK_REASON = "ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR";
    public static final String PAUSE_MODE = "ERR CLIENT PAUSE mode must be WRITE or ALL";

    // Users
    public static final String NO_PERMISSION_KEY =
            "NOPERM this user has no permissions to access one of the keys used as arguments";
    public static final String NO_PERMISSION_CHANNEL =
            "NOPERM this user has no permissions to access one of the channels used as arguments";
    public static final String NO_LONGER_COMMAND = noLonger("no permission to execute the command or subcommand");
    public static final String NO_LONGER_KEY = noLonger("no permission to touch the specified keys");
    public static final String NO_LONGER_CHANNEL =
            noLonger("no permission to access one of the channels used as argument to the command");
    public static final String INVALID_USER_NAME = "ERR Usernames can't contain spaces or null characters";
    public static final String DEFAULT_USER_STAYS = "ERR The 'default' user cannot be removed";
    public static final String GENPASS_BITS =
            "ERR ACL GENPASS argument must be the number of bits for the output password, a positive number up to 4096";
    public static final String NO_ACL_FILE =
            "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the "
                    + "ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file "
                    + "set) in order to store users in the Redis configuration.";
    public static final String ACL_SAVE_FAILED =
            "ERR There was an error trying to save the ACLs. Please check the server logs for more information";

    public static final String SORT_BY_DENIED = "ERR BY option of SORT denied due to insufficient ACL permissions.";
    public static final String SORT_GET_DENIED = "ERR GET option of SORT denied due to insufficient ACL permissions.";

    // Tracking
    public static final String NO_SUCH_REDIRECTION = "ERR The client ID you want redirect to does not exist";
    public static final String SECOND_REDIRECTION = "ERR A client can only redirect to a single other client";
    public static final String TOO_MANY_PREFIXES = "ERR a client can track at most 1000 prefixes";
    public static final String PREFIX_WITHOUT_BCAST = "ERR PREFIX option requires BCAST mode to be enabled";
    public static final String OPTIN_WITH_BCAST = "ERR OPTIN and OPTOUT are not compatible with BCAST";
    public static final String OPTIN_WITH_OPTOUT = "ERR You can't specify both OPTIN mode and OPTOUT mode";
    public static final String BCAST_SWITCH =
            "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then "
                    + "re-enabling it with a different mode.";
    public static final String OPTIN_SWITCH =
            "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then "
                    + "re-enabling it with a different mode.";
    public static final String CACHING_WITHOUT_MODE =
            "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode "
                    + "enabled";
    public static final String CACHING_YES_WITHOUT_OPTIN =
            "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.";
    public static final String CACHING_NO_WITHOUT_OPTOUT =
            "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.";

    // The server and COMMAND
    public static final String NO_SHUTDOWN = "ERR No shutdown in progress.";
    public static final String SHUTDOWN_FAILED = "ERR Errors trying to SHUTDOWN. Check logs.";
    public static final String DEBUG_DISABLED = disabled("DEBUG", "enable-debug-command");
    public static final String MODULE_DISABLED = disabled("MODULE", "enable-module-command");
    public static final String SSUBSCRIBE_DENIED = "ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client";
    public static final String FUNCTION_FLUSH_MODE = "ERR FUNCTION FLUSH only supports SYNC|ASYNC option";
    public static final String SCRIPT_FLUSH_MODE = "ERR SCRIPT FLUSH only support SYNC|ASYNC option";
    public static final String NO_LIBRARY_NAME = "ERR library name argument was not given";
    public static final String SNAPSHOT_NOT_LOADED = "ERR Error trying to load the RDB dump, check server logs.";
    public static final String LOG_NOT_LOADED = "ERR Error trying to load the AOF files, check server logs.";
    public static final String NO_WHOLE_LOG = "ERR the append-only file does not hold all the data at the moment";
    public static final String MAXAGE_NOT_POSITIVE = "ERR maxage should be greater than 0";
    public static final String SLOWLOG_COUNT = "ERR count should be greater than or equal to -1";
    public static final String NO_CONFIG_FILE = "ERR The server is running without a config file";
    public static final String INVALID_COMMAND = "ERR Invalid command specified";
    public static final String NO_KEY_ARGUMENTS = "ERR The command has no key arguments";
    public static final String INVALID_NUMBER_OF_ARGUMENTS = "ERR Invalid number of arguments specified for command";
    public static final String INVALID_ARGUMENTS = "ERR Invalid arguments specified for command";

    // Slots and shards
    public static final String CROSS_SLOT = "CROSSSLOT Keys in request don't hash to the same slot";
    public static final String CLUSTER_DOWN = "CLUSTERDOWN The cluster is down";
    public static final String REPLIES_DO_NOT_FIT = "ERR the nodes' replies do not fit together";
    public static final String SLOT_NOT_SERVED = "CLUSTERDOWN Hash slot not served";

    /** No more bytes than this of a client's word, or of all its arguments, are repeated to it. */
    public static final int SHOWN_BYTES = 128;

    private CommandError() {}

    /** {@code arguments} are those after the name; only the first are shown. */
    public static String unknownCommand(String name, List<String> arguments) {
        StringBuilder shown = new StringBuilder();
        for (String argument : arguments) {
            int room = SHOWN_BYTES - shown.length();
            if (room <= 0) {
                break;
            }
            shown.append('\'').append(cut(argument, room)).append("' ");
        }
        return "ERR unknown command '" + cut(name) + "', with args beginning with: " + shown;
    }

    public static String unknownSubcommand(String name, String container) {
        return "ERR unknown subcommand '" + cut(name) + "'. Try " + container + " HELP.";
    }

    /** For a container whose subcommands take different numbers of arguments behind one row, as DEBUG. */
    public static String unknownSubcommandOrArity(String name, String container) {
        return "ERR unknown subcommand or wrong number of arguments for '" + cut(name) + "'. Try " + container
                + " HELP.";
    }

    /** {@code operation} tells its first key apart from the others. */
    public static String bitopNeedsTwo(String operation) {
        return "ERR BITOP " + operation + " must be called with at least two source keys.";
    }

    private static String disabled(String command, String setting) {
        return "ERR " + command + " command not allowed. If the " + setting
                + " option is set to \"local\", you can run it "
                + "from a local connection, otherwise you need to set this option in the configuration file, and then "
                + "restart the server.";
    }

    /** {@code name} as the wire has it: {@code get}, {@code config|get}. */
    public static String arity(String name) {
        return "ERR wrong number of arguments for '" + name + "' command";
    }

    /** EXEC itself was refused; {@code refusal} is why, its code first. */
    public static String execAborted(String refusal) {
        String reason = refusal.startsWith("ERR ") ? refusal.substring("ERR ".length()) : refusal;
        return "EXECABORT Transaction discarded because of: " + reason;
    }

    public static String invalidExpireTime(String name) {
        return "ERR invalid expire time in '" + name + "' command";
    }

    /** CLIENT SETINFO knows no such option. */
    public static String unrecognizedOption(String option) {
        return "ERR Unrecognized option '" + option + "'";
    }

    /** What a library tells about itself has to be plain text. */
    public static String invalidClientInfo(String option) {
        return "ERR " + option + " cannot contain spaces, newlines or special characters.";
    }

    /** The proxy has no connection to the node that the command is for, so it has not been sent. */
    public static String nodeUnreachable(String address) {
        return "ERR node " + address + " is not reachable";
    }

    /** The command was sent, and nobody knows whether it has run. */
    public static String nodeLost(String address) {
        return "ERR connection to node " + address + " was lost before its reply; the command may have run";
    }

    /** A command that is not about data has more of them than could have a meaning. */
    public static final String TOO_MANY_ARGUMENTS = "ERR too many arguments";

    /** What is kept for the subscriptions of all clients is bounded. */
    public static final String TOO_MANY_SUBSCRIPTIONS = "ERR there is no room for more subscriptions";

    /** @param error of MIGRATE's target, without its sign */
    public static String targetReplied(String error) {
        return "ERR Target instance replied with error: " + error;
    }

    public static String notInReplconf(String option) {
        return "ERR REPLCONF " + option + " is not supported: there are no replicas yet";
    }

    /** A command that nodes have and the proxy has not. */
    public static String notThroughProxy(String name) {
        return "ERR '" + name + "' is not supported through the proxy";
    }

    /** A command that the proxy cannot hand to the one node that runs a transaction. */
    public static String notInTransaction(String name) {
        return "ERR '" + name + "' is not supported in a transaction through the proxy";
    }

    /** A command on any number of keys was given none. */
    public static String noInputKey(String name) {
        return "ERR at least 1 input key is needed for '" + name + "' command";
    }

    public static String unsupportedOption(String option) {
        return "ERR Unsupported option " + option;
    }

    public static String notBetween(long smallest, long largest) {
        return "ERR value is out of range, value must between " + smallest + " and " + largest;
    }

    public static String helloOption(String option) {
        return "ERR Syntax error in HELLO option '" + option + "'";
    }

    public static String noSuchUser(String name) {
        return "ERR No such user '" + name + "'";
    }

    /** ACL DRYRUN for somebody who is not there. */
    public static String userNotFound(String name) {
        return "ERR User '" + name + "' not found";
    }

    /** ACL DRYRUN of something that is not there. */
    public static String commandNotFound(String name) {
        return "ERR Command '" + name + "' not found";
    }

    public static String unknownCategory(String name) {
        return "ERR Unknown category '" + name + "'";
    }

    /** {@code name} as the wire has it: {@code get}, {@code config|get}. */
    public static String noPermission(String name) {
        return "NOPERM this user has no permissions to run the '" + name + "' command";
    }

    private static String noLonger(String reason) {
        return "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. This "
                + "command is no longer allowed for the following reason: " + reason;
    }

    public static String unknownClientType(String type) {
        return "ERR Unknown client type '" + type + "'";
    }

    public static String overlappingPrefixes(String prefix, String other) {
        return "ERR Prefix '" + prefix + "' overlaps with another provided prefix '" + other
                + "'. Prefixes for a single client must not overlap.";
    }

    public static String overlapsWithExistingPrefix(String prefix, String existing) {
        return "ERR Prefix '" + prefix + "' overlaps with an existing prefix '" + existing
                + "'. Prefixes for a single client must not overlap.";
    }

    /** A RESP2 client that listens to channels sent something else. */
    public static String subscribed(String name) {
        return "ERR Can't execute '" + name
                + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context";
    }

    /** LATENCY GRAPH of what has never taken long. */
    public static String noSamples(String event) {
        return "ERR No samples available for event '" + event + "'";
    }

    public static String rewriteFailed(String reason) {
        return "ERR Rewriting config file: " + reason;
    }

    public static String configUnknown(String parameter) {
        return "ERR Unknown option or number of arguments for CONFIG SET - '" + parameter + "'";
    }

    public static String configFailed(String parameter, String reason) {
        return "ERR CONFIG SET failed (possibly related to argument '" + parameter + "') - " + reason;
    }

    /** Why maxclients cannot be as many. */
    public static String tooManyFiles(long most) {
        return "The operating system is not able to handle the specified number of clients, try with " + most;
    }

    public static String invalidPlace(double longitude, double latitude) {
        return "ERR invalid longitude,latitude pair " + sixDecimals(longitude) + "," + sixDecimals(latitude);
    }

    private static String sixDecimals(double number) {
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        return new BigDecimal(number).setScale(6, RoundingMode.HALF_EVEN).toPlainString();
    }

    /** {@code name} as the client wrote it. */
    public static String geoMiddle(String name) {
        return "ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for " + name;
    }

    public static String geoShape(String name) {
        return "ERR exactly one of BYRADIUS and BYBOX can be specified for " + name;
    }

    /** HSETEX knows no such option. */
    public static String unknownArgument(String argument) {
        return "ERR unknown argument: " + argument;
    }

    public static String unknownListArgument(String argument) {
        return "ERR Unknown argument " + cut(argument);
    }

    public static String unknownPfdebug(String subcommand) {
        return "ERR Unknown PFDEBUG subcommand '" + subcommand + "'";
    }

    /** PFSELFTEST found a register that has lost what was written to it. */
    public static String registerTestFailed(int register) {
        return "ERR TESTFAILED Register " + register + " does not have its value";
    }

    /** A pattern of SORT, BY or GET, that may name keys of other nodes. */
    public static String sortElsewhere(String option) {
        return "ERR " + option + " option of SORT denied in cluster mode when keys formed by the pattern may be in "
                + "different slots.";
    }

    /** An option of XCLAIM is not a number. */
    public static String invalidClaimOption(String option, String command) {
        return "ERR Invalid " + option + " argument for " + command;
    }

    public static String unknownClaimOption(String option) {
        return "ERR Unrecognized XCLAIM option '" + option + "'";
    }

    public static String noGroup(String key, String group) {
        return "NOGROUP No such key '" + key + "' or consumer group '" + group + "'";
    }

    public static String noGroupToRead(String key, String group) {
        return noGroup(key, group) + " in XREADGROUP with GROUP option";
    }

    /** @param reason in the system's words */
    public static String logFails(String reason) {
        return "MISCONF Errors writing to the AOF file: " + reason;
    }

    public static String noGroupOfKey(String group, String key) {
        return "NOGROUP No such consumer group '" + group + "' for key name '" + key + "'";
    }

    private static String cut(String text) {
        return cut(text, SHOWN_BYTES);
    }

    /** A zero byte ends what is shown, as it does in Redis. */
    private static String cut(String text, int bytes) {
        int zero = text.indexOf('\0');
        return text.substring(0, Math.min(zero < 0 ? text.length() : zero, bytes));
    }
}
