package dev.jackdaw.proxy.net;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Owned by one event loop: what happens once when all sockets that were ready have been read: clients that waited go on, then
 * every connection with output is flushed once, however many others had a part in it.
 */
final class Turn implements Runnable {
    private final EventLoop loop;
    private List<Output> outputs = new ArrayList<>();
    private List<Output> otherOutputs = new ArrayList<>();
    private List<Runnable> resumed = new ArrayList<>();
    private List<Runnable> otherResumed = new ArrayList<>();
    private boolean scheduled;

    Turn(EventLoop loop) {
        this.loop = loop;
    }

    void willFlush(Output output) {
        outputs.add(output);
        schedule();
    }

    void willResume(Runnable client) {
        resumed.add(client);
        schedule();
    }

    @Override
    public void run() {
        List<Runnable> clients = resumed;
        resumed = otherResumed;
        otherResumed = clients;
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).run();
        }
        clients.clear();

        // What a flush wakes up is for the next turn.
        List<Output> full = outputs;
        outputs = otherOutputs;
        otherOutputs = full;
        for (int i = 0; i < full.size(); i++) {
            full.get(i).flush();
        }
        full.clear();
        scheduled = false;
        if (!outputs.isEmpty() || !resumed.isEmpty()) {
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.execute(this);
        }
    }
}
