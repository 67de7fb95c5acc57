package io.github.firmshake.handshake;

/**
 * Why a handshake failed. The names are stable: they lead every log line, name the problem type of a refusal and are
 * headings in {@code docs/reference/reason-codes.md}.
 */
public enum ReasonCode {
    METHOD_NOT_GET(405, false, "RFC 6455 4.2.1 item 1", "A WebSocket handshake is a GET request"),
    HTTP_VERSION_TOO_OLD(426, true, "RFC 6455 4.2.1 item 1", "A WebSocket handshake needs HTTP/1.1"),
    HOST_INVALID(400, false, "RFC 6455 4.2.1 item 2", "The Host field is missing, repeated or malformed"),
    UPGRADE_MISSING(426, true, "RFC 6455 4.2.1 item 3", "The Upgrade field is missing"),
    /** Upgrade names something else. A hop's doing only where the hop left its own mark beside it. */
    UPGRADE_NOT_WEBSOCKET(426, false, "RFC 6455 4.2.1 item 3", "The Upgrade field names another protocol"),
    CONNECTION_MISSING(426, true, "RFC 6455 4.2.1 item 4", "The Connection field is missing"),
    CONNECTION_LACKS_UPGRADE(426, true, "RFC 6455 4.2.1 item 4", "The Connection field does not name upgrade"),
    /** Upgrade is gone, Connection lacks {@code upgrade}, and the key is there. */
    HOP_BY_HOP_STRIPPED(426, true, "RFC 6455 4.2.1 items 3 and 4", "Upgrade and Connection were removed on the way"),
    KEY_MISSING(400, false, "RFC 6455 4.2.1 item 5", "The WebSocket key is missing"),
    KEY_REPEATED(400, false, "RFC 6455 11.3.1", "There is more than one WebSocket key"),
    KEY_INVALID(400, false, "RFC 6455 4.2.1 item 5", "The WebSocket key is not base64 of 16 bytes"),
    VERSION_MISSING(426, false, "RFC 6455 4.2.1 item 6", "The WebSocket version is missing"),
    VERSION_REPEATED(400, false, "RFC 6455 11.3.5", "There is more than one WebSocket version"),
    VERSION_UNSUPPORTED(426, false, "RFC 6455 4.2.1 item 6", "The WebSocket version is not 13"),
    ORIGIN_REPEATED(400, false, "RFC 6454 7.3", "There is more than one Origin"),
    ORIGIN_NOT_ALLOWED(403, false, "RFC 6455 4.2.2 item 4", "This origin may not open a WebSocket here"),
    SUBPROTOCOL_INVALID(400, false, "RFC 6455 11.3.4", "The list of subprotocols is malformed"),
    EXTENSIONS_INVALID(400, false, "RFC 6455 9.1", "The list of extensions is malformed"),
    BODY_PRESENT(400, false, "RFC 6455 4.1", "A WebSocket handshake has no body"),
    ACCEPT_IN_REQUEST(400, false, "RFC 6455 11.3.3", "A field of the answer stands in the request"),
    HTTP2_HEADERS_INVALID(400, false, "RFC 8441 5", "This is no WebSocket handshake over HTTP/2"),
    PROTOCOL_UNKNOWN(501, false, "RFC 8441 4", "The protocol of this CONNECT is not websocket"),
    /** Upgrade is there and Sec-WebSocket-* is gone, behind a hop that is known to do that. */
    SEC_HEADERS_STRIPPED(400, true, "RFC 6455 4.2.1 items 5 and 6", "Sec-WebSocket fields were removed on the way"),
    PLAIN_HTTP_ON_WEBSOCKET_PATH(426, false, "RFC 9110 15.5.22", "This path speaks WebSocket only"),
    /** The container refused the request while it read the head, which was longer than it takes. */
    HEAD_TOO_LARGE(431, false, "RFC 6585 5", "The request head is larger than the container takes"),
    /** The container refused the request while it read the head. */
    HEAD_REFUSED(400, false, "RFC 9112 3 and 5", "The container refused the request head"),
    /** The handshake is valid, or was repaired, and the container did not answer 101. */
    NOT_SWITCHED(500, false, "RFC 6455 4.2.2", "The container did not switch to WebSocket"),
    /** The container switched, and no frame ever came. No adapter of this version proves tunnels yet. */
    TUNNEL_DEAD(500, true, "RFC 6455 5.5.2", "The switched connection carried no frame");

    private final int status;
    private final boolean damage;
    private final String section;
    private final String title;

    ReasonCode(int status, boolean damage, String section, String title) {
        this.status = status;
        this.damage = damage;
        this.section = section;
        this.title = title;
    }

    /** The status of a refusal for this reason over HTTP/1.x. */
    public int status() {
        return status;
    }

    /** Whether only a hop between client and server can have caused it. */
    public boolean isDamage() {
        return damage;
    }

    /** The RFC and section that demand what was not met. */
    public String section() {
        return section;
    }

    /** One short sentence, without values received. */
    public String title() {
        return title;
    }
}
