package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PingBudgetTest {

    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - SECOND, Long.MIN_VALUE})
    void tenAtOnceThenTwoASecond(long start) {
        PingBudget budget = new PingBudget(start);

        for (int i = 0; i < 10; i++) {
            assertThat(budget.take(start)).isTrue();
        }
        assertThat(budget.take(start + SECOND / 2 - 1)).isFalse();
        for (int i = 1; i <= 100; i++) {
            assertThat(budget.take(start + i * SECOND / 2)).isTrue();
            assertThat(budget.take(start + i * SECOND / 2)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5 * SECOND, 3600 * SECOND})
    void afterAPauseTheBurstIsThereAgainAndNoMore(long pause) {
        PingBudget budget = new PingBudget(0);
        for (int i = 0; i < 10; i++) {
            budget.take(0);
        }

        for (int i = 0; i < 10; i++) {
            assertThat(budget.take(pause)).isTrue();
        }
        assertThat(budget.take(pause)).isFalse();
    }
}
