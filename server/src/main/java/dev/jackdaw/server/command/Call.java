package dev.jackdaw.server.command;

import dev.jackdaw.protocol.CommandError;
import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.Doubles;
import dev.jackdaw.protocol.resp.Integers;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.KeyEvent;
import dev.jackdaw.server.engine.Keyspace;
import dev.jackdaw.server.engine.Kind;
import dev.jackdaw.server.memory.Entry;

/**
 * Owned by the event loop: one command while it runs: its arguments, the client, the data, the reply. One object serves
 * all commands of a loop, one after the other.
 *
 * <p>Argument 0 is the command's name. Whatever refuses a command here does it by throwing a {@link Refusal}.
 */
final class Call {
    private static final long MAX_DRAWN = 1 << 18;
    private static final long MAX_DRAWN_BYTES = 64L << 20;

    /** Bytes that a value may grow by without a look at how much room there is: those of before each command is enough. */
    private static final long GREAT_GROWTH = 1 << 20;

    private final Engine engine;
    private final WaitingClients waiting;
    private final Effects effects;
    private Command command;
    private Session session;
    private Request request;
    private ReplyWriter reply;
    private Waiter resumed;
    private boolean waits;

    Call(Node node) {
        this.engine = node.engine();
        this.waiting = node.waiting();
        this.effects = node.effects();
    }

    void begin(Command newCommand, Session newSession, Request newRequest, ReplyWriter newReply) {
        command = newCommand;
        session = newSession;
        request = newRequest;
        reply = newReply;
        resumed = newSession.waiter();
        waits = false;
    }

    Engine engine() {
        return engine;
    }

    Command command() {
        return command;
    }

    Session session() {
        return session;
    }

    /** The keys of the database that the client selected. */
    Keyspace keyspace() {
        return session.keyspace();
    }

    ReplyWriter reply() {
        return reply;
    }

    Request request() {
        return request;
    }

    long nowMillis() {
        return engine.nowMillis();
    }

    /** Whether what expires at this time has expired. */
    boolean isPast(long expireAtMillis) {
        return engine.isPast(expireAtMillis);
    }

    // --- Effects ---

    /** Begins what the command's effect is, if it is another than the command itself; see {@link Effects#effect}. */
    Effects effect(String name) {
        return effects.effect(name);
    }

    /** The same where every word behind the key names an element; see {@link Effects#elements}. */
    Effects elements(String name, int key) {
        return effects.elements(name, key);
    }

    /** Says that the command itself is not its effect; the body tells what is, if anything. */
    void noEffect() {
        effects.none();
    }

    // --- Arguments ---

    /** The number of arguments with the name. */
    int count() {
        return request.count();
    }

    long address(int i) {
        return request.address(i);
    }

    int length(int i) {
        return request.length(i);
    }

    /** Whether argument {@code i} is the keyword, in any case. */
    boolean is(int i, String upperCaseKeyword) {
        return request.is(i, upperCaseKeyword);
    }

    /** Whether two arguments are the same bytes. */
    boolean equal(int i, int j) {
        return length(i) == length(j) && Raw.equal(address(i), address(j), length(i));
    }

    /** Argument {@code i} as a string; for rare paths. */
    String text(int i) {
        return request.text(i);
    }

    long integer(int i) {
        if (!Integers.isInteger(address(i), length(i))) {
            throw Refusal.NOT_AN_INTEGER;
        }
        return Integers.parse(address(i), length(i));
    }

    /** An integer from {@code least} to {@code most}. */
    int integer(int i, int least, int most) {
        long value = integer(i);
        if (value < least || value > most) {
            throw new Refusal(CommandError.notBetween(least, most));
        }
        return (int) value;
    }

    /** An integer from {@code least} on; everything else is refused with this text. */
    long integer(int i, long least, String otherwise) {
        if (Integers.isInteger(address(i), length(i))) {
            long value = Integers.parse(address(i), length(i));
            if (value >= least) {
                return value;
            }
        }
        throw new Refusal(otherwise);
    }

    /**
     * How many elements to draw at random, as a negative number if the same may come again: then only as many as can be
     * answered without keeping others waiting.
     */
    long drawCount(int i) {
        long value = integer(i);
        if (value == Long.MIN_VALUE) {
            throw new Refusal(CommandError.notBetween(-Long.MAX_VALUE, Long.MAX_VALUE));
        }
        if (value < -MAX_DRAWN) {
            throw new Refusal(CommandError.OUT_OF_RANGE);
        }
        return value;
    }

    /** Refuses to go on with a reply, of elements that were drawn, when it has grown too long since the mark. */
    void checkDrawn(long mark) {
        if (reply.mark() - mark > MAX_DRAWN_BYTES) {
            throw new Refusal(CommandError.OUT_OF_RANGE);
        }
    }

    /** The number of {@code COUNT count}, which may end the command from argument {@code i} on; 1 without. */
    long countOption(int i) {
        if (i == count()) {
            return 1;
        }
        if (!is(i, "COUNT") || i + 1 == count()) {
            throw Refusal.SYNTAX;
        }
        long value = integer(i + 1, 1, CommandError.COUNT_NOT_POSITIVE);
        if (i + 2 < count()) {
            throw Refusal.SYNTAX;
        }
        return value;
    }

    /** The argument behind as many keys as argument {@code i} says, which begin after it; something has to be there. */
    int behindKeys(int i) {
        long keys = integer(i, 1, CommandError.NUMKEYS_NOT_POSITIVE);
        if (keys > count() - i - 2) {
            throw Refusal.SYNTAX;
        }
        return i + 1 + (int) keys;
    }

    double number(int i) {
        double value = Doubles.parse(address(i), length(i));
        if (Double.isNaN(value)) {
            throw Refusal.NOT_A_FLOAT;
        }
        return value;
    }

    /** A time to wait, given in seconds, fractions of them too; 0 for ever. */
    long timeoutMillis(int i) {
        double seconds = Doubles.parse(address(i), length(i));
        if (Double.isNaN(seconds)) {
            throw new Refusal(CommandError.TIMEOUT_NOT_A_FLOAT);
        }
        double millis = Math.ceil(seconds * 1000);
        // As in Redis: what is too large to be counted turns negative.
        if (millis < 0 || millis >= Long.MAX_VALUE) {
            throw new Refusal(CommandError.TIMEOUT_NEGATIVE);
        }
        return (long) millis;
    }

    /** A time to wait, given in milliseconds. */
    long integerTimeoutMillis(int i) {
        if (!Integers.isInteger(address(i), length(i))) {
            throw new Refusal(CommandError.TIMEOUT_NOT_AN_INTEGER);
        }
        long millis = Integers.parse(address(i), length(i));
        if (millis < 0) {
            throw new Refusal(CommandError.TIMEOUT_NEGATIVE);
        }
        return millis;
    }

    // --- Waiting ---

    /**
     * Whether the key in argument {@code i} may be used: when the command runs again after a wait, only the one that has
     * become ready.
     */
    boolean offers(int i) {
        return resumed == null || waiting.isServing() && resumed.isKey(i, waiting.readyKey(), waiting.readyLength());
    }

    /** What the body gave to {@link #waitFor} before it ran again; null when it runs for the first time. */
    Memo memo() {
        return resumed == null ? null : resumed.memo();
    }

    /**
     * Leaves the command unanswered and the client waiting, until one of the keys from argument {@code firstKey} to {@code
     * lastKey} holds a value of the type, or with null until one of them changes in whatever way. Then the body runs again;
     * it may answer, or wait on by calling this once more, which begins nothing new. It must have changed nothing before.
     *
     * @param timeoutMillis 0 for ever; afterwards the client is sent a null array
     * @param memo what the body wants to find again in {@link #memo}, or null
     * @return false if the client must not wait, because EXEC runs the command: the body has to answer
     */
    boolean waitFor(Kind.Type type, int firstKey, int lastKey, long timeoutMillis, Memo memo) {
        if (session.transaction().isRunning()) {
            return false;
        }
        waits = true;
        if (resumed == null) {
            long deadlineMillis = nowMillis() + timeoutMillis;
            boolean forever = timeoutMillis == 0 || deadlineMillis < 0;
            waiting.add(
                    new Waiter(engine, this, firstKey, lastKey, type, forever ? Waiter.NEVER : deadlineMillis, memo));
        }
        return true;
    }

    /** Makes a client that waits for something else wait for changes of the key in argument {@code i} too. */
    void waitFor(int i) {
        waiting.add(resumed, i);
    }

    /** Ends that. */
    void waitNoMoreFor(int i) {
        waiting.remove(resumed, i);
    }

    /** Whether the body has left the client waiting. */
    boolean waits() {
        return waits;
    }

    // --- Keys ---

    /** The entry of the key in argument {@code i}, for reading, or 0. */
    long read(int i) {
        return keyspace().read(address(i), length(i));
    }

    /** The entry of the key in argument {@code i}, for reading, or 0; an entry of another type is refused. */
    long read(int i, Kind.Type type) {
        return checked(read(i), type);
    }

    /** The entry of the key in argument {@code i}, for reading what does not count as a use, or 0. */
    long look(int i) {
        return keyspace().look(address(i), length(i));
    }

    /** The entry of the key in argument {@code i}, or 0; does not count as anything. */
    long peek(int i) {
        return keyspace().peek(address(i), length(i));
    }

    /** The entry of the key in argument {@code i}, for changing, or 0. */
    long write(int i) {
        return keyspace().write(address(i), length(i));
    }

    /** The entry of the key in argument {@code i}, for changing, or 0; an entry of another type is refused. */
    long write(int i, Kind.Type type) {
        return checked(write(i), type);
    }

    /**
     * Makes room for a value that grows by so many bytes, if they are many, or refuses the command.
     *
     * @return whether entries have left, maybe the one that was to grow: the body has to look again
     */
    boolean makesRoom(long bytes) {
        if (bytes < GREAT_GROWTH || engine.limit().hasRoomFor(bytes)) {
            return false;
        }
        if (!engine.limit().makeRoomFor(bytes)) {
            throw Refusal.OUT_OF_MEMORY;
        }
        return true;
    }

    /** Says what has happened to the key in argument {@code i}, for those who listen to such events. */
    void event(KeyEvent event, int i) {
        keyspace().event(event, address(i), length(i));
    }

    private static long checked(long entry, Kind.Type type) {
        if (entry != 0 && Kind.of(Entry.kind(entry)).type() != type) {
            throw Refusal.WRONG_TYPE;
        }
        return entry;
    }
}
