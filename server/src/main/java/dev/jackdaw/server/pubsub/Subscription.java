package dev.jackdaw.server.pubsub;

/** Owned by the event loop: that one client listens to one topic; a link in the topic's list of listeners. */
final class Subscription {
    final Subscriber subscriber;
    Subscription next;
    Subscription previous;

    Subscription(Subscriber subscriber) {
        this.subscriber = subscriber;
    }
}
