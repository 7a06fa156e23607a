package org.apache.seatunnel.api.configuration.util;

public class OptionRule {
    public static Builder builder() {
        return new Builder();
    }

    public static class Builder {
        public OptionRule build() {
            return new OptionRule();
        }
    }
}
