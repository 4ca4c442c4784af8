package dev.jackdaw.server.command;

import dev.jackdaw.protocol.command.Command;
import dev.jackdaw.protocol.command.Flag;
import dev.jackdaw.protocol.raw.Raw;
import dev.jackdaw.protocol.resp.ReplyWriter;
import dev.jackdaw.protocol.resp.Request;
import dev.jackdaw.server.engine.Engine;
import dev.jackdaw.server.engine.Keyspace;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Owned by the event loop: what becomes of the data, as commands that do the same to the same data anywhere and at any time.
 * Most commands are such already; the bodies of the others say what they did.
 *
 * <pre>
 *   SET k v             ──▶  SET k v                    as the client sent it
 *   SPOP s              ──▶  SREM s member              what was left to chance
 *   EXPIRE k 10         ──▶  PEXPIREAT k 1800000010000  what was left to time
 *   k expires           ──▶  DEL k                      what no command said
 *   MULTI ... EXEC      ──▶  MULTI ... EXEC             around the effects, if there are several
 * </pre>
 */
public final class Effects implements Engine.LossListener {
    /** As many elements as Redis names in one effect, and two words before them. */
    private static final int MOST_WORDS = 1024 + 2;
    /** More is not kept until the command has ended. */
    private static final int PART_BYTES = 64 << 10;

    private static final int KEPT_BYTES = 1 << 20;
    private static final int NONE = -1;

    private final Engine engine;
    private final boolean renames;
    private final ReplyWriter writer = new ReplyWriter();
    private EffectSink sink;
    /** Begins with MULTI, which is left out where it is not needed. */
    private ByteBuf buffer;

    private long afterMulti;
    /** The database that the stream has selected. */
    private int selected = NONE;
    /** Effects since the stream was whole, and whether MULTI has been sent for them. */
    private int count;

    private boolean multi;
    private boolean running;

    // The effect that is being written
    private boolean open;
    private String name;
    private long mark;
    private long keyMark;
    private int words;

    // The command that is running
    private Request request;
    private int database;
    private long changesBefore;
    private boolean said;

    /** @param renames whether clients call some commands by other names */
    Effects(Engine engine, boolean renames) {
        this.engine = engine;
        this.renames = renames;
    }

    /** Says who is told from now on; null for nobody. Who was until now is told what has been done so far. */
    public void to(EffectSink newSink) {
        end(running);
        if (buffer != null) {
            writer.detach();
            buffer.release();
            buffer = null;
        }
        sink = newSink;
        engine.lossListener(newSink == null ? null : this);
        if (newSink != null) {
            openBuffer();
            selectAnew();
        }
    }

    private void openBuffer() {
        buffer = Unpooled.directBuffer(2 * PART_BYTES);
        writer.attach(buffer);
        writer.array(1);
        writer.bulkText("MULTI");
        afterMulti = writer.mark();
    }

    /** Makes the next effect say which database it is for: what comes is read without what was before. */
    public void selectAnew() {
        selected = NONE;
    }

    /** Whether anybody wants to know: what is itself told by others' effects goes its own way. */
    boolean areWanted() {
        return sink != null && !engine.isFollowing();
    }

    // --- The run of a command ---

    /** A command is about to run. */
    void begin(Session session, Request newRequest) {
        if (!session.transaction().isRunning()) {
            // What left by itself before is not the command's doing.
            endLoose();
            running = true;
        }
        request = newRequest;
        database = session.keyspace().number();
        changesBefore = engine.stats().changes;
        said = false;
    }

    /** It has run: unless its body said otherwise, its effect is itself. */
    void ran(Command command, Session session) {
        close();
        if (!said
                && engine.stats().changes != changesBefore
                && (command.spec().has(Flag.WRITE) || command.spec().has(Flag.MAY_REPLICATE))) {
            asItIs(command, session.transaction().isRunning());
        }
    }

    /** As the client sent it, but by the name that it has for those who read this. */
    private void asItIs(Command command, boolean inTransaction) {
        if (renames) {
            String name = command.spec().name();
            int end = name.indexOf('|');
            effect(end < 0 ? name : name.substring(0, end)).arguments(1, request.count());
            close();
        } else {
            verbatim(inTransaction);
        }
    }

    private void verbatim(boolean inTransaction) {
        if (request.bytes() >= PART_BYTES) {
            select(database);
            flush(inTransaction || count > 0);
            sink.append(request.start(), (int) request.bytes());
            count++;
        } else {
            makeRoom();
            select(database);
            KeptRequests.write(request, writer);
            count++;
        }
    }

    /** The command has ended with all that it made others do: its effects happen all at once, or not at all. */
    void end() {
        end(running);
        running = false;
    }

    /** The same of what left by itself: one has nothing to do with the other. */
    void endLoose() {
        end(false);
    }

    private void end(boolean together) {
        if (count == 0) {
            return;
        }
        close();
        boolean several = multi || together && count > 1;
        if (several) {
            writer.array(1);
            writer.bulkText("EXEC");
        }
        flush(several);
        sink.whole();
        count = 0;
        multi = false;
        if (buffer.capacity() > KEPT_BYTES) {
            writer.detach();
            buffer.release();
            openBuffer();
        }
    }

    /** Sends what has been written, after MULTI if it is one of several effects. */
    private void flush(boolean severalEffects) {
        long from = severalEffects && !multi ? 0 : afterMulti;
        multi |= severalEffects;
        if (writer.mark() > from) {
            sink.append(buffer.memoryAddress() + from, (int) (writer.mark() - from));
        }
        writer.truncate(afterMulti);
    }

    // --- One effect ---

    /** The running command itself is not its effect, unless its body says so. */
    void none() {
        said = true;
    }

    /** Begins an effect of the running command, other than the command itself; its further words follow. */
    Effects effect(String command) {
        if (areWanted()) {
            said = true;
            open(database, command);
        }
        return this;
    }

    /**
     * Goes on with an effect on the key in an argument, of which each further word names an element; begins one if there is
     * none or it has become long.
     */
    Effects elements(String command, int key) {
        if (areWanted()) {
            said = true;
            openElements(database, command, request.address(key), request.length(key));
        }
        return this;
    }

    Effects argument(int i) {
        return open ? word(request.address(i), request.length(i)) : this;
    }

    /** The arguments from one to another, which is not included. */
    Effects arguments(int from, int to) {
        for (int i = from; open && i < to; i++) {
            argument(i);
        }
        return this;
    }

    Effects word(long address, int length) {
        if (open) {
            writer.bulk(address, length);
            words++;
        }
        return this;
    }

    Effects word(String text) {
        if (open) {
            writer.bulkText(text);
            words++;
        }
        return this;
    }

    Effects word(byte[] text) {
        if (open) {
            writer.bulk(text);
            words++;
        }
        return this;
    }

    Effects integer(long value) {
        if (open) {
            writer.bulkInteger(value);
            words++;
        }
        return this;
    }

    /** The ID of an entry of a stream. */
    Effects id(long upper, long lower) {
        if (open) {
            writer.bulkId(upper, lower);
            words++;
        }
        return this;
    }

    private void open(int inDatabase, String command) {
        close();
        makeRoom();
        select(inDatabase);
        mark = writer.mark();
        name = command;
        words = 0;
        open = true;
        count++;
        word(command);
        keyMark = writer.mark();
    }

    private void openElements(int inDatabase, String command, long key, int length) {
        if (!open || words >= MOST_WORDS || inDatabase != selected || !name.equals(command) || !isKey(key, length)) {
            open(inDatabase, command);
            word(key, length);
        }
    }

    /** Whether this is the key of the effect that is open. */
    private boolean isKey(long key, int length) {
        long end = writer.mark();
        writer.bulk(key, length);
        long bytes = writer.mark() - end;
        writer.truncate(end);
        long base = buffer.memoryAddress();
        return bytes <= end - keyMark && Raw.equal(base + keyMark, base + end, (int) bytes);
    }

    private void close() {
        if (open) {
            writer.arrayAt(mark, words);
            open = false;
        }
    }

    /** Sends what there is before more is added, if it is much. */
    private void makeRoom() {
        if (writer.mark() < PART_BYTES) {
            return;
        }
        if (running) {
            flush(true);
        } else {
            endLoose();
        }
    }

    private void select(int number) {
        if (number != selected) {
            selected = number;
            writer.array(2);
            writer.bulkText("SELECT");
            writer.bulkInteger(number);
            if (count == 0) {
                flush(false);
            }
        }
    }

    // --- What leaves by itself ---

    @Override
    public void lost(Keyspace keyspace, long key, int length) {
        if (areWanted()) {
            open(keyspace.number(), "DEL");
            word(key, length);
            close();
        }
    }

    @Override
    public void lostField(Keyspace keyspace, long key, int length, long field, int fieldLength) {
        if (areWanted()) {
            openElements(keyspace.number(), "HDEL", key, length);
            word(field, fieldLength);
        }
    }
}
