package io.github.firmshake.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void twoOfTheLongestFramesASecondAndTenAtOnceFitTwice() {
        ByteBudget budget = new ByteBudget(0);
        assertThat(budget.take(2 * 10 * 131, 0)).isTrue();
        for (int second = 1; second < 100; second++) {
            assertThat(budget.take(2 * 2 * 131, second * SECOND)).isTrue();
        }
        assertThat(budget.take(1, 99 * SECOND)).isFalse();
    }

    @Test
    void whatIsNotUsedIsNotSavedUp() {
        ByteBudget budget = new ByteBudget(0);
        assertThat(budget.take(2 * 10 * 131 + 1, 3_600 * SECOND)).isFalse();
    }
}
