package dev.jackdaw.server.command;

import dev.jackdaw.protocol.Refusal;
import dev.jackdaw.protocol.Versions;

/** Immutable: the picture that LOLWUT draws: a flock of jackdaws over the roofs, another one each time. */
final class Lolwut {
    private static final int WIDTH = 60;
    private static final int HEIGHT = 8;
    private static final int FLOCK = 14;
    private static final String[] BIRDS = {"v", "^", "~v~", "\\v/"};
    private static final String ROOFS = "/\\__/|\\___".repeat(WIDTH / 10);

    private Lolwut() {}

    /** The version chooses among Redis's pictures; here there is only one. */
    static void answer(Call call) {
        if (call.count() > 1 && call.is(1, "VERSION")) {
            if (call.count() == 2) {
                throw Refusal.SYNTAX;
            }
            call.integer(2);
        }
        call.reply().verbatim("txt", picture(call));
    }

    private static String picture(Call call) {
        StringBuilder[] sky = new StringBuilder[HEIGHT];
        for (int row = 0; row < HEIGHT; row++) {
            sky[row] = new StringBuilder(" ".repeat(WIDTH));
        }
        for (int i = 0; i < FLOCK; i++) {
            String bird = BIRDS[random(call, BIRDS.length)];
            int at = random(call, WIDTH - bird.length());
            sky[random(call, HEIGHT)].replace(at, at + bird.length(), bird);
        }
        StringBuilder text = new StringBuilder();
        for (StringBuilder row : sky) {
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.append(ROOFS)
                .append("\n\nJackdaw ")
                .append(Versions.JACKDAW)
                .append(", Redis ver. ")
                .append(Versions.REDIS)
                .append('\n')
                .toString();
    }

    private static int random(Call call, int bound) {
        return (int) Long.remainderUnsigned(call.engine().random(), bound);
    }
}
