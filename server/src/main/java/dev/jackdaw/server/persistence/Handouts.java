package dev.jackdaw.server.persistence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owned by the event loop: who wants a snapshot that is kept nowhere. All who have asked before one begins get the same; who asks
 * later gets the next, since a snapshot is to have what was there when it was asked for.
 */
final class Handouts {
    private static final Logger LOG = LoggerFactory.getLogger(Handouts.class);
    /** So many may ask or be answered at a time; each that is answered takes a thread. */
    private static final int MOST_TAKERS = 16;

    private final Disk disk;
    private List<Snapshots.Taker> waiting = new ArrayList<>();
    /** Those for whom one is being taken; null if none is. */
    private List<Snapshots.Taker> served;

    private final List<Snapshots.Taker> taking = new ArrayList<>();
    private Path path;

    Handouts(Disk disk) {
        this.disk = disk;
    }

    /** Returns false if too many ask. */
    boolean ask(Snapshots.Taker taker) {
        if (waiting.size() + (served == null ? 0 : served.size()) + taking.size() >= MOST_TAKERS) {
            return false;
        }
        waiting.add(taker);
        return true;
    }

    /** Forgets one who does not want it any more, or has it; returns whether the one that is being taken is for nobody now. */
    boolean forget(Snapshots.Taker taker) {
        waiting.remove(taker);
        taking.remove(taker);
        return served != null && served.remove(taker) && served.isEmpty();
    }

    boolean isWanted() {
        return !waiting.isEmpty();
    }

    boolean isBeingTaken() {
        return served != null;
    }

    /** Says that one begins, into a file of that name. */
    void begin(Path file) {
        path = file;
        served = waiting;
        waiting = new ArrayList<>();
    }

    /** Gives the file to all that it was made for, and takes its name away. */
    void end() {
        for (Snapshots.Taker taker : served) {
            try {
                Handout handout = new Handout(disk, path);
                taking.add(taker);
                taker.take(handout);
            } catch (IOException failed) {
                fail(taker, failed);
            }
        }
        served = null;
        try {
            disk.delete(path);
        } catch (IOException failed) {
            LOG.warn("{} remains: {}", path, failed.toString());
        }
    }

    /** Says that there is none. */
    void fail(IOException cause) {
        served.forEach(taker -> fail(taker, cause));
        served = null;
    }

    private static void fail(Snapshots.Taker taker, IOException cause) {
        LOG.error("No snapshot for a client: {}", cause.toString());
        taker.refuse();
    }
}
