package io.github.firmshake.diagnosis;

/** How sure it is that a product is in the chain. */
public enum Confidence {
    /** A shape that several products send. */
    POSSIBLE,
    /** A shape that hardly anything else sends. */
    LIKELY,
    /** The product's own mark. */
    SURE
}
