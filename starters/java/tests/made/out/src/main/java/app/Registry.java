package app;

import app.integrations.acme.AcmeIntegration;
import java.util.List;

/** What the application starts. */
public final class Registry {
    public static final List<Integration> ALL = List.of(new AcmeIntegration());

    private Registry() {}
}
