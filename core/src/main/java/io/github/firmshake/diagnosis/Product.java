package io.github.firmshake.diagnosis;

import io.github.firmshake.handshake.RequestHead;
import java.util.List;
import java.util.Optional;

/**
 * One block of the fingerprint file.
 *
 * @param name the product's one spelling
 * @param marks what shows that it is there, shapes of damage included
 * @param causes how it damages a handshake; the first that explains a request is taken
 * @param stripsSecHeaders whether it is known to drop Sec-WebSocket-*
 */
record Product(String name, List<Mark> marks, List<Cause> causes, boolean stripsSecHeaders) {

    Product {
        marks = List.copyOf(marks);
        causes = List.copyOf(causes);
    }

    Optional<Cause> causeOf(RequestHead request) {
        return causes.stream().filter(cause -> cause.explains(request)).findFirst();
    }
}
