package dev.jackdaw.server.net;

/** The same bytes where short ones wait for those of other clients. */
class ArrivalsFramingTest extends FramingTest {
    @Override
    RunningNode startNode() {
        return ArrivalsTest.populated();
    }
}
