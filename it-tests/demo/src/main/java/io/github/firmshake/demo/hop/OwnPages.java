package io.github.firmshake.demo.hop;

import java.util.Optional;

/** What a hop answers itself, whether its cable is cut or not. */
@FunctionalInterface
public interface OwnPages {

    /** A hop without any. */
    OwnPages NONE = (method, path) -> Optional.empty();

    /**
     * The body of the answer, which is JSON.
     *
     * @return empty where the application is to answer
     */
    Optional<String> answer(String method, String path);
}
