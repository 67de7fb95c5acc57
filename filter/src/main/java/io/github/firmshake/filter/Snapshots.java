package io.github.firmshake.filter;

import io.github.firmshake.handshake.RequestHead;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Locale;

/**
 * Takes snapshots of servlet requests.
 *
 * @param namesKeepCase whether the container is known to keep the case of field names; Tomcat 11 does and 10.1 does not,
 *     so on Tomcat a head keeps its case where it has a capital letter, and lower case says nothing
 */
record Snapshots(boolean namesKeepCase) {

    RequestHead of(HttpServletRequest request) {
        RequestHead.Builder head =
                RequestHead.builder(request.getMethod(), request.getRequestURI(), request.getProtocol());
        // Valves and customizers may have put a forwarded address here: it is shown, never trusted.
        head.peer(request.getRemoteAddr(), false);
        boolean keptCase = namesKeepCase;
        for (String name : Collections.list(request.getHeaderNames())) {
            keptCase |= !name.equals(name.toLowerCase(Locale.ROOT));
            for (String value : Collections.list(request.getHeaders(name))) {
                head.field(name, value);
            }
        }
        if (!keptCase) {
            head.namesLoseCase();
        }
        return head.build();
    }
}
