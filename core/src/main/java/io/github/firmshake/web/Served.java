package io.github.firmshake.web;

import java.util.Map;

/**
 * A complete answer. Immutable; its body is not copied and not to be changed.
 *
 * @param status the status
 * @param headers field names and values, in order; Content-Length among them
 * @param body the body, possibly empty
 */
public record Served(int status, Map<String, String> headers, byte[] body) {}
