package io.github.firmshake.heartbeat;

import org.jspecify.annotations.Nullable;

/**
 * The wire format: text messages of one line and at most 125 bytes.
 *
 * <pre>
 * dedicated endpoint:  ping            -> pong
 *                      ping abc123     -> pong abc123
 * shared connection:   :ping abc123    -> :pong abc123
 * on open (dedicated): hello v=1 interval=25 timeout=10
 * </pre>
 */
public final class HeartbeatText {

    /**
     * What marks a heartbeat on a connection that an application uses too. No JSON text, STOMP, Engine.IO, SockJS,
     * SignalR or GraphQL message begins with it.
     */
    public static final String PREFIX = ":";

    /** The longest message, in bytes: what fits a frame with the shortest header (RFC 6455 5.2). */
    public static final int MAX_MESSAGE = 125;

    private static final int MAX_TOKEN = 64;
    private static final String PING = "ping";
    private static final String PONG = "pong";

    // Below the 55 and 60 s after which common proxies drop an idle connection, with one beat lost.
    private static final int DEFAULT_INTERVAL = 25;
    private static final int DEFAULT_TIMEOUT = 10;

    private HeartbeatText() {}

    /**
     * The greeting of the dedicated endpoint: how often a client had better ping, and how long it had better wait.
     *
     * @param pingIntervalSeconds the setting of that name; 0, or longer than the default: the default is said
     */
    public static String hello(int pingIntervalSeconds) {
        int interval = pingIntervalSeconds == 0 ? DEFAULT_INTERVAL : Math.min(pingIntervalSeconds, DEFAULT_INTERVAL);
        return "hello v=1 interval=" + interval + " timeout=" + DEFAULT_TIMEOUT;
    }

    /**
     * The answer on the dedicated endpoint.
     *
     * @return the text to send, or null where the message is malformed; {@link #fault} then says how
     */
    public static @Nullable String replyTo(String message) {
        return replyTo(message, "");
    }

    /**
     * The answer on a connection that an application uses too.
     *
     * @param prefix what marks a heartbeat, {@link #PREFIX} unless the page was told otherwise
     * @return the text to send, or null where the message belongs to the application
     */
    public static @Nullable String replyTo(String message, String prefix) {
        int end = prefix.length() + PING.length();
        if (!message.startsWith(PING, prefix.length()) || !message.startsWith(prefix)) {
            return null;
        }
        boolean well = message.length() == end || (message.charAt(end) == ' ' && isToken(message, end + 1));
        return well ? prefix + PONG + message.substring(end) : null;
    }

    /** What is wrong with a message that {@link #replyTo(String)} has no answer to, fit for the reason of a Close. */
    public static String fault(String message) {
        if (!message.startsWith(PING + " ")) {
            return "expected \"ping\" or \"ping TOKEN\"";
        }
        return message.length() - PING.length() - 1 > MAX_TOKEN
                ? "the token is longer than " + MAX_TOKEN + " characters"
                : "the token is empty or not visible ASCII";
    }

    // 1*64VCHAR (RFC 5234 B.1)
    private static boolean isToken(String message, int from) {
        int length = message.length() - from;
        return length >= 1 && length <= MAX_TOKEN && message.chars().skip(from).allMatch(c -> c > ' ' && c < 0x7f);
    }
}
