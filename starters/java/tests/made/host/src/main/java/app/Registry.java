package app;

import java.util.List;

/** What the application starts. */
public final class Registry {
    public static final List<Integration> ALL = List.of();

    private Registry() {}
}
