package io.github.firmshake.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.firmshake.diagnosis.LogLimiter.Kind;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LogLimiterTest {

    private static final Kind NGINX = new Kind("HOP_BY_HOP_STRIPPED", "nginx", "10.0.0.7");
    private static final long SECOND = 1_000_000_000L;

    private final LogLimiter limiter = new LogLimiter(6);

    private static Kind kind(int number) {
        return new Kind("KEY_INVALID", "", "10.0.1." + number);
    }

    private void use(Kind kind, int times, long now) {
        for (int i = 0; i < times; i++) {
            limiter.admit(kind, now);
        }
    }

    @Nested
    class OfOneKind {

        @Test
        void sixAreWrittenAMinute() {
            for (int i = 0; i < 6; i++) {
                assertThat(limiter.admit(NGINX, i * SECOND)).isEmpty();
            }
            assertThat(limiter.admit(NGINX, 59 * SECOND)).isNull();
            assertThat(limiter.admit(NGINX, 60 * SECOND)).isNotNull();
        }

        @Test
        void whatWasLeftOutIsSaidWithTheNextOne() {
            use(NGINX, 6 + 17, 0);

            assertThat(limiter.admit(NGINX, 60 * SECOND)).isEqualTo("17 more like this in the last minute");
            assertThat(limiter.admit(NGINX, 61 * SECOND)).isEmpty();
        }

        @Test
        void theTimeSinceTheFirstLeftOutIsSaid() {
            use(NGINX, 7, 0);
            limiter.admit(NGINX, 20 * SECOND);

            assertThat(limiter.admit(NGINX, 150 * SECOND)).isEqualTo("2 more like this in the last 3 minutes");
        }

        @Test
        void theOriginOfTimeDoesNotMatter() {
            long start = Long.MAX_VALUE - SECOND;
            use(NGINX, 7, start);

            assertThat(limiter.admit(NGINX, start + 59 * SECOND)).isNull();
            assertThat(limiter.admit(NGINX, start + 60 * SECOND)).isEqualTo("2 more like this in the last minute");
        }
    }

    @Test
    void kindsDoNotDisturbEachOther() {
        use(NGINX, 7, 0);

        assertThat(limiter.admit(new Kind(NGINX.code(), NGINX.hop(), "10.0.0.8"), 0))
                .isEmpty();
        assertThat(limiter.admit(new Kind(NGINX.code(), "hyper", NGINX.peer()), 0))
                .isEmpty();
        assertThat(limiter.admit(new Kind("KEY_INVALID", NGINX.hop(), NGINX.peer()), 0))
                .isEmpty();
    }

    @Nested
    class BeyondTwoHundredFiftySixKinds {

        private void fill(long now) {
            for (int i = 0; i < 256; i++) {
                assertThat(limiter.admit(kind(i), now)).isEmpty();
            }
        }

        @Test
        void newOnesShareOneAllowance() {
            fill(0);
            for (int i = 256; i < 262; i++) {
                assertThat(limiter.admit(kind(i), SECOND)).isEmpty();
            }

            assertThat(limiter.admit(kind(262), SECOND)).isNull();
            assertThat(limiter.admit(kind(263), SECOND)).isNull();
            assertThat(limiter.admit(kind(0), SECOND)).isEqualTo("2 lines of other kinds were left out before");
        }

        @Test
        void theSharedAllowanceComesBackToo() {
            fill(0);
            for (int i = 256; i < 263; i++) {
                limiter.admit(kind(i), SECOND);
            }
            fillAgain(60 * SECOND);

            assertThat(limiter.admit(kind(400), 61 * SECOND)).isEmpty();
        }

        private void fillAgain(long now) {
            for (int i = 0; i < 256; i++) {
                limiter.admit(kind(i), now);
            }
        }

        @Test
        void idleOnesMakeRoomAndWhatTheyLeftOutIsStillSaid() {
            use(NGINX, 9, 0);
            for (int i = 0; i < 255; i++) {
                limiter.admit(kind(i), 30 * SECOND);
            }

            assertThat(limiter.admit(kind(300), 60 * SECOND)).isEqualTo("3 lines of other kinds were left out before");
            assertThat(limiter.admit(NGINX, 60 * SECOND)).isEmpty();
        }

        @Test
        void bothClausesCanStandTogether() {
            fill(0);
            use(kind(0), 8, SECOND);
            for (int i = 256; i < 263; i++) {
                limiter.admit(kind(i), SECOND);
            }

            assertThat(limiter.admit(kind(0), 60 * SECOND))
                    .isEqualTo("3 more like this in the last minute; 1 lines of other kinds were left out before");
        }
    }

    @Nested
    class AtShutdown {

        @Test
        void whatIsLeftOverIsSaidOnce() {
            use(NGINX, 8, 0);
            use(kind(1), 9, 0);

            assertThat(limiter.leftOut()).contains("5 more handshake lines were left out");
            assertThat(limiter.leftOut()).isEmpty();
        }

        @Test
        void nothingIsSaidOfNothing() {
            use(NGINX, 6, 0);

            assertThat(limiter.leftOut()).isEmpty();
        }
    }
}
