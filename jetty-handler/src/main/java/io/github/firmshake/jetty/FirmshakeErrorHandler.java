package io.github.firmshake.jetty;

import io.github.firmshake.diagnosis.Assessment;
import io.github.firmshake.diagnosis.Assessment.Action;
import io.github.firmshake.jetty.Handshakes.Look;
import io.github.firmshake.web.Refusal;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Explains the handshakes that Jetty's HTTP/1 connection refuses before any handler sees them, and leaves every page to
 * the error handler that was there before.
 */
final class FirmshakeErrorHandler implements Request.Handler {

    private final Request.Handler replaced;
    private final Supplier<@Nullable Handshakes> handshakes;

    FirmshakeErrorHandler(Request.@Nullable Handler replaced, Supplier<@Nullable Handshakes> handshakes) {
        this.replaced = replaced == null ? new ErrorHandler() : replaced;
        this.handshakes = handshakes;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Handshakes known = handshakes.get();
        // Of a head that it cannot parse, one without Host among them, Jetty hands on the first line alone.
        boolean unparsed = request.getHeaders().size() == 0;
        if (known == null
                || unparsed
                || request.getAttribute(Handshakes.EXAMINED) != null
                || !known.isCandidate(request)) {
            return replaced.handle(request, response, callback);
        }
        Look look = known.lookAtRefused(request);
        Assessment assessment = look.assessment();
        if (assessment == null) { // no handshake, or a fault of ours: Jetty has refused it already
            return replaced.handle(request, response, callback);
        }
        Assessment asItIs = known.refusedEarly(assessment, request, response.getStatus());
        // Around the stream it would be too late: Jetty sends a page without content by what it had before it asked us.
        Callback told = Callback.from(() -> known.report(asItIs, response.getStatus()), callback);
        Refusal refusal = asItIs.action() == Action.REFUSE ? known.refusal(request, look) : null;
        if (refusal != null) {
            Handshakes.refuse(refusal, response, told);
            return true;
        }
        boolean handled = false;
        try {
            handled = replaced.handle(request, response, told);
        } finally {
            if (!handled) {
                known.report(asItIs, response.getStatus()); // Jetty sends an empty page
            }
        }
        return handled;
    }
}
