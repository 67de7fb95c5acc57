package io.github.firmshake.it;

import static net.bytebuddy.matcher.ElementMatchers.isConstructor;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.instrument.Instrumentation;
import java.util.function.Supplier;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.agent.builder.AgentBuilder.RedefinitionStrategy;
import net.bytebuddy.asm.Advice;

/** Lets Firmshake's code throw, in places where only a fault of its own does: they are rewritten in this process. */
public final class Saboteur implements AutoCloseable {

    /** A place. */
    public enum Place {
        /** A rule of the handshake. */
        RULE,
        /** The composition of a refusal. */
        REFUSAL,
        /** The adapter's step to the canonical form. */
        CANONICAL_FORM,
        /** The line and the events of an answered handshake. */
        REPORT,
        /** The script's answer. */
        SCRIPT
    }

    private static volatile Place struck;
    private static volatile Supplier<Throwable> fault;

    static {
        AgentBuilder agent =
                new AgentBuilder.Default().disableClassFormatChanges().with(RedefinitionStrategy.RETRANSFORMATION);
        agent = in(agent, "handshake.HandshakeRules", "examine", Rule.class);
        agent = in(agent, "web.Refusal", "of", Refusal.class);
        agent = in(agent, "tomcat.CoyoteHead", "edit", Canonical.class);
        agent = in(agent, "filter.CanonicalRequest", null, Canonical.class);
        agent = in(agent, "jetty.CanonicalRequest", null, Canonical.class);
        agent = in(agent, "diagnosis.HandshakeReporter", "answered", Report.class);
        agent = in(agent, "web.Script", "answer", Script.class);
        agent.installOn(process());
    }

    // By reflection: the compiler warns of annotations of that class which are not on the class path.
    private static Instrumentation process() {
        try {
            return (Instrumentation) Class.forName("net.bytebuddy.agent.ByteBuddyAgent")
                    .getMethod("install")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AgentBuilder in(AgentBuilder agent, String type, String method, Class<?> advice) {
        return agent.type(named("io.github.firmshake." + type))
                .transform((builder, description, loader, module, domain) ->
                        builder.visit(Advice.to(advice).on(method == null ? isConstructor() : named(method))));
    }

    private Saboteur() {}

    /** Has a place throw until this is closed. */
    static Saboteur at(Place place, Supplier<Throwable> thrown) {
        fault = thrown;
        struck = place;
        return new Saboteur();
    }

    /** Throws, if this is the place. Called by the code that is rewritten. */
    public static void strike(Place place) {
        if (place == struck) {
            Saboteur.<RuntimeException>sneak(fault.get());
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Override
    public void close() {
        struck = null;
    }

    private static final class Rule {
        @Advice.OnMethodEnter
        static void enter() {
            strike(Place.RULE);
        }
    }

    private static final class Refusal {
        @Advice.OnMethodEnter
        static void enter() {
            strike(Place.REFUSAL);
        }
    }

    private static final class Canonical {
        @Advice.OnMethodExit
        static void exit() {
            strike(Place.CANONICAL_FORM);
        }
    }

    private static final class Report {
        @Advice.OnMethodEnter
        static void enter() {
            strike(Place.REPORT);
        }
    }

    private static final class Script {
        @Advice.OnMethodEnter
        static void enter() {
            strike(Place.SCRIPT);
        }
    }
}
