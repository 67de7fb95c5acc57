package io.github.firmshake.diagnosis;

/** How natural it is that a product, merely being there, did the damage; the last is the most natural. */
enum Culpability {
    /** It takes an unusual setting. */
    SELDOM,
    /** It takes a setting that somebody wrote. */
    CONFIGURED,
    /** It does so until it is told otherwise. */
    DEFAULT,
    /** It cannot do otherwise. */
    ALWAYS
}
