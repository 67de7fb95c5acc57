package io.github.firmshake.filter;

import io.github.firmshake.web.Script;
import io.github.firmshake.web.Served;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;

/** Serves the browser's script and its types. Thread-safe. */
public final class ServletScript {

    private final String scriptPath;
    private final String typesPath;

    /** Serves them at a path, and at the one with {@code .d.ts} beside it; empty: nowhere. */
    public ServletScript(String scriptPath) {
        this.scriptPath = scriptPath;
        typesPath = scriptPath.isEmpty() ? "" : Script.typesPath(scriptPath);
    }

    /** Whether a request is for one of them. Allocates nothing: every request pays for it. */
    public boolean isAt(HttpServletRequest request) {
        return !scriptPath.isEmpty() && (RequestPath.is(scriptPath, request) || RequestPath.is(typesPath, request));
    }

    /** The answer to a request for one of them. */
    public Served answer(HttpServletRequest request) {
        Script wanted = RequestPath.is(scriptPath, request) ? Script.module() : Script.types();
        String known = String.join(",", Collections.list(request.getHeaders("If-None-Match")));
        return wanted.answer(request.getMethod(), known.isEmpty() ? null : known);
    }

    /** Writes it. */
    public static void write(Served answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        if (answer.body().length > 0) {
            response.getOutputStream().write(answer.body());
        }
    }
}
