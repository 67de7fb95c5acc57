package io.github.firmshake.it;

/** The subject of a row of docs/reference/container-matrix.md. */
interface Row {

    /** Its name in the files of {@link Results}. */
    String name();

    /** Its first cell; the beginning of it where each subject has a row. */
    String title();

    /** Whether each subject has a row. */
    boolean hasRowsOfSubjects();
}
