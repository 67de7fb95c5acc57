package io.github.firmshake.filter;

import io.github.firmshake.handshake.RequestHead;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;

/**
 * Takes snapshots of servlet requests.
 *
 * @param namesKeepCase whether the container keeps the case of field names
 */
record Snapshots(boolean namesKeepCase) {

    RequestHead of(HttpServletRequest request) {
        RequestHead.Builder head =
                RequestHead.builder(request.getMethod(), request.getRequestURI(), request.getProtocol());
        // Valves and customizers may have put a forwarded address here: it is shown, never trusted.
        head.peer(request.getRemoteAddr(), false);
        if (!namesKeepCase) {
            head.namesLoseCase();
        }
        for (String name : Collections.list(request.getHeaderNames())) {
            for (String value : Collections.list(request.getHeaders(name))) {
                head.field(name, value);
            }
        }
        return head.build();
    }
}
