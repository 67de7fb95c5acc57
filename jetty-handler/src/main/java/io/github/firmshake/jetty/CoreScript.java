package io.github.firmshake.jetty;

import io.github.firmshake.web.Script;
import io.github.firmshake.web.Served;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Serves the browser's script and its types. Thread-safe. */
final class CoreScript {

    private final String scriptPath;
    private final String typesPath;

    /** Serves them at a path, and at the one with {@code .d.ts} beside it; empty: nowhere. */
    CoreScript(String scriptPath) {
        this.scriptPath = scriptPath;
        typesPath = scriptPath.isEmpty() ? "" : Script.typesPath(scriptPath);
    }

    /** Whether a request is for one of them. Allocates nothing: every request pays for it. */
    boolean isAt(Request request) {
        String path = request.getHttpURI().getCanonicalPath();
        return !scriptPath.isEmpty() && (scriptPath.equals(path) || typesPath.equals(path));
    }

    /** The answer to a request for one of them. */
    Served answer(Request request) {
        boolean module = scriptPath.equals(request.getHttpURI().getCanonicalPath());
        String known = String.join(",", request.getHeaders().getValuesList(HttpHeader.IF_NONE_MATCH));
        return (module ? Script.module() : Script.types()).answer(request.getMethod(), known.isEmpty() ? null : known);
    }

    /** Writes it. */
    static void write(Served answer, Response response, Callback callback) {
        response.setStatus(answer.status());
        answer.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }
}
