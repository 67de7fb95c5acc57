package io.github.firmshake.it;

import io.github.firmshake.handshake.HandshakeListener;
import java.util.List;
import java.util.Map;

/**
 * A server with an adapter of Firmshake in front of {@link Application}: what the contract has to know of it. Data about
 * what the server does by itself stands in its implementations, never in the contract.
 */
public interface Container {

    /** The column of the page of capabilities: adapter, then server, such as {@code valve, Tomcat 11}. */
    String name();

    /**
     * What cannot be done here, each with its reason, which the page prints. What is not named can be done, and the
     * contract tests that it is. This is the only place where a server or an adapter says so.
     */
    Map<Limit, String> limits();

    /**
     * Starts a server on free ports of loopback and deploys {@link Application} there.
     *
     * @param settings Firmshake's settings by their names; what is not named has its default
     * @param listener told of every handshake
     * @throws StartFailure if a setting is refused
     */
    Running start(Map<String, String> settings, HandshakeListener listener) throws StartFailure;

    /**
     * The same with default settings on a server that takes its client's address from X-Forwarded-For, as it does behind
     * a proxy.
     */
    Running startBehindProxy(HandshakeListener listener) throws StartFailure;

    /** The same server and application without Firmshake, to compare answers with. */
    Running startBare();

    /** The lines that Firmshake writes on this server. */
    default LogCapture log() {
        return JulCapture.lines();
    }

    /** Sets whether lines at DEBUG are written. */
    default void logDebug(boolean on) {
        JulCapture.debug(on);
    }

    /** The start line, after its level, for the settings as they are printed. */
    String startLine(String settings);

    /** What follows the start line at WARNING, with every setting as it is by default; empty if nothing does. */
    default List<String> startWarnings() {
        return List.of();
    }

    /** What an operator finds in the log where a setting is refused, for the message that says why. */
    String startFailure(String message);

    /** The line at ERROR, after its level, where a setting is refused. */
    default String errorLine(String message) {
        return startFailure(message);
    }

    /** What the server leaves of the case of field names, which is evidence. */
    NameCase nameCase();

    /**
     * What the server makes of a request by itself, with {@code onInvalid=report} and {@code repair=off}.
     *
     * @param name a row of {@link Malformed} or a file of {@link Corpus}
     */
    Answer answerTo(String name);

    /** Whether Firmshake sees a row of {@link Malformed}, but only after the server has refused it. */
    default boolean refusesFirst(String name) {
        return false;
    }

    /**
     * The status of a request over HTTP/1.1 with an Upgrade that Connection does not name.
     *
     * @param application the status with which the application would answer it
     */
    default int statusOfUpgradeNotNamed(int application) {
        return application;
    }

    /** Whether the server takes WebSocket over HTTP/2 (RFC 8441). */
    default boolean offersExtendedConnect() {
        return false;
    }

    /**
     * One answer of a server.
     *
     * @param status its status
     * @param unseen the limit because of which Firmshake does not see the request; null where it does
     */
    record Answer(int status, Limit unseen) {
        /** An answer to a request that Firmshake sees. */
        public Answer(int status) {
            this(status, null);
        }
    }

    /** What a server may keep an adapter from doing. */
    enum Limit {
        /** To see a request whose Host is missing or repeated. */
        HOST,
        /** To refuse what the server has refused already. */
        REFUSED_FIRST,
        /** To see a request over HTTP/1.1 with an Upgrade that Connection does not name. */
        UPGRADE_NOT_NAMED,
        /** To have the server take a valid handshake in an unusual form. */
        CANONICAL_FORM,
        /** To repair anything. */
        REPAIR,
        /** To know in which order field lines came. */
        ORDER_OF_FIELDS,
        /** To know the case of field names. */
        CASE_OF_NAMES,
        /** To know the socket's address where the server takes a client's address from a header. */
        PEER,
        /** To see a WebSocket over HTTP/2 (RFC 8441). */
        EXTENDED_CONNECT,
        /** To bound frames of the heartbeat's client that the server answers, or joins, by itself. */
        PINGS,
        /** To see the sessions of an application. */
        APPLICATION_SESSIONS,
        /** To refuse a setting of an unknown name by the name it knows. */
        UNKNOWN_SETTING
    }

    /** The case of field names as an adapter sees them. */
    enum NameCase {
        /** As sent. */
        KEPT,
        /** As sent, but the adapter cannot be sure of that: capital letters are evidence, lower case is none. */
        CAPITALS_ONLY,
        /** Known names in their usual case, whatever was sent. */
        USUAL,
        /** Lower case, whatever was sent. */
        LOST;

        /** Whether a name tells nothing of who sent it, if a Go or a Rust program would have written it otherwise. */
        boolean isHidden() {
            return this == USUAL || this == LOST;
        }
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
