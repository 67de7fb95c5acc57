package io.github.firmshake.it;

/** What a row of docs/reference/container-matrix.md is about. */
interface Row {

    /** What it is called in the files of {@link Results}. */
    String name();

    /** Its first cell; the beginning of it where each subject has a row. */
    String title();

    /** Whether each subject has a row. */
    boolean hasRowsOfSubjects();
}
