package dev.jackdaw.server.command;

import dev.jackdaw.server.bus.BusListener;
import dev.jackdaw.server.pubsub.Channels;
import dev.jackdaw.server.tracking.Tracking;

/** Owned by the event loop: passes what other nodes say on to the clients of this one. */
final class Gossip implements BusListener {
    private final Channels channels;
    private final Tracking tracking;

    Gossip(Channels channels, Tracking tracking) {
        this.channels = channels;
        this.tracking = tracking;
    }

    @Override
    public void published(long channel, int channelLength, long message, int messageLength) {
        channels.publish(channel, channelLength, message, messageLength);
    }

    @Override
    public void changed(long key, int length) {
        tracking.heard(key, length);
    }

    @Override
    public void missedChanges() {
        tracking.missed();
    }

    @Override
    public void tellChanges(boolean wanted) {
        tracking.tellPeers(wanted);
    }

    @Override
    public void heardAll() {
        tracking.tellHeard();
    }
}
