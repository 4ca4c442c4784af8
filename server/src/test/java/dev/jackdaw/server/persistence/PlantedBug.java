package dev.jackdaw.server.persistence;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** Immutable: what could be wrong with a node, done to it by its disk: the tests have to notice each. */
enum PlantedBug {
    NONE,
    /** Nothing is brought to the disk, and yet it is said to be there. */
    ACKNOWLEDGED_BEFORE_SYNC,
    /** Names are not brought to the disk. */
    RENAMED_WITHOUT_DIRECTORY_SYNC,
    /** Every group passes for what was written. */
    CHECKSUM_SKIPPED,
    /** The first group that is not as it was written passes for the end. */
    DAMAGE_TAKEN_FOR_THE_END;

    Disk plantedIn(Disk disk) {
        return this == NONE ? disk : new Buggy(this, disk);
    }

    /** Shared as the disk is that it stands before. */
    private static final class Buggy extends ForwardingDisk {
        private final PlantedBug bug;

        Buggy(PlantedBug bug, Disk disk) {
            super(disk);
            this.bug = bug;
        }

        @Override
        File opened(Path path, File file) {
            return bug == ACKNOWLEDGED_BEFORE_SYNC ? new Unsynced(file) : file;
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            if (bug != RENAMED_WITHOUT_DIRECTORY_SYNC) {
                super.syncDirectory(directory);
            }
        }

        @Override
        public MemorySegment map(Path path, Arena arena) throws IOException {
            MemorySegment bytes = super.map(path, arena);
            return bug == CHECKSUM_SKIPPED || bug == DAMAGE_TAKEN_FOR_THE_END ? withoutDamage(bytes) : bytes;
        }

        /** As a reader sees it that does not look. */
        private MemorySegment withoutDamage(MemorySegment bytes) {
            long at = 0;
            long end = bytes.byteSize();
            while (LogGroup.isAt(bytes.address() + at, end - at)) {
                long available = end - at;
                if (!LogGroup.isIntact(bytes.address() + at, available, at)) {
                    if (bug == DAMAGE_TAKEN_FOR_THE_END) {
                        return bytes.asSlice(0, at);
                    }
                    long length = available < LogGroup.HEADER_BYTES ? -1 : LogGroup.length(bytes.address() + at);
                    if (length < 0 || length > available - LogGroup.HEADER_BYTES) {
                        return bytes;
                    }
                    LogGroup.seal(bytes.address() + at, (int) length, at, 0);
                }
                at += LogGroup.HEADER_BYTES + LogGroup.length(bytes.address() + at);
            }
            return bytes;
        }
    }

    /** Shared as the file is that it stands before. */
    private static final class Unsynced extends ForwardingDisk.ForwardingFile {
        Unsynced(Disk.File file) {
            super(file);
        }

        @Override
        public void sync() {
            // That is the bug.
        }
    }
}
