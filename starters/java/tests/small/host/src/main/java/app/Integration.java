package app;

/** What reacts to the events of the application. */
public interface Integration {
    /** Its name in the configuration. */
    String configuredAs();

    default void onStart() {}

    default void onStop() {}
}
