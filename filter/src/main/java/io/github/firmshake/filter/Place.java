package io.github.firmshake.filter;

/** Where the filter stands beside others, above all the container's own WebSocket filter. */
enum Place {
    FIRST("stands before the container's WebSocket filter"),
    BEHIND("stands behind the container's WebSocket filter"),
    FRONT("stands before every filter"),
    BEHIND_OTHERS("stands behind other filters, so a handshake that one of them answers leaves no line"),
    ALONE("the container has no WebSocket filter in this context"),
    UNKNOWN("its place beside the container's WebSocket filter cannot be seen here");

    private final String sentence;

    Place(String sentence) {
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
