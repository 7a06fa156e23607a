package app.integrations.acme;

import app.Integration;

/** Reacts to the events of the application. */
public final class AcmeIntegration implements Integration {
    @Override
    public String configuredAs() {
        throw new UnsupportedOperationException("not implemented");
    }

    @Override
    public void onStart() {}
}
