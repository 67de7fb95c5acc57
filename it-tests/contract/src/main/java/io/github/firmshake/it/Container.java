package io.github.firmshake.it;

import io.github.firmshake.handshake.HandshakeListener;
import java.util.Map;

/**
 * A server with an adapter of Firmshake in front of {@link Application}: what the contract has to know of it. Data about
 * what the server does by itself stands in its implementations, never in the contract.
 */
public interface Container {

    /**
     * Starts a server on free ports of loopback and deploys {@link Application} there.
     *
     * @param settings Firmshake's settings by their names; what is not named has its default
     * @param listener told of every handshake
     * @throws StartFailure if a setting is refused
     */
    Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure;

    /** The lines that Firmshake writes on this server. */
    LogCapture log();

    /** Sets whether lines at DEBUG are written. */
    void logDebug(boolean on);

    /** The start line, after its level, for the settings as they are printed. */
    String startLine(String settings);

    /** What an operator finds in the log where a setting is refused, for the message that says why. */
    String startFailure(String message);

    /** What the server leaves of the case of field names, which is evidence. */
    NameCase nameCase();

    /**
     * What the server makes of a request by itself, with {@code onInvalid=report} and {@code repair=off}.
     *
     * @param name a row of {@link Malformed} or a file of {@link Corpus}
     */
    Answer answerTo(String name);

    /**
     * One answer of a server.
     *
     * @param status its status
     * @param unseen whether the server answers before Firmshake sees the request
     */
    record Answer(int status, boolean unseen) {}

    /** The case of field names as an adapter sees them. */
    enum NameCase {
        /** As sent. */
        KEPT,
        /** As sent, but the adapter cannot be sure of that: capital letters are evidence, lower case is none. */
        CAPITALS_ONLY,
        /** Lower case, whatever was sent. */
        LOST
    }

    /** A running server. */
    interface Running extends AutoCloseable {

        /** The port for HTTP/1.x. */
        int port();

        /** A port that also takes HTTP/2, by Upgrade from HTTP/1.1. */
        int http2Port();

        /** Undeploys the application and stops. */
        @Override
        void close();
    }

    /** The server did not start; the message is the one an operator finds in its log. */
    final class StartFailure extends Exception {
        private static final long serialVersionUID = 1;

        /** Takes that message. */
        public StartFailure(String message) {
            super(message);
        }
    }
}
