package io.github.firmshake.browsers;

/** Firefox with its cable cut. */
class FirefoxIT extends CutCable {

    FirefoxIT() {
        super("firefox", "firefox-esr");
    }

    // Reported, not judged: Firefox counts attempts that the script has given up towards its limit of connections to a
    // host, and up to 29 s were seen.
    @Override
    long mostToReopen() {
        return Witness.PATIENCE.toMillis();
    }
}
