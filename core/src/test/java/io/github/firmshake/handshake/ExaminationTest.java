package io.github.firmshake.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExaminationTest {

    @Test
    void aValidHandshakeHasNoLeadingViolation() {
        assertThat(Sample.valid().examined().leading()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -Connection & -Sec-WebSocket-Key & POST              | METHOD_NOT_GET
            -Connection & -Sec-WebSocket-Key                     | KEY_MISSING
            HTTP/1.0 & -Connection                               | CONNECTION_MISSING
            HTTP/1.0 & -Sec-WebSocket-Version                    | VERSION_MISSING
            HTTP/1.0                                             | HTTP_VERSION_TOO_OLD
            -Connection & Sec-WebSocket-Version: 8               | CONNECTION_MISSING
            """)
    void theFirstStatusInTheOrder405To400To403To501To426Leads(String changes, ReasonCode code) {
        assertThat(Sample.valid().changed(changes).examined().leading())
                .get()
                .extracting(Violation::code)
                .isEqualTo(code);
    }

    @Test
    void whatWasReceivedIsBounded() {
        List<String> lines = Collections.nCopies(20, "x".repeat(100_000));

        List<String> received = new Violation(ReasonCode.HOST_INVALID, "Host", lines, "one").received();

        assertThat(received).hasSize(9).endsWith("(and 12 more)");
        assertThat(received.get(0)).isEqualTo("x".repeat(75) + "...");
    }

    @Test
    void whatIsWithinTheBoundIsKeptWhole() {
        List<String> lines = Collections.nCopies(8, "x".repeat(75));

        assertThat(new Violation(ReasonCode.HOST_INVALID, "Host", lines, "one").received())
                .isEqualTo(lines);
    }
}
